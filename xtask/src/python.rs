//! The virtual environment of the Python binding, in the target folder.

use std::path::PathBuf;
use std::process::Command;

use crate::command::run;
use crate::{Result, installed, machine, paths};

/// A virtual environment with the tools of `bindings-python/requirements-dev.txt`.
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes the environment, or takes the one that is there if its tools are still the listed ones.
    pub(crate) fn prepare() -> Result<Environment> {
        let environment = Environment { folder: paths::target().join("venv") };
        let list = paths::root().join("bindings-python/requirements-dev.txt");
        let wanted = std::fs::read(&list).map_err(|error| format!("reading {}: {error}", list.display()))?;
        let stamp = environment.folder.join("installed-requirements.txt");
        installed::once(&stamp, &wanted, || {
            std::fs::create_dir_all(paths::target())?;
            run(Command::new(machine::python()).args(["-m", "venv", "--clear"]).arg(&environment.folder))?;
            let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
            run(environment.python().args(pip).arg(&list))
        })?;
        Ok(environment)
    }

    /// Builds the binding and installs it into the environment.
    pub(crate) fn install(&self, options: &[&str]) -> Result<()> {
        let mut command = self.tool("maturin");
        command.current_dir(paths::root().join("bindings-python"));
        run(command.args(["develop", "--quiet"]).args(options))
    }

    /// The interpreter.
    pub(crate) fn python(&self) -> Command {
        self.tool("python")
    }

    /// A program of the environment.
    pub(crate) fn tool(&self, name: &str) -> Command {
        let folder = self.folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
        let mut command = Command::new(folder.join(name));
        command.current_dir(paths::root()).env("VIRTUAL_ENV", &self.folder);
        // The folder that the demo stores may be the interpreter's own; it must not grow meanwhile.
        command.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONHOME").env_remove("PYTHONPATH");
        command
    }
}
