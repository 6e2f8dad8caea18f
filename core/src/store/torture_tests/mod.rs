//! Stores that are tortured: every loss after every operation of every short workload, long random runs on a disk that
//! fails, every flipped and every cut byte of a whole store.
//!
//! The short forms run with all other tests. `cargo xtask torture` runs the long ones, and tells these tests by
//! `OUROBOROS_TORTURE_SECONDS` how long the random runs may take, and by `OUROBOROS_TORTURE_SEED` where they begin.

mod check;
mod damage;
mod exhaustive;
mod full_disk;
mod model;
mod random;
mod session;

use std::str::FromStr;

/// What `cargo xtask torture` asks for; none in the short form.
fn asked<T: FromStr>(name: &str) -> Option<T> {
    let value = std::env::var(format!("OUROBOROS_TORTURE_{name}")).ok()?;
    match value.parse() {
        Ok(value) => Some(value),
        Err(_) => panic!("OUROBOROS_TORTURE_{name} is {value}, which is no number"),
    }
}

fn is_long() -> bool {
    asked::<u64>("SECONDS").is_some()
}

fn seed_or(default: u64) -> u64 {
    asked("SEED").unwrap_or(default)
}
