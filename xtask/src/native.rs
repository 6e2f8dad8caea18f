//! Programs in C and C++, compiled as a user compiles them: against an installed library that pkg-config finds.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, run};
use crate::profile::Profile;
use crate::{Result, install_c, machine, paths};

/// An installed C library.
pub(crate) struct Library {
    prefix: PathBuf,
}

impl Library {
    /// Builds the library and installs it below the target folder.
    pub(crate) fn install(profile: Profile) -> Result<Library> {
        let prefix = paths::fresh_folder(&format!("installed-{}", profile.folder()))?;
        install_c::install(&prefix, profile)?;
        Ok(Library::at(prefix))
    }

    /// The library that is installed below a folder.
    pub(crate) fn at(prefix: PathBuf) -> Library {
        Library { prefix }
    }
    /// Compiles the C or C++ program `source`, a path below the workspace, and gives the path of the executable.
    pub(crate) fn compile(&self, source: &str) -> Result<PathBuf> {
        let name = Path::new(source).file_stem().ok_or("a source without a name")?;
        let folder = self.prefix.join("bin");
        let folder = folder.join(Path::new(source).extension().ok_or("a source of no language")?);
        std::fs::create_dir_all(&folder)?;
        let program = folder.join(name);
        let mut command = compiler(source);
        command.arg("-O2").arg("-o").arg(&program);
        command.arg(paths::root().join(source)).args(self.flags(&["--cflags", "--libs"])?);
        command.arg(format!("-Wl,-rpath,{}", self.prefix.join("lib").display()));
        run(&mut command)?;
        Ok(program)
    }

    /// What pkg-config says of the library.
    pub(crate) fn flags(&self, wanted: &[&str]) -> Result<Vec<String>> {
        let mut command = Command::new("pkg-config");
        command.env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig"));
        let said = capture(command.args(wanted).arg("ouroborosdb"))?;
        Ok(said.split_whitespace().map(str::to_owned).collect())
    }
}

/// The compiler for a source, every warning an error.
pub(crate) fn compiler(source: &str) -> Command {
    let (compiler, standard) = match source.ends_with(".c") {
        true => (machine::c_compiler(), "-std=c11"),
        false => (machine::cpp_compiler(), "-std=c++17"),
    };
    let mut command = Command::new(compiler);
    command.args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
    command
}
