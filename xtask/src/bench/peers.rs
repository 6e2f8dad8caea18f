//! The peers, each at one version, in folders of their own below `target/bench`.
//!
//! What cannot be installed on a machine is no failure: its program is not run, and its rows say why.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, run};
use crate::{Result, installed, machine, node, paths};

const PYTHON_LMDB: &str = "lmdb==3.0.0";
const NODE_PACKAGES: &str = r#"{
  "private": true,
  "type": "module",
  "dependencies": { "better-sqlite3": "12.6.2", "lmdb": "3.5.6" }
}"#;

/// npm's content-addressable cache, which stores each file by its SHA-512.
pub(super) const CACACHE: &str = "cacache 20.0.4";

/// The interpreter of an environment that has the peers of Python.
pub(super) fn python() -> Result<Command> {
    let folder = folder().join("python");
    let python = folder.join(if cfg!(windows) { "Scripts" } else { "bin" }).join("python");
    once(&folder, PYTHON_LMDB, || {
        run(Command::new(machine::python()).args(["-m", "venv", "--clear"]).arg(&folder))?;
        let pip =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
        run(Command::new(&python).args(pip).arg(PYTHON_LMDB))
    })?;
    let mut command = Command::new(python);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PYTHONHOME").env_remove("PYTHONPATH");
    Ok(command)
}

/// A folder whose programs find the peers of Node.
pub(super) fn node() -> Result<PathBuf> {
    let folder = folder().join("node");
    once(&folder, NODE_PACKAGES, || {
        std::fs::write(folder.join("package.json"), NODE_PACKAGES)?;
        // Without scripts: they fetch what the registry does not hold.
        let install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
        run(Command::new("npm").current_dir(&folder).args(install))?;
        if let Err(error) = build_better_sqlite(&folder) {
            eprintln!("better-sqlite3 is not built: {error}");
        }
        Ok(())
    })?;
    Ok(folder)
}

/// A folder whose programs find npm's cache.
pub(super) fn cacache() -> Result<PathBuf> {
    let folder = folder().join("cacache");
    let (name, version) = CACACHE.split_once(' ').ok_or("a package without a version")?;
    let wanted = format!(r#"{{ "private": true, "dependencies": {{ "{name}": "{version}" }} }}"#);
    once(&folder, &wanted, || {
        std::fs::write(folder.join("package.json"), &wanted)?;
        let install = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
        run(Command::new("npm").current_dir(&folder).args(install))
    })?;
    Ok(folder)
}

/// What a program of a Debian package says of its version. Where it is missing, and this is root's machine, it is
/// installed; the version is then what that system has.
pub(super) fn debian(program: &str, package: &str, version: &str) -> Result<String> {
    let said = || capture(Command::new(program).arg(version)).map(|said| said.trim().to_owned());
    if let Ok(said) = said() {
        return Ok(said);
    }
    let wanted = format!("there is no {program}; install it (Debian and Ubuntu: apt-get install {package})");
    let is_root = capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !is_root {
        return Err(wanted.into());
    }
    let apt =
        |words: &[&str]| run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(words));
    let install = ["install", "--yes", "--quiet", "--no-install-recommends", package];
    apt(&install)
        .or_else(|_| apt(&["update", "--quiet"]).and_then(|()| apt(&install)))
        .map_err(|_| wanted)?;
    said()
}

/// Compiles what comes without a binary, against the headers that lie beside the interpreter.
fn build_better_sqlite(folder: &Path) -> Result<()> {
    let print = "console.log(require('node:path').resolve(process.execPath, '../..'))";
    let prefix = capture(Command::new(node::interpreter()).args(["-e", print]))?;
    let prefix = prefix.trim();
    if !Path::new(prefix).join("include/node/node.h").exists() {
        return Err(format!("Node's headers are not below {prefix}").into());
    }
    let mut build = Command::new("npm");
    build.current_dir(folder).args(["rebuild", "better-sqlite3", "--silent"]);
    run(build.env("npm_config_build_from_source", "true").env("npm_config_nodedir", prefix))
}

fn folder() -> PathBuf {
    paths::target().join("bench")
}

/// Makes the folder and what is in it, unless that was done for the same `wanted`.
fn once(folder: &Path, wanted: &str, make: impl FnOnce() -> Result<()>) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    installed::once(&folder.join("installed.txt"), wanted.as_bytes(), make)
}
