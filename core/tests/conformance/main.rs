//! The conformance script, run through the Rust face. `conformance/README.md` specifies its language.
//!
//! The runner knows the engine by its public items only: it is the oracle that the other languages' runners are
//! held against. It fails by panicking with the file, the line, what was expected and what came.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod coverage;
mod names;
mod outcome;
mod run;
mod statement;
mod table;
mod verbs;
mod words;

use std::path::{Path, PathBuf};

use coverage::Coverage;

/// The folder of the script, from the repository's top.
fn script_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance")
}

/// The script's files, by name.
fn script_files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(script_folder()).expect("the folder of the script is there");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    files.sort();
    assert!(!files.is_empty(), "there are no script files");
    files
}

#[test]
fn the_script_holds() {
    let mut coverage = Coverage::new();
    let mut failures = Vec::new();
    for file in script_files() {
        match run::run_file(&file, &mut coverage) {
            Ok(()) => coverage.passed(&file),
            Err(failure) => failures.push(failure),
        }
    }
    coverage.write();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
