//! `cargo xtask bench NAME`: ours and its peers at the same work in one run, alternating, medians over rounds.
//!
//! The figures go to the terminal as a table, and to `target/bench/NAME.json`. A benchmark fails where a program
//! does, and not where a figure is over its limit: a busy machine is no defect. What could not be measured is null,
//! and named.

mod bindings;
mod compare;
mod machine;
mod measured;
mod peers;
mod rows;
mod table;

use std::path::Path;

use crate::Result;

const USAGE: &str = "usage: cargo xtask bench bindings [--quick] | bench --compare OLD.json NEW.json";

/// Runs what the words after `bench` ask for.
pub(crate) fn run(words: &[&str]) -> Result<()> {
    match words {
        ["bindings"] => bindings::run(false),
        ["bindings", "--quick"] => bindings::run(true),
        ["--compare", old, new] => compare::run(Path::new(old), Path::new(new)),
        _ => Err(USAGE.into()),
    }
}
