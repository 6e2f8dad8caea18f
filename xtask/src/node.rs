//! The interpreters of Node.js, and the tests that the package has of its own, run from its sources.
//!
//! The native module of these tests has what only tests call; it lies beside the sources, where nothing that is
//! measured or packed looks for one.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{capture, run};
use crate::{Result, installed, paths};

/// The long-term release that is current, beside the machine's own Node.js, which may be an older one.
const LONG_TERM: &str = "24.21.0";

/// The runner of the conformance script, among the files of tests.
const CONFORMANCE: &str = "tests/conformance.test.mjs";
/// What a hundred thousand handles leave behind, which takes longer than all other files together.
const MEMORY: &str = "tests/memory.test.mjs";

/// A Node.js.
pub(crate) struct Interpreter {
    program: PathBuf,
}

impl Interpreter {
    /// The one that runs everything.
    pub(crate) fn of_machine() -> Interpreter {
        Interpreter { program: PathBuf::from(interpreter()) }
    }

    /// The long-term release, which npm has as a package: installed once, below the target folder.
    pub(crate) fn long_term() -> Result<Interpreter> {
        let folder = paths::target().join("node-long-term");
        installed::once(&folder.join("installed.txt"), LONG_TERM.as_bytes(), || {
            paths::fresh_folder("node-long-term")?;
            // Its script fetches the package of this platform, so scripts are allowed whatever npm is set to.
            let install =
                ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts=false", "--prefix"];
            let package = format!("node@{LONG_TERM}");
            run(Command::new("npm").current_dir(&folder).args(install).arg(&folder).arg(package))
        })?;
        let interpreter = Interpreter { program: folder.join("node_modules/node/bin/node") };
        match interpreter.version()?.strip_prefix('v') {
            Some(LONG_TERM) => Ok(interpreter),
            other => Err(format!("npm gave Node.js {other:?} for {LONG_TERM}").into()),
        }
    }

    /// Both of them.
    pub(crate) fn all() -> Result<[Interpreter; 2]> {
        Ok([Interpreter::of_machine(), Interpreter::long_term()?])
    }

    pub(crate) fn version(&self) -> Result<String> {
        Ok(capture(self.command().arg("--version"))?.trim().to_owned())
    }

    /// Ready for a program and its arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env_remove("NODE_OPTIONS").env_remove("NODE_PATH");
        command
    }
}

/// Runs the package's own tests on both interpreters. Two files take long and run once: the conformance script, which
/// is a part of its own on the machine's Node.js, and what handles leave behind, which is measured there.
pub(crate) fn test() -> Result<()> {
    install_tools()?;
    build_for_tests()?;
    let files = test_files()?;
    let [of_machine, long_term] = Interpreter::all()?;
    run_tests(&of_machine, &without(CONFORMANCE, &files))?;
    run_tests(&long_term, &without(MEMORY, &files))
}

fn without(left_out: &str, files: &[String]) -> Vec<String> {
    files.iter().filter(|file| *file != left_out).cloned().collect()
}

fn run_tests(interpreter: &Interpreter, files: &[String]) -> Result<()> {
    println!("{} files of tests in Node.js {}", files.len(), interpreter.version()?);
    run(test_command(interpreter).args(files))
}

/// The runner of the conformance script.
pub(crate) fn conformance() -> Result<Command> {
    build_for_tests()?;
    let mut command = test_command(&Interpreter::of_machine());
    command.arg(CONFORMANCE);
    Ok(command)
}

/// The Node that runs everything: `NODE`, else `node`.
pub(crate) fn interpreter() -> String {
    std::env::var("NODE").unwrap_or_else(|_| "node".to_owned())
}

/// The folder of the package's sources.
pub(crate) fn package_sources() -> PathBuf {
    paths::root().join("bindings-node")
}

/// A tool of the package's lock file.
pub(crate) fn tool(name: &str) -> Result<Command> {
    install_tools()?;
    let mut command = Interpreter::of_machine().command();
    command.env("NO_COLOR", "1").arg(package_sources().join("node_modules/.bin").join(name));
    Ok(command)
}

/// Builds the native module, with more arguments for cargo, into a folder.
pub(crate) fn build(folder: &Path, arguments: &[&str]) -> Result<()> {
    let mut build = Interpreter::of_machine().command();
    build.current_dir(package_sources()).arg("scripts/build.mjs").arg(folder);
    run(build.args(arguments))
}

/// Builds the native module beside the sources, with what only tests call.
fn build_for_tests() -> Result<()> {
    build(&package_sources(), &["--features", "testing"])
}

fn test_command(interpreter: &Interpreter) -> Command {
    let mut command = interpreter.command();
    command.current_dir(package_sources()).args(["--test", "--test-reporter=spec", "--expose-gc"]);
    // glibc keeps more and more in hand unless it is told how much: what handles leave behind would drown in it.
    command.env("MALLOC_TRIM_THRESHOLD_", "131072");
    command
}

/// The files of tests, from the package's sources.
fn test_files() -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(package_sources().join("tests"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            files.push(format!("tests/{name}"));
        }
    }
    files.sort();
    Ok(files)
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
