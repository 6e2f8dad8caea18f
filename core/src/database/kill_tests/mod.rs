//! `kill -9` of a process that writes, beside four processes that read: what was acknowledged is there, what is there
//! is a prefix of what was committed, and no reader ever sees anything else.
//!
//! A round starts a writer and kills it at some moment, of its opening too. Then the store is opened and all that is new
//! in it is held against what the writer acknowledged through a pipe; the next round goes on with the same store. The
//! readers live through many rounds, follow the store, and end with an error where they see what cannot be; some are
//! killed as well. All of them are this program, started again with one of its tests.
//!
//! 200 rounds run with all other tests. `cargo xtask torture --kills N` runs more, and says so by
//! `OUROBOROS_TORTURE_KILLS`; `OUROBOROS_TORTURE_SEED` says where the random numbers begin.
#![cfg(unix)]

mod mark;
mod random;
mod reader;
mod round;
mod story;
mod writer;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::options::{Durability, Options};
use random::Random;
use round::Rounds;

/// Where the store of a child process is.
const STORE: &str = "OUROBOROS_KILLS_STORE";
/// What makes the child's random numbers, and its events, different from those of all others.
const SESSION: &str = "OUROBOROS_KILLS_SESSION";
/// Up to where a reader need not look any more.
const CURSOR: &str = "OUROBOROS_KILLS_CURSOR";

/// Rounds where nobody asks for more.
const KILLS: u64 = 200;
/// Between two looks at everything in the store.
const KILLS_BETWEEN_VERIFIES: u64 = 40;
/// A store with so many events is replaced with a new one.
const EVENTS_MAX: u64 = 40_000;

/// Small segments and small tiers: as much as can be happens while somebody writes.
fn options(durability: Durability) -> Options {
    Options { tier_entries: 300, ..Options::new().segment_bytes(256 * 1024).durability(durability) }
}

fn asked(name: &str) -> Option<u64> {
    let value = std::env::var(format!("OUROBOROS_TORTURE_{name}")).ok()?;
    Some(value.parse().unwrap_or_else(|_| panic!("OUROBOROS_TORTURE_{name} is {value}, which is no number")))
}

/// This program as a child process that runs one of the tests here.
fn child(test: &str, store: &Path, session: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([&format!("database::kill_tests::{test}"), "--exact", "--nocapture", "--quiet"]);
    command.env(STORE, store).env(SESSION, session.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

/// The store and the session of a child process; none in the process that runs all tests.
fn told() -> Option<(PathBuf, u64)> {
    let store = std::env::var_os(STORE)?;
    Some((store.into(), std::env::var(SESSION).unwrap().parse().unwrap()))
}

/// Not a test of its own: the process that is killed.
#[test]
fn writes_until_it_is_killed() {
    if let Some((store, session)) = told() {
        writer::run(&store, session);
    }
}

/// Not a test of its own: a process that reads beside the one that is killed.
#[test]
fn reads_until_it_is_told_to_end() {
    if let Some((store, session)) = told() {
        reader::run(&store, session);
    }
}

#[test]
fn a_killed_writer_loses_nothing_and_shows_nothing_wrong() {
    let (kills, seed) = (asked("KILLS").unwrap_or(KILLS), asked("SEED").unwrap_or(1));
    let mut random = Random::new(seed);
    let mut rounds = Rounds::new();
    for kill in 1..=kills {
        rounds.kill_one_writer(&mut random);
        if kill % KILLS_BETWEEN_VERIFIES == 0 || kill == kills {
            rounds.verify();
            println!("{kill} of {kills} kills: {}", rounds.figures());
        }
        if rounds.events() > EVENTS_MAX {
            rounds.begin_anew();
        }
    }
    rounds.end();
    let figures = rounds.figures();
    // A writer that is always killed before it writes, or a reader that never looks, would prove nothing.
    assert!(figures.acknowledged > kills * 5 && figures.unacknowledged > kills / 20, "{figures}");
    assert!(figures.looks > kills && figures.seen > figures.acknowledged, "{figures}");
    assert!(kills < KILLS || (figures.before_it_wrote > 0 && figures.readers_killed > 0), "{figures}");
}
