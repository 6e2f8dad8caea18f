//! What must hold of any bytes: the bodies of the programs in `/fuzz`, which mutate their inputs for ever.
//!
//! Bytes that end in a checksum would be refused before anything else is looked at, so each target takes some inputs as
//! they are, and puts the right checksums into others: those are what a forger could have written. Built only for
//! `--cfg fuzzing` and for tests; the test below runs every committed input, so that what was found once stays found.
#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    reason = "it is public only in builds for fuzzing, and the programs in /fuzz are its only callers"
)]

mod encodings;
mod footer;
mod input;
mod lists;
mod record;
mod segment;
mod tier;

pub use encodings::encodings;
pub use footer::footer;
pub use lists::lists;
pub use record::record;
pub use tier::tier;

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    type Target = (&'static str, fn(&[u8]), fn() -> Vec<Vec<u8>>);

    const TARGETS: [Target; 5] = [
        ("encodings", super::encodings, super::encodings::seeds),
        ("footer", super::footer, super::footer::seeds),
        ("lists", super::lists, super::lists::seeds),
        ("record", super::record, super::record::seeds),
        ("tier", super::tier, super::tier::seeds),
    ];

    fn folder(target: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target)
    }

    /// Inputs that take the fuzzer past the first checks. Where the format changes, they do: run this test with
    /// `OUROBOROS_WRITE_SEEDS=1`.
    #[test]
    fn the_committed_seeds_are_what_the_engine_writes() {
        for (target, _, seeds) in TARGETS {
            for (number, seed) in seeds().iter().enumerate() {
                let path = folder(target).join(format!("seed-{number}"));
                if std::env::var_os("OUROBOROS_WRITE_SEEDS").is_some() {
                    std::fs::create_dir_all(folder(target)).unwrap();
                    std::fs::write(&path, seed).unwrap();
                }
                assert!(std::fs::read(&path).unwrap() == *seed, "{}", path.display());
            }
        }
    }

    #[test]
    fn every_committed_input_holds() {
        for (target, run, seeds) in TARGETS {
            let mut inputs = 0;
            for entry in std::fs::read_dir(folder(target)).unwrap() {
                run(&std::fs::read(entry.unwrap().path()).unwrap());
                inputs += 1;
            }
            assert!(inputs >= seeds().len() && !seeds().is_empty(), "{target}");
        }
    }
}
