//! `cargo xtask bench events`: appending, finding and opening, beside the stores that one would build on otherwise. The
//! program is `benches/events`, the same for ours and for each peer.

use std::path::Path;
use std::process::Command;

use super::Scale;
use super::measured::Measured;
use super::program::Program;
use super::{events_rows, go, table};
use crate::command::{cargo, run as run_command};
use crate::profile::Profile;
use crate::{Result, paths};

pub(super) const PACKAGE: &str = "bench-events";
const PROGRAM: &str = "bench_events";
const OURS: &str = "ours";
const RAW: &str = "raw";
const PEERS: [&str; 4] = ["redb", "fjall", "lmdb", "sqlite"];
const SMALL_EVENTS: &str = "100000";
const LARGE_EVENTS: &str = "10000000";
/// How often what is quick is measured of one store of ten million events.
const LARGE_REPEATS: usize = 3;

/// Calls of a slice; a program runs six slices of each row, and the first does not count.
struct Calls {
    gets: &'static str,
    appends: &'static str,
    durable: &'static str,
    /// Of writes in the original's table; of the rest it is derived from.
    original: &'static str,
}

const FULL: Calls = Calls { gets: "100000", appends: "10000", durable: "200", original: "500" };
const QUICK: Calls = Calls { gets: "50000", appends: "5000", durable: "50", original: "200" };

/// Builds everything, runs the rounds, prints and writes the figures.
pub(super) fn run(scale: Scale, large: bool) -> Result<()> {
    let mut measured = Measured::default();
    let mut stores = vec![OURS, RAW];
    match build(&["--features", "peers"]) {
        Ok(()) => stores.extend(PEERS),
        Err(error) => {
            PEERS.iter().for_each(|peer| measured.miss(peer, &error.to_string()));
            build(&[])?;
        }
    }
    let programs: Vec<_> =
        stores.into_iter().map(|store| program_at(&Profile::Release.output(), store)).collect();
    let original = go::build();
    if let Err(error) = &original {
        measured.miss(go::NAME, &error.to_string());
    }
    for round in 1..=scale.rounds {
        eprintln!("round {round} of {}", scale.rounds);
        for program in &programs {
            of_program(&mut measured, program, |program| self::round(program, scale))?;
        }
        if let Ok(program) = &original {
            of_program(&mut measured, program, |program| original_round(program, &[], scale))?;
        }
    }
    if large {
        for program in programs.iter().filter(|program| program.name != RAW) {
            of_program(&mut measured, program, of_ten_million)?;
        }
    } else {
        measured.leave_out(&events_rows::large(), "it is measured with --large");
    }
    paths::fresh_folder("bench/store")?;
    let rows = events_rows::all();
    if let Some(mean) = go::mean(&rows, &measured) {
        measured.add(&format!("{} {mean}", go::MEAN));
    }
    table::print(&rows, &measured);
    table::write("events", &rows, &measured)
}

/// A peer that fails is missing from there on; ours ends the command.
fn of_program(
    measured: &mut Measured,
    program: &Program,
    work: impl Fn(&Program) -> Result<String>,
) -> Result<()> {
    match work(program) {
        Ok(output) => measured.add(&output),
        Err(error) if program.name == OURS => return Err(error),
        Err(error) => measured.miss(&program.name, error.to_string().lines().next().unwrap_or_default()),
    }
    Ok(())
}

/// Our program, built.
pub(super) fn ours() -> Result<Program> {
    build(&[])?;
    Ok(program_at(&Profile::Release.output(), OURS))
}

/// Our program over another checkout.
pub(super) fn ours_of(checkout: &Path, target: &Path) -> Result<Program> {
    let mut build = cargo(["build", "--quiet", "--release", "--package", PACKAGE]);
    run_command(build.current_dir(checkout).env("CARGO_TARGET_DIR", target))?;
    Ok(program_at(&target.join(Profile::Release.folder()), OURS))
}

fn build(features: &[&str]) -> Result<()> {
    run_command(cargo(["build", "--quiet", "--release", "--package", PACKAGE]).args(features))
}

fn program_at(output: &Path, store: &str) -> Program {
    Program::new(store, Command::new(output.join(PROGRAM)).arg(store))
}

/// What one program does in a round, in new folders, each row that has a size in a process of its own.
pub(super) fn round(program: &Program, scale: Scale) -> Result<String> {
    let calls = if scale.quick { QUICK } else { FULL };
    let folder = paths::fresh_folder("bench/store")?;
    let of = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (check, store, durable) = (of("check"), of("store"), of("durable"));
    let mut output = String::new();
    if program.name != RAW {
        output += &program.run(&["check", &check])?;
        output += &program.run(&["build", &store, SMALL_EVENTS])?;
        output += &program.run_within_limit(&["get", &store, calls.gets, "get_100k"])?;
        output += &program.run(&["child_ids", &store, calls.gets])?;
        output += &program.run(&["append", &store, calls.appends])?;
    }
    output += &program.run(&["durable", &durable, calls.durable])?;
    if program.name == OURS {
        output += &original_round(program, &["original"], scale)?;
    }
    Ok(output)
}

/// The table of the original Go project, of ours or of itself, in new folders.
fn original_round(program: &Program, words: &[&str], scale: Scale) -> Result<String> {
    let calls = if scale.quick { QUICK } else { FULL };
    let folder = paths::fresh_folder("bench/store")?.join("original").to_string_lossy().into_owned();
    program.run(&[words, &[&folder, calls.original]].concat())
}

/// The rows of ten million events, of one store, which is removed again. What was measured before something failed is
/// lost with it.
fn of_ten_million(program: &Program) -> Result<String> {
    let folder = paths::fresh_folder("bench/store")?.join("store").to_string_lossy().into_owned();
    let mut output = program.run_within_limit(&["build", &folder, LARGE_EVENTS, "rss_10m"])?;
    for _ in 0..LARGE_REPEATS {
        output += &program.run_within_limit(&["open", &folder, "open_clean_10m"])?;
        output += &program.run_within_limit(&["get", &folder, "200000", "get_10m"])?;
    }
    for _ in 0..LARGE_REPEATS {
        output += &program.run_within_limit(&["crash", &folder, "open_crash_10m"])?;
    }
    if program.name == OURS {
        output += &program.run_within_limit(&["rebuild", &folder, "rebuild_10m"])?;
    }
    Ok(output)
}
