//! What is installed is used as a stranger uses it: the C and C++ library through pkg-config and through CMake, by
//! programs that know nothing of this workspace.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, cargo, run as run_command};
use crate::install_c::{self, STATIC_LIBRARIES};
use crate::native::{self, Library};
use crate::profile::Profile;
use crate::{Result, machine, paths};

const EXPORTS: &str = "ffi/exports.txt";

/// Installs the library, moves it, and builds and runs consumers against it.
pub(crate) fn run() -> Result<()> {
    let prefix = paths::fresh_folder("consumers")?.join("installed");
    install_c::install(&prefix, Profile::Dev)?;
    // A prefix may be moved as a whole.
    let moved = prefix.with_file_name("moved");
    std::fs::rename(&prefix, &moved)?;
    check_exports(&moved)?;
    check_static_libraries()?;
    let consumers = Consumers { prefix: moved, scratch: paths::fresh_folder("consumers-built")? };
    for example in ["quickstart.c", "quickstart.cpp"] {
        consumers.with_pkg_config(example, false)?;
        consumers.with_pkg_config(example, true)?;
    }
    consumers.with_cmake()
}

/// The symbols that the shared library exports are the committed list: `cargo xtask exports` writes it anew.
fn check_exports(prefix: &Path) -> Result<()> {
    let committed = std::fs::read_to_string(paths::root().join(EXPORTS)).unwrap_or_default();
    let committed: BTreeSet<&str> = committed.lines().collect();
    let found = exports(&prefix.join("lib/libouroborosdb.so"))?;
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let differing: Vec<&&str> = committed.symmetric_difference(&found).collect();
    if differing.is_empty() {
        println!("{} exported symbols, as in {EXPORTS}", found.len());
        return Ok(());
    }
    let message = format!("{EXPORTS} and the library differ in {differing:?}; run `cargo xtask exports`");
    Err(message.into())
}

/// Writes the list of exported symbols.
pub(crate) fn write_exports() -> Result<()> {
    run_command(&mut cargo(["build", "--quiet", "--package", "ouroborosdb-ffi"]))?;
    let found = exports(&Profile::Dev.output().join("libouroborosdb.so"))?;
    std::fs::write(paths::root().join(EXPORTS), found.join("\n") + "\n")?;
    Ok(())
}

fn exports(library: &Path) -> Result<Vec<String>> {
    let said = capture(Command::new("nm").args(["-D", "--defined-only"]).arg(library))?;
    let mut names: Vec<String> =
        said.lines().filter_map(|line| line.split_whitespace().last()).map(str::to_owned).collect();
    names.sort();
    Ok(names)
}

/// The libraries beside the static one are those that the compiler names.
fn check_static_libraries() -> Result<()> {
    let mut command = cargo(["rustc", "--package", "ouroborosdb-ffi", "--crate-type", "staticlib", "--"]);
    let output = command.args(["--print", "native-static-libs"]).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let named = said.lines().find_map(|line| line.split_once("native-static-libs: ")).map(|(_, names)| names);
    match named {
        Some(named) if named.trim() == STATIC_LIBRARIES => Ok(()),
        other => {
            Err(format!("the compiler names {other:?} beside the static library, not {STATIC_LIBRARIES}")
                .into())
        }
    }
}

struct Consumers {
    prefix: PathBuf,
    scratch: PathBuf,
}

impl Consumers {
    /// Compiles an example with what pkg-config says and nothing else.
    fn with_pkg_config(&self, example: &str, fixed: bool) -> Result<()> {
        let wanted: &[&str] =
            if fixed { &["--cflags", "--libs", "--static"] } else { &["--cflags", "--libs"] };
        let flags = Library::at(self.prefix.clone()).flags(wanted)?;
        let name = format!("{}-{}", example.replace('.', "-"), if fixed { "static" } else { "shared" });
        let program = self.scratch.join(&name);
        let mut compile = native::compiler(example);
        compile.arg("-o").arg(&program).arg(paths::root().join("examples").join(example));
        if fixed {
            // Both libraries lie in the folder, and a linker prefers the shared one.
            let ours = |flag: &String| !flag.starts_with("-l") || flag == "-louroborosdb";
            let (ours, rest): (Vec<String>, Vec<String>) = flags.into_iter().partition(ours);
            compile.arg("-Wl,-Bstatic").args(ours).arg("-Wl,-Bdynamic").args(rest);
        } else {
            compile.args(flags);
        }
        run_command(&mut compile)?;
        self.check(&program, &name, fixed)
    }

    /// A project that asks for the package and has a program for each target.
    fn with_cmake(&self) -> Result<()> {
        let project = self.scratch.join("project");
        std::fs::create_dir_all(&project)?;
        let examples = paths::root().join("examples");
        let text = format!(
            "cmake_minimum_required(VERSION 3.16)\n\
             project(consumer C CXX)\n\
             find_package(ouroborosdb 0.1 REQUIRED)\n\
             add_executable(with_shared {0}/quickstart.c)\n\
             target_link_libraries(with_shared PRIVATE ouroborosdb::shared)\n\
             add_executable(with_static {0}/quickstart.c)\n\
             target_link_libraries(with_static PRIVATE ouroborosdb::static)\n\
             add_executable(with_cpp {0}/quickstart.cpp)\n\
             target_link_libraries(with_cpp PRIVATE ouroborosdb::cpp)\n",
            examples.display()
        );
        std::fs::write(project.join("CMakeLists.txt"), text)?;
        let build = self.scratch.join("build");
        let mut configure = Command::new("cmake");
        configure.arg("-S").arg(&project).arg("-B").arg(&build);
        configure.arg(format!("-DCMAKE_PREFIX_PATH={}", self.prefix.display()));
        configure.arg(format!("-DCMAKE_C_COMPILER={}", machine::c_compiler()));
        configure.arg(format!("-DCMAKE_CXX_COMPILER={}", machine::cpp_compiler()));
        capture(&mut configure)?;
        capture(Command::new("cmake").arg("--build").arg(&build))?;
        for (program, fixed) in [("with_shared", false), ("with_static", true), ("with_cpp", false)] {
            self.check(&build.join(program), &format!("cmake-{program}"), fixed)?;
        }
        Ok(())
    }

    /// The program prints what every quickstart prints. One with the static library finds no shared one.
    fn check(&self, program: &Path, name: &str, fixed: bool) -> Result<()> {
        let mut command = Command::new(program);
        command.env_remove("LD_LIBRARY_PATH");
        if !fixed {
            command.env("LD_LIBRARY_PATH", self.prefix.join("lib"));
        }
        let printed = capture(command.arg(self.scratch.join(format!("store-{name}"))))?;
        let expected = std::fs::read_to_string(paths::root().join("examples/expected.txt"))?;
        if printed != expected {
            return Err(format!("{name} printed\n{printed}instead of\n{expected}").into());
        }
        println!("{name}: as expected");
        Ok(())
    }
}
