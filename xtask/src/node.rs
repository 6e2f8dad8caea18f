//! The Node package as programs find it, in a folder of its own for each profile, below the target folder.
//!
//! Node looks for a package from where a program lies, upwards, so programs are copied into that folder. The native
//! module is built into it and not beside the sources: what is measured is never mistaken for what is tested.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::run;
use crate::paths::copy_file;
use crate::profile::Profile;
use crate::{Result, installed, paths};

/// A folder whose programs find the package.
pub(crate) struct Node {
    folder: PathBuf,
}

impl Node {
    /// Installs the tools where the listed ones are not there yet, and builds the package.
    pub(crate) fn prepare(profile: Profile) -> Result<Node> {
        install_tools()?;
        let node = Node { folder: paths::fresh_folder(&format!("node-programs-{}", profile.folder()))? };
        let package = node.folder.join("node_modules/ouroborosdb");
        copy_package(&package)?;
        // Without the package's scripts, so that the module goes where it is wanted.
        let mut build = Command::new(interpreter());
        build.current_dir(package_sources()).arg("node_modules/@napi-rs/cli/dist/cli.js");
        build
            .args(["build", "--platform", "--no-js", "--output-dir"])
            .arg(&package)
            .args(profile.arguments());
        run(&mut build)?;
        Ok(node)
    }

    /// The program at `source`, a path below the workspace, ready for its arguments.
    pub(crate) fn program(&self, source: &str) -> Result<Command> {
        let name = Path::new(source).file_name().ok_or("a source without a name")?;
        let program = self.folder.join(name);
        copy_file(&paths::root().join(source), &program)?;
        let mut command = Command::new(interpreter());
        command.current_dir(&self.folder).env_remove("NODE_OPTIONS").env_remove("NODE_PATH").arg(program);
        Ok(command)
    }
}

/// Runs the package's own tests and checks its types, from the sources.
pub(crate) fn test() -> Result<()> {
    build_for_tests()?;
    for script in ["test", "types"] {
        run(Command::new("npm").current_dir(package_sources()).args(["run", "--silent", script]))?;
    }
    Ok(())
}

/// Builds the native module beside the sources, with what only tests call.
fn build_for_tests() -> Result<()> {
    install_tools()?;
    run(Command::new("npm").current_dir(package_sources()).args(["run", "--silent", "build:debug"]))
}

/// The runner of the conformance script.
pub(crate) fn conformance() -> Result<Command> {
    build_for_tests()?;
    let mut command = Command::new(interpreter());
    command.current_dir(package_sources()).args(["--test", "--expose-gc", "tests/conformance.test.mjs"]);
    Ok(command)
}

/// The Node that runs everything: `NODE`, else `node`.
pub(crate) fn interpreter() -> String {
    std::env::var("NODE").unwrap_or_else(|_| "node".to_owned())
}

/// The folder of the package's sources.
fn package_sources() -> PathBuf {
    paths::root().join("bindings-node")
}

/// Installs the tools of the package's lock file, if they are not the ones that are there.
fn install_tools() -> Result<()> {
    let lock = package_sources().join("package-lock.json");
    let wanted = std::fs::read(&lock).map_err(|error| format!("reading {}: {error}", lock.display()))?;
    // In the folder that `npm ci` removes first, so that half an installation has no stamp.
    let stamp = package_sources().join("node_modules/.installed-package-lock.json");
    installed::once(&stamp, &wanted, || {
        let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        run(Command::new("npm").current_dir(package_sources()).args(install))
    })
}

/// Copies what the package runs by, but for its native module.
fn copy_package(to: &Path) -> Result<()> {
    let from = package_sources();
    for name in ["package.json", "index.js", "index.cjs"] {
        copy_file(&from.join(name), &to.join(name))?;
    }
    for entry in std::fs::read_dir(from.join("lib"))? {
        let entry = entry?;
        copy_file(&entry.path(), &to.join("lib").join(entry.file_name()))?;
    }
    Ok(())
}
