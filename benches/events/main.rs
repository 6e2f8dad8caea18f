//! What the work of `cargo xtask bench events` costs in one store: `bench_events STORE WORK FOLDER …`.
//! `docs/benchmarks.md`.
//!
//! A run prints `ROW NANOSECONDS`, or `ROW.PEER NANOSECONDS` where the store is a peer; rows of memory are in bytes. It
//! fails where a store does, or answers what it should not.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod conformance;
mod measure;
mod memory;
mod opening;
mod original;
mod ours;
mod raw;
mod rows;
mod store;
mod tree;

#[cfg(feature = "peers")]
mod fjall;
#[cfg(feature = "peers")]
mod lmdb;
#[cfg(feature = "peers")]
mod peer;
#[cfg(feature = "peers")]
mod redb;
#[cfg(feature = "peers")]
mod sqlite;

use std::path::Path;

use store::EventStore;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const USAGE: &str = "usage: bench_events STORE WORK, where STORE is ours or a peer, and WORK is one of
  check FOLDER             the conformance test, and what the store is
  build FOLDER EVENTS      makes the store that others read
  build FOLDER EVENTS ROW  the same, and what memory that takes, with an opening and 100,000 gets
  get FOLDER CALLS ROW | child_ids FOLDER CALLS | append FOLDER CALLS
  durable FOLDER CALLS     in a new store
  original FOLDER CALLS  of ours: the benchmark table of the original Go project, in new stores
  open FOLDER ROW | crash FOLDER ROW | rebuild FOLDER ROW
  write FOLDER             until it is killed";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let [store, work @ ..] = words.as_slice() else { return Err(USAGE.into()) };
    match *store {
        ours::NAME => match work {
            ["original", folder, calls] => original::rows(Path::new(folder), calls.parse()?),
            _ => run::<ours::Ours>(work),
        },
        raw::NAME => match work {
            ["durable", folder, calls] => raw::durable(Path::new(folder), calls.parse()?),
            _ => Err(USAGE.into()),
        },
        #[cfg(feature = "peers")]
        fjall::Fjall::NAME => run::<fjall::Fjall>(work),
        #[cfg(feature = "peers")]
        lmdb::Lmdb::NAME => run::<lmdb::Lmdb>(work),
        #[cfg(feature = "peers")]
        redb::Redb::NAME => run::<redb::Redb>(work),
        #[cfg(feature = "peers")]
        sqlite::Sqlite::NAME => run::<sqlite::Sqlite>(work),
        _ => Err(format!("there is no store `{store}`; peers need the feature `peers`\n{USAGE}").into()),
    }
}

fn run<S: EventStore>(work: &[&str]) -> Result<()> {
    match *work {
        ["check", folder] => conformance::check::<S>(Path::new(folder)),
        ["build", folder, events] => tree::build::<S>(Path::new(folder), events.parse()?),
        ["build", folder, events, row] => memory::build::<S>(Path::new(folder), events.parse()?, row),
        ["get", folder, calls, row] => rows::get::<S>(Path::new(folder), calls.parse()?, row),
        ["child_ids", folder, calls] => rows::child_ids::<S>(Path::new(folder), calls.parse()?),
        ["append", folder, calls] => rows::append::<S>(Path::new(folder), calls.parse()?),
        ["durable", folder, calls] => rows::durable::<S>(Path::new(folder), calls.parse()?),
        ["open", folder, row] => opening::open::<S>(Path::new(folder), row),
        ["crash", folder, row] => opening::after_crash::<S>(Path::new(folder), row),
        ["rebuild", folder, row] => opening::rebuild::<S>(Path::new(folder), row),
        ["write", folder] => opening::write_until_killed::<S>(Path::new(folder)),
        _ => Err(USAGE.into()),
    }
}
