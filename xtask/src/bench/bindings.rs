//! `cargo xtask bench bindings`: what a call costs in each language over the same call in Rust, beside what people of
//! that language use today. The programs lie in `benches/bindings`; each makes a new store and measures three calls.
//!
//! Ours and the peers are set to survive a crash of the process and not of the machine, so that the calls are measured
//! and not the disk.

use std::path::Path;
use std::process::Command;

use super::measured::Measured;
use super::{peers, rows, table};
use crate::command::capture;
use crate::programs::Built;
use crate::{Result, machine, paths};

const SOURCES: &str = "benches/bindings";

/// How much is measured.
struct Size {
    rounds: usize,
    /// Calls of a slice: gets, appends, reads of 1 MiB. A program runs six slices, and the first does not count.
    calls: [&'static str; 3],
}

const FULL: Size = Size { rounds: 5, calls: ["100000", "10000", "100"] };
const QUICK: Size = Size { rounds: 2, calls: ["50000", "5000", "50"] };

/// Builds everything, runs the rounds, prints and writes the figures.
pub(super) fn run(quick: bool) -> Result<()> {
    machine::check()?;
    let size = if quick { QUICK } else { FULL };
    let mut measured = Measured::default();
    let mut programs = ours()?;
    programs.extend(of_peers(&mut measured)?);
    for round in 1..=size.rounds {
        eprintln!("round {round} of {}", size.rounds);
        for program in &mut programs {
            measured.add(&program.run(&size)?);
        }
    }
    paths::fresh_folder("bench/store")?;
    table::print(&rows::all(), &measured);
    table::write("bindings", &rows::all(), &measured)
}

/// A program, called again and again. Its arguments are given anew each time.
struct Program {
    command: Vec<std::ffi::OsString>,
    environment: Vec<(std::ffi::OsString, Option<std::ffi::OsString>)>,
}

impl Program {
    fn new(command: &Command) -> Program {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let environment =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned)));
        Program { command: words.map(ToOwned::to_owned).collect(), environment: environment.collect() }
    }

    /// Runs it once on a new folder.
    fn run(&self, size: &Size) -> Result<String> {
        let [program, arguments @ ..] = self.command.as_slice() else {
            return Err("a program without a name".into());
        };
        let mut command = Command::new(program);
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let store = paths::fresh_folder("bench/store")?.join("store");
        capture(command.args(arguments).arg(store).args(size.calls))
    }
}

/// Our program in each language, through what is installed for release.
fn ours() -> Result<Vec<Program>> {
    let built = Built::new()?;
    built.node().add(&format!("{SOURCES}/measure.mjs"))?;
    let programs = built.beside_rust(Built::rust("bench_bindings"), &format!("{SOURCES}/bench"))?;
    Ok(programs.iter().map(|(_, program)| Program::new(program)).collect())
}

/// The programs of the peers that can be had.
fn of_peers(measured: &mut Measured) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    let sources = paths::root().join(SOURCES);
    match peers::python() {
        Ok(mut python) => programs.push(Program::new(python.arg(sources.join("peers_python.py")))),
        Err(error) => measured.miss(&rows::all(), "python", &error.to_string()),
    }
    match peers::node() {
        Ok(folder) => {
            for name in ["measure.mjs", "peers_node.mjs"] {
                copy(&sources.join(name), &folder.join(name))?;
            }
            let mut node = Command::new(crate::node::interpreter());
            node.env_remove("NODE_OPTIONS").env_remove("NODE_PATH").arg(folder.join("peers_node.mjs"));
            programs.push(Program::new(&node));
        }
        Err(error) => measured.miss(&rows::all(), "node", &error.to_string()),
    }
    Ok(programs)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).map_err(|error| format!("copying {}: {error}", from.display()))?;
    Ok(())
}
