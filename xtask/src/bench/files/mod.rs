//! `cargo xtask bench files [DIR…]`: whole files in and out, beside what one would store them with otherwise. The
//! program is `benches/files`; the peers are commands of their own.

mod asked;
mod corpora;
mod folder;
mod peers;
pub(super) mod rows;
mod stopwatch;
mod storing;

use std::process::Command;

use asked::Asked;
use corpora::Corpus;
use peers::Peer;
use storing::Storer;

use super::measured::Measured;
use super::program::Program;
use super::{FULL, QUICK, table};
use crate::command::{cargo, run as run_command};
use crate::profile::Profile;
use crate::{Result, paths};

const PACKAGE: &str = "bench-files";
const PROGRAM: &str = "bench_files";

/// Builds everything, runs the rounds, prints and writes the figures.
pub(super) fn run(words: &[&str]) -> Result<()> {
    let asked = Asked::parse(words)?;
    let scale = if asked.quick { QUICK } else { FULL };
    let names = names(&asked);
    let rows = asked.of(rows::all(names.iter().map(String::as_str)))?;
    let mut measured = Measured::default();
    measured.add(&format!("version.ours ouroborosdb {}, as it stands here", env!("CARGO_PKG_VERSION")));
    measured.add("durability.ours Durability::Durable: synced when the import returns");
    let program = ours()?;
    let corpora = corpora(&asked, &mut measured)?;
    let peers = if asked.ours_alone { Vec::new() } else { Peer::all(&mut measured) };
    for round in 1..=scale.rounds {
        eprintln!("round {round} of {}", scale.rounds);
        let mut output = String::new();
        for corpus in &corpora {
            output += &of_corpus(&program, &peers, corpus, &asked, round, &mut measured)?;
        }
        measured.add(&storing::with_one_peak(&output));
    }
    paths::fresh_folder("bench/store")?;
    table::print(&rows, &measured);
    table::write("files", &rows, &measured)
}

/// All corpora that rows are of, by their names.
fn names(asked: &Asked) -> Vec<String> {
    let built_in = corpora::BUILT_IN.into_iter().map(str::to_owned);
    built_in.chain(asked.folders.iter().map(|path| corpora::name_of(path))).collect()
}

/// Those that are needed. One of the four that cannot be made is missing; a folder of the user's own is not.
fn corpora(asked: &Asked, measured: &mut Measured) -> Result<Vec<Corpus>> {
    let mut corpora = Vec::new();
    for name in corpora::BUILT_IN {
        let rows = rows::of_corpus(name);
        if !asked.wants_any(rows.iter().map(|row| row.id.as_str())) {
            continue;
        }
        match Corpus::built_in(name, asked.quick) {
            Ok(corpus) => corpora.push(corpus),
            Err(error) => measured.leave_out(&rows, &peers::first_line(&error.to_string())),
        }
    }
    for folder in &asked.folders {
        corpora.push(Corpus::of_user(folder)?);
    }
    for Corpus { name, path, contents } in &corpora {
        let [files, bytes] = [contents.files, contents.bytes];
        measured.add(&format!("corpus.{name} {} MB in {files} files: {}", bytes / 1_000_000, path.display()));
    }
    Ok(corpora)
}

/// A round of one corpus. Who begins changes with every round. A peer that fails has no figure; ours ends the command.
fn of_corpus(
    program: &Program,
    peers: &[Peer],
    corpus: &Corpus,
    asked: &Asked,
    round: usize,
    measured: &mut Measured,
) -> Result<String> {
    let mut storers: Vec<Storer<'_>> =
        storing::all_of_ours(program).chain(peers.iter().map(Storer::Peer)).collect();
    storers.retain(|storer| storer.is_wanted(&corpus.name, asked));
    if storers.is_empty() {
        return Ok(String::new());
    }
    folder::warm(&corpus.path)?;
    let count = storers.len();
    storers.rotate_left(round % count);
    let mut output = String::new();
    for storer in &storers {
        if round == 1 && storing::is_warmed(storer, corpus) {
            let _ = storer.measure(corpus, asked, false);
        }
        match (storer.measure(corpus, asked, round == 1), storer) {
            (Ok(said), _) => output += &said,
            (Err(error), Storer::Ours { .. }) => return Err(error),
            (Err(error), Storer::Peer(peer)) => {
                eprintln!("{error}");
                measured.miss(peer.name, &peers::first_line(&error.to_string()));
            }
        }
    }
    Ok(output)
}

/// Our program, built.
pub(super) fn ours() -> Result<Program> {
    run_command(&mut cargo(["build", "--quiet", "--release", "--package", PACKAGE]))?;
    Ok(program_at(&Profile::Release.output()))
}

fn program_at(output: &std::path::Path) -> Program {
    Program::new("ours", &Command::new(output.join(PROGRAM)))
}
