//! The C library, installed as a user would have it, and programs compiled against it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{cargo, run};
use crate::{Result, machine, paths};

/// How things are built.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// For tests: quick to build.
    Dev,
    /// For what is measured.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Profile::Dev => "debug",
            Profile::Release => "release",
        }
    }

    /// Cargo's arguments for this profile.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Profile::Dev => &[],
            Profile::Release => &["--release"],
        }
    }

    /// The folder of what cargo builds in this profile.
    pub(crate) fn output(self) -> PathBuf {
        paths::target().join(self.folder())
    }
}

/// An installed C library: `include/ouroborosdb.h` and `lib/libouroborosdb.so` below one folder.
pub(crate) struct Library {
    prefix: PathBuf,
}

impl Library {
    /// Builds the library and installs it below the target folder.
    pub(crate) fn install(profile: Profile) -> Result<Library> {
        let build = ["build", "--quiet", "--package", "ouroborosdb-ffi"];
        run(cargo(build).args(profile.arguments()))?;
        let prefix = paths::fresh_folder(&format!("installed-{}", profile.folder()))?;
        for (folder, from) in [
            ("include", paths::root().join("include/ouroborosdb.h")),
            ("lib", profile.output().join(library_file())),
        ] {
            let folder = prefix.join(folder);
            std::fs::create_dir_all(&folder)?;
            let name = from.file_name().ok_or("a file without a name")?;
            std::fs::copy(&from, folder.join(name))
                .map_err(|error| format!("installing {}: {error}", from.display()))?;
        }
        Ok(Library { prefix })
    }

    /// Compiles the C program `source`, a path below the workspace, and gives the path of the executable.
    pub(crate) fn compile(&self, source: &str) -> Result<PathBuf> {
        let name = Path::new(source).file_stem().ok_or("a source without a name")?;
        let folder = self.prefix.join("bin");
        std::fs::create_dir_all(&folder)?;
        let program = folder.join(name);
        let library = self.prefix.join("lib");
        let mut command = Command::new(machine::c_compiler());
        command.args(["-std=c11", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o"]).arg(&program);
        command.arg(paths::root().join(source)).arg("-I").arg(self.prefix.join("include"));
        command.arg("-L").arg(&library).arg("-louroborosdb");
        command.arg(format!("-Wl,-rpath,{}", library.display()));
        run(&mut command)?;
        Ok(program)
    }
}

fn library_file() -> &'static str {
    if cfg!(target_os = "macos") { "libouroborosdb.dylib" } else { "libouroborosdb.so" }
}
