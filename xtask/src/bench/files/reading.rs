//! One large file of real bytes, read whole and at random.

use std::path::Path;

use super::super::program::Program;
use super::asked::Asked;
use super::stopwatch::{Run, time};
use super::{corpora, place};
use crate::Result;

const KINDS: [&str; 2] = ["none", "default"];

/// How much is read.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    sequential_bytes: u64,
    random_bytes: u64,
    /// Of a slice.
    calls: &'static str,
}

pub(super) const FULL: Sizes = Sizes { sequential_bytes: 512 << 20, random_bytes: 10 << 30, calls: "5000" };
pub(super) const QUICK: Sizes = Sizes { sequential_bytes: 256 << 20, random_bytes: 512 << 20, calls: "2000" };

/// Adds to each round what reading takes in it. A store is made once for all of them.
pub(super) fn measure(program: &Program, asked: &Asked, sizes: Sizes, rounds: &mut [String]) -> Result<()> {
    for kind in KINDS {
        let [sequential, random] = ["read_seq", "read_4k"].map(|row| format!("{row}.{kind}"));
        let bytes_of = |row: &str, bytes: u64| if asked.wants(row) { bytes } else { 0 };
        let sequential_bytes = bytes_of(&sequential, sizes.sequential_bytes);
        let random_bytes = bytes_of(&random, sizes.random_bytes);
        if sequential_bytes + random_bytes == 0 {
            continue;
        }
        let (source, home) = (corpora::toolchain()?, place::fresh()?);
        let store = home.join("store");
        let run = |work: &str, paths: &[&Path], words: &[&str]| -> Result<Run> {
            time(program.command().arg(work).args(paths).args(words), &home)
        };
        let (of_sequential, of_random) = (sequential_bytes.to_string(), random_bytes.to_string());
        let built = run("large", &[&store, &source], &[kind, &of_sequential, &of_random])?;
        for said in rounds.iter_mut() {
            *said += &built.memory();
            if sequential_bytes > 0 {
                let run = run("read_seq", &[&store], &[&sequential])?;
                *said += &(run.memory() + &run.output);
            }
            if sequential_bytes > 0 && kind == "default" && !asked.ours_alone {
                let row = format!("{sequential}.zstd");
                *said += &run("decode", &[&source], &[&of_sequential, &row])?.output;
            }
            if random_bytes > 0 {
                let run = run("read_4k", &[&store], &[&random, sizes.calls])?;
                *said += &(run.memory() + &run.output);
            }
        }
    }
    Ok(())
}
