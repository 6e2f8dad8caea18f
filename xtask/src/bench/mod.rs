//! `cargo xtask bench NAME`: ours and its peers at the same work in one run, alternating, medians over rounds.
//!
//! The figures go to the terminal as a table, and to `target/bench/NAME.json`. A benchmark fails where a program
//! does, and not where a figure misses its limit: a busy machine is no defect. What could not be measured is null,
//! and named.

mod against;
mod bindings;
mod bindings_rows;
mod compare;
mod events;
mod events_rows;
mod files;
mod go;
mod limit;
mod machine;
mod measured;
mod peers;
mod program;
mod rank_test;
mod rows;
mod table;
mod worktree;

use std::path::Path;

use crate::Result;

const USAGE: &str = "\
usage: cargo xtask bench bindings [--quick]
       cargo xtask bench events [--quick] [--large]
       cargo xtask bench files [--quick] [--ours] [--only PREFIX]... [DIR]...
       cargo xtask bench bindings|events|files [--quick] --against REV
       cargo xtask bench --compare OLD.json NEW.json";

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    quick: bool,
    rounds: usize,
}

const FULL: Scale = Scale { quick: false, rounds: 5 };
const QUICK: Scale = Scale { quick: true, rounds: 2 };

/// Runs what the words after `bench` ask for.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    match words {
        ["--compare", old, new] => return compare::run(Path::new(old), Path::new(new)),
        ["bindings", "--programs"] => return against::print_programs(),
        ["files", rest @ ..] => return files::run(rest),
        _ => {}
    }
    let [name, words @ ..] = words else { return Err(USAGE.into()) };
    let (mut quick, mut large, mut against) = (false, false, None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--quick" => quick = true,
            "--large" => large = true,
            "--against" => against = Some(words.next().ok_or(USAGE)?),
            _ => return Err(USAGE.into()),
        }
    }
    let scale = if quick { QUICK } else { FULL };
    match (*name, against, large) {
        ("bindings", None, false) => bindings::run(scale),
        ("bindings", Some(revision), false) => against::run(&against::Bindings, revision, quick),
        ("events", None, _) => events::run(scale, large),
        ("events", Some(revision), false) => against::run(&against::Events, revision, quick),
        _ => Err(USAGE.into()),
    }
}
