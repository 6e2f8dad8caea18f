//! `cargo xtask bench bindings`: what a call costs in each language over the same call in Rust, beside what people of
//! that language use today. The programs lie in `benches/bindings`; each makes a new store and measures three calls.
//!
//! Ours and the peers are set to survive a crash of the process and not of the machine, so that the calls are measured
//! and not the disk.

use std::path::Path;
use std::process::Command;

use super::Scale;
use super::measured::Measured;
use super::program::Program;
use super::{bindings_rows, peers, table};
use crate::programs::Built;
use crate::{Result, machine, paths};

const SOURCES: &str = "benches/bindings";

/// Calls of a slice: gets, appends, reads of 1 MiB. A program runs six slices, and the first does not count.
const FULL: [&str; 3] = ["100000", "10000", "100"];
const QUICK: [&str; 3] = ["50000", "5000", "50"];

/// Builds everything, runs the rounds, prints and writes the figures.
pub(super) fn run(scale: Scale) -> Result<()> {
    machine::check()?;
    let mut measured = Measured::default();
    measured.add("version.ours as it stands here");
    measured.add("durability.ours Durability::Buffered: survives a crash of the process");
    let mut programs = ours()?;
    programs.extend(of_peers(&mut measured)?);
    for round in 1..=scale.rounds {
        eprintln!("round {round} of {}", scale.rounds);
        for program in &programs {
            measured.add(&self::round(program, scale)?);
        }
    }
    paths::fresh_folder("bench/store")?;
    let rows = bindings_rows::all();
    table::print(&rows, &measured);
    table::write("bindings", &rows, &measured)
}

/// What one program does in a round, in a new folder.
pub(super) fn round(program: &Program, scale: Scale) -> Result<String> {
    let store = paths::fresh_folder("bench/store")?.join("store").to_string_lossy().into_owned();
    let [gets, appends, reads] = if scale.quick { QUICK } else { FULL };
    program.run(&[&store, gets, appends, reads])
}

/// Our program in each language, through what is installed for release.
pub(super) fn ours() -> Result<Vec<Program>> {
    let built = Built::new()?;
    built.node().add(&format!("{SOURCES}/measure.mjs"))?;
    let programs = built.beside_rust(Built::rust("bench_bindings"), &format!("{SOURCES}/bench"))?;
    Ok(programs.iter().map(|(language, program)| Program::new(language, program)).collect())
}

/// The programs of the peers that can be had.
fn of_peers(measured: &mut Measured) -> Result<Vec<Program>> {
    let mut programs = Vec::new();
    let sources = paths::root().join(SOURCES);
    match peers::python() {
        Ok(mut python) => {
            programs.push(Program::new("peers of Python", python.arg(sources.join("peers_python.py"))))
        }
        Err(error) => measured.miss_language(&bindings_rows::all(), "python", &error.to_string()),
    }
    match peers::node() {
        Ok(folder) => {
            for name in ["measure.mjs", "peers_node.mjs"] {
                copy(&sources.join(name), &folder.join(name))?;
            }
            let mut node = Command::new(crate::node::interpreter());
            node.env_remove("NODE_OPTIONS").env_remove("NODE_PATH").arg(folder.join("peers_node.mjs"));
            programs.push(Program::new("peers of Node", &node));
        }
        Err(error) => measured.miss_language(&bindings_rows::all(), "node", &error.to_string()),
    }
    Ok(programs)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).map_err(|error| format!("copying {}: {error}", from.display()))?;
    Ok(())
}
