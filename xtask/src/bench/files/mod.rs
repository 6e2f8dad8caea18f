//! `cargo xtask bench files [DIR…]`: whole files in and out, beside what one would store them with otherwise. The
//! program is `benches/files`; the peers are commands of their own.

mod asked;
mod compared;
mod corpora;
mod folder;
mod languages;
mod peers;
mod place;
mod processor;
mod reading;
mod rows;
mod stopwatch;
mod storing;

use std::path::Path;
use std::process::Command;

use asked::Asked;
use corpora::Corpus;
use languages::Languages;
use peers::Peer;
use processor::Cores;
use storing::Storer;

use super::measured::Measured;
use super::program::Program;
use super::{FULL, QUICK, against, table};
use crate::Result;
use crate::command::{cargo, run as run_command};
use crate::profile::Profile;

const PACKAGE: &str = "bench-files";
const PROGRAM: &str = "bench_files";

/// Builds everything, runs the rounds, prints and writes the figures.
pub(super) fn run(words: &[&str]) -> Result<()> {
    let mut asked = Asked::parse(words)?;
    if let Some(revision) = asked.against.take() {
        let quick = asked.quick;
        return against::run(&compared::Files::new(asked)?, &revision, quick);
    }
    let (scale, sizes) = if asked.quick { (QUICK, reading::QUICK) } else { (FULL, reading::FULL) };
    let names = names(&asked);
    let rows = asked.of(rows::all(names.iter().map(String::as_str)))?;
    let mut measured = Measured::default();
    measured.add(concat!("version.ours ouroborosdb ", env!("CARGO_PKG_VERSION"), ", as it stands here"));
    measured.add("durability.ours Durability::Durable: synced when the import returns");
    let program = ours()?;
    let languages = Languages::new(&asked, &mut measured)?;
    let corpora = corpora(&asked, &mut measured)?;
    let cores = Cores::two(&asked, &mut measured);
    let peers = if asked.ours_alone || corpora.is_empty() { Vec::new() } else { Peer::all(&mut measured) };
    if asked.ours_alone {
        for (row, peer) in rows.iter().flat_map(|row| row.peers.iter().map(move |peer| (row, peer))) {
            measured.add(&format!("missing.{}.{peer} --ours leaves the peers out", row.id));
        }
    }
    place::clear()?;
    let mut rounds = vec![String::new(); scale.rounds];
    for (number, said) in rounds.iter_mut().enumerate() {
        eprintln!("round {} of {}", number + 1, scale.rounds);
        for corpus in &corpora {
            *said += &of_corpus(&program, &peers, corpus, &asked, number, &mut measured)?;
        }
        if let Some(npm) = corpora.iter().find(|corpus| corpus.name == corpora::NPM) {
            *said += &languages.import(&program, npm, &asked, number)?;
            if let Some(cores) = &cores {
                *said += &cores.scaling(&program, npm, number)?;
            }
        }
        *said += &languages.small(&program, &asked, number)?;
        *said += &processor::one_core(&program, &asked)?;
    }
    place::clear()?;
    reading::measure(&program, &asked, sizes, &mut rounds)?;
    rounds.iter().for_each(|said| measured.add(&storing::with_one_peak(said)));
    place::clear()?;
    table::print(&rows, &measured);
    // What is not all of it takes the place of nothing that was.
    let name = if asked.only.is_empty() { "files" } else { "files-only" };
    table::write(name, &rows, &measured)
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
        let mut rows = rows::of_corpus(name);
        if name == corpora::NPM {
            rows.extend(rows::others().into_iter().filter(|row| rows::is_of_npm(&row.id)));
        }
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
        let megabytes = bytes as f64 / 1e6;
        measured.add(&format!("corpus.{name} {megabytes:.1} MB in {files} files: {}", path.display()));
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
        if round == 0 && storing::is_warmed(storer, corpus) {
            let _ = storer.measure(corpus, asked, false);
        }
        match (storer.measure(corpus, asked, round == 0), storer) {
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

fn program_at(output: &Path) -> Program {
    Program::new("ours", &Command::new(output.join(PROGRAM)))
}
