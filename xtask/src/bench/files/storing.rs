//! A corpus into each store and out of it again, the stores in turn.

use super::super::program::Program;
use super::asked::Asked;
use super::corpora::{Corpus, RANDOM};
use super::peers::Peer;
use super::stopwatch::{of_mebibyte, time};
use super::{folder, place, rows};
use crate::Result;
use std::path::{Path, PathBuf};

/// What our store has beside what it stores: room for what must be written when the disk is full.
const APART: [&str; 1] = ["reserve"];

/// What stores.
pub(super) enum Storer<'a> {
    Ours { program: &'a Program, kind: &'static str },
    Peer(&'a Peer),
}

impl Storer<'_> {
    /// Whether it has a figure in a row that is measured.
    pub(super) fn is_wanted(&self, corpus: &str, asked: &Asked) -> bool {
        let wants = |row: &str| asked.wants(&format!("{row}.{corpus}"));
        match self {
            Storer::Ours { kind, .. } => {
                let again = *kind == "default" && (wants("reimport") || wants("export"));
                again
                    || wants(&format!("import.{kind}"))
                    || (*kind != "none" && wants(&format!("stored.{kind}")))
            }
            Storer::Peer(peer) => peer.is_wanted(corpus, asked),
        }
    }

    /// Stores the corpus in a new store, and prints what that took.
    pub(super) fn measure(&self, corpus: &Corpus, asked: &Asked, check: bool) -> Result<String> {
        match self {
            Storer::Ours { program, kind } => ours(program, kind, corpus, asked, check),
            Storer::Peer(peer) => of_peer(peer, corpus, asked, check),
        }
    }
}

/// Whether the first run of a row does not count. Bytes of chance are written as fast as the disk takes them, and how fast
/// that is the first time depends on what was there before.
pub(super) fn is_warmed(storer: &Storer<'_>, corpus: &Corpus) -> bool {
    corpus.name == RANDOM
        && match storer {
            Storer::Ours { kind, .. } => *kind == "none",
            Storer::Peer(peer) => peer.name == "cp",
        }
}

fn ours(program: &Program, kind: &str, corpus: &Corpus, asked: &Asked, check: bool) -> Result<String> {
    let home = place::fresh()?;
    let (store, name, bytes) = (home.join("store"), &corpus.name, corpus.contents.bytes);
    let import = || {
        let mut command = program.command();
        command.arg("import").arg(&store).arg(&corpus.path).arg(kind);
        time(&mut command, &home)
    };
    let run = import()?;
    let mut said = format!("import.{kind}.{name} {}\n{}", of_mebibyte(bytes, run.whole), run.memory());
    if kind != "none" && cfg!(unix) {
        said += &format!("stored.{kind}.{name} {}\n", folder::allocated_bytes(&store, &APART)?);
        let reserve = folder::allocated_bytes(&store, &[])? - folder::allocated_bytes(&store, &APART)?;
        said += &format!("apart.stored.{kind}.{name} {reserve} bytes of `reserve`\n");
    }
    if kind != "default" {
        return Ok(said);
    }
    if asked.wants(&format!("export.{name}")) {
        let target = fresh_target(&home)?;
        let run = time(program.command().arg("export").arg(&store).arg(&target), &home)?;
        said += &format!("export.{name} {}\n{}", of_mebibyte(bytes, run.whole), run.memory());
        if check {
            folder::same(&corpus.path, &target).map_err(|error| format!("our export of {name}: {error}"))?;
        }
    }
    if asked.wants(&format!("reimport.{name}")) {
        let run = import()?;
        said += &format!("reimport.{name} {}\n{}", of_mebibyte(bytes, run.whole), run.memory());
    }
    Ok(said)
}

fn of_peer(peer: &Peer, corpus: &Corpus, asked: &Asked, check: bool) -> Result<String> {
    let home = place::fresh()?;
    peer.create(&home)?;
    let (name, bytes) = (&corpus.name, corpus.contents.bytes);
    let run = time(&mut peer.import(&home, &corpus.path), &home)?;
    let mut said = String::new();
    let has =
        |row: &str| rows::of_corpus(name).iter().any(|of| of.id == row && of.peers.contains(&peer.name));
    for kind in peer.kinds {
        said += &format!("import.{kind}.{name}.{} {}\n", peer.name, of_mebibyte(bytes, run.whole));
        let stored = format!("stored.{kind}.{name}");
        if cfg!(unix) && has(&stored) {
            let allocated = folder::allocated_bytes(&peer.stored(&home), &[])?;
            said += &format!("{stored}.{} {allocated}\n", peer.name);
        }
    }
    if check && let Some(mut open) = peer.open(&home) {
        let seconds = time(&mut open, &home)?.whole.as_secs_f64();
        said += &format!("start.{} {seconds:.2} s, which is in each of its figures\n", peer.name);
    }
    let export = format!("export.{name}");
    if has(&export) && asked.wants(&export) {
        let target = fresh_target(&home)?;
        if let Some(mut command) = peer.export(&home, &target) {
            let run = time(&mut command, &home)?;
            said += &format!("{export}.{} {}\n", peer.name, of_mebibyte(bytes, run.whole));
            if check {
                folder::same(&corpus.path, &target)?;
            }
        }
    }
    Ok(said)
}

fn fresh_target(home: &Path) -> Result<PathBuf> {
    let target = home.join("target");
    std::fs::create_dir(&target)?;
    Ok(target)
}

/// Of all that was reported of a round's memory the most.
pub(super) fn with_one_peak(output: &str) -> String {
    let peak = |line: &str| line.strip_prefix("peak_rss ").and_then(|bytes| bytes.parse::<u64>().ok());
    let most = output.lines().filter_map(peak).max();
    let others = output.lines().filter(|line| peak(line).is_none()).map(|line| format!("{line}\n"));
    // A system that does not say is one on which all are 0.
    let most = most.filter(|most| *most > 0).map(|most| format!("peak_rss {most}\n"));
    others.chain(most).collect()
}

/// Ours in each way that it compresses.
pub(super) fn all_of_ours(program: &Program) -> impl Iterator<Item = Storer<'_>> {
    rows::KINDS.into_iter().map(move |kind| Storer::Ours { program, kind })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::process::Command;

    use super::super::super::program::Program;
    use super::super::asked::Asked;
    use super::{all_of_ours, with_one_peak};

    #[test]
    fn a_round_has_one_peak() {
        let said = "import.fast.npm 7\npeak_rss 20\nexport.npm 8\npeak_rss 100\npeak_rss 3\n";
        assert_eq!(with_one_peak(said), "import.fast.npm 7\nexport.npm 8\npeak_rss 100\n");
        assert_eq!(with_one_peak("chunker 7\n"), "chunker 7\n");
        assert_eq!(with_one_peak("peak_rss 0\n"), "");
    }

    #[test]
    fn what_has_no_row_that_is_asked_for_does_not_run() {
        let program = Program::new("ours", &Command::new("bench_files"));
        let wanted = |only: &str| {
            let asked = Asked::parse(&["--only", only]).unwrap();
            all_of_ours(&program).map(|storer| storer.is_wanted("npm", &asked)).collect::<Vec<_>>()
        };
        assert_eq!(wanted("import.default.npm"), [true, false, false]);
        assert_eq!(wanted("reimport.npm"), [true, false, false]);
        assert_eq!(wanted("stored"), [true, true, false]);
        assert_eq!(wanted("import"), [true, true, true]);
        assert_eq!(wanted("import.default.wheel"), [false, false, false]);
    }
}
