//! What the machine must have beside Rust: compilers for C and C++, pkg-config, CMake, Python 3.11 or later with
//! its `venv` module, and Node.js 20 or later with npm; for the tests Doxygen too, and Valgrind on Linux.
//!
//! Everything is checked before anything is built, and all that is missing is named at once.

use std::process::{Command, Stdio};

use crate::{Result, node};

/// The C compiler: `CC`, else `cc`.
pub(crate) fn c_compiler() -> String {
    std::env::var("CC").unwrap_or_else(|_| "cc".to_owned())
}

/// The C++ compiler: `CXX`, else `c++`.
pub(crate) fn cpp_compiler() -> String {
    std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned())
}

/// The Python interpreter: `PYTHON`, else `python3`.
pub(crate) fn python() -> String {
    std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// Fails with one sentence for each thing that is missing.
pub(crate) fn check() -> Result<()> {
    named(missing())
}

/// As [`check`], with what only the tests use.
pub(crate) fn check_for_tests() -> Result<()> {
    let mut missing = missing();
    missing.extend(missing_tool("doxygen", "doxygen"));
    // It runs nowhere else that the tests run.
    if cfg!(target_os = "linux") {
        missing.extend(missing_tool("valgrind", "valgrind"));
    }
    named(missing)
}

fn named(missing: Vec<String>) -> Result<()> {
    if missing.is_empty() { Ok(()) } else { Err(missing.join("\n").into()) }
}

fn missing_tool(tool: &str, package: &str) -> Option<String> {
    if succeeds(Command::new(tool).arg("--version")) {
        return None;
    }
    Some(format!(
        "There is no {tool}: `{tool} --version` does not run; install it \
         (Debian and Ubuntu: apt-get install {package})."
    ))
}

fn missing() -> Vec<String> {
    let mut missing = Vec::new();
    let compiler = c_compiler();
    if !succeeds(Command::new(&compiler).arg("--version")) {
        missing.push(format!(
            "There is no C compiler: `{compiler} --version` does not run; install one \
             (Debian and Ubuntu: apt-get install gcc libc6-dev) or name one in the variable CC."
        ));
    }
    let compiler = cpp_compiler();
    if !succeeds(Command::new(&compiler).arg("--version")) {
        missing.push(format!(
            "There is no C++ compiler: `{compiler} --version` does not run; install one \
             (Debian and Ubuntu: apt-get install g++) or name one in the variable CXX."
        ));
    }
    for (tool, package) in [("pkg-config", "pkg-config"), ("cmake", "cmake"), ("nm", "binutils")] {
        missing.extend(missing_tool(tool, package));
    }
    missing.extend(check_python());
    missing.extend(check_node());
    missing
}

fn check_node() -> Option<String> {
    let node = node::interpreter();
    let recent = "process.exit(Number(process.versions.node.split('.')[0]) < 20 ? 1 : 0)";
    if succeeds(Command::new(&node).args(["-e", recent])) && succeeds(Command::new("npm").arg("--version")) {
        return None;
    }
    Some(format!(
        "There is no Node.js 20 or later with npm: `{node} --version` or `npm --version` does not run, or is older; \
         install them or name a Node.js in the variable NODE."
    ))
}

fn check_python() -> Option<String> {
    let python = python();
    let runs = |code: &str| succeeds(Command::new(&python).args(["-c", code]));
    if !runs("") {
        return Some(format!(
            "There is no Python: `{python}` does not run; install Python 3.11 or later \
             (Debian and Ubuntu: apt-get install python3 python3-venv) or name one in the variable PYTHON."
        ));
    }
    if !runs("import sys; sys.exit(sys.version_info < (3, 11))") {
        return Some(format!(
            "The Python is too old: `{python}` is older than 3.11; install a later one or name it in the \
             variable PYTHON."
        ));
    }
    if !runs("import venv, ensurepip") {
        return Some(format!(
            "The Python has no `venv` module: `{python} -c \"import venv, ensurepip\"` fails; install it \
             (Debian and Ubuntu: apt-get install python3-venv)."
        ));
    }
    None
}

fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
