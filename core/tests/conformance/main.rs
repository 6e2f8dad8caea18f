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

/// Lines that are false, or no lines, behind `open_in_memory -> db`. The runner must see through each of them.
const FALSE_LINES: &[&str] = &[
    "create_root db \"a\" == none",
    "create_root db \"a\" -> !closed",
    "create_root db \"\\xff\"",
    "create_root db \"\\xff\" -> !invalid_id",
    "create_root db \"\\xff\" -> !invalid_text ~ \"no\\x20such\\x20word\"",
    "create_root db \"\\xff\" == none",
    "create_root db \"a\" -> $a,$b",
    "create_root db \"a\" -> handle",
    "create_root nothing \"a\"",
    "create_root  db \"a\"",
    "create_root db \"a b\"",
    "no_such_verb db",
    "script.let 2 < 2",
    "script.let $undefined",
    "script.let x ~ y",
    "free nothing",
    "[rust] script.let 1 == 2",
];

#[test]
fn a_false_line_is_found_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("false.txt");
    for line in FALSE_LINES {
        std::fs::write(&file, format!("# A comment.\n\nopen_in_memory -> db\n{line}\nno_such_verb\n"))
            .unwrap();
        let failure = run::run_file(&file, &mut Coverage::new()).expect_err(line);
        assert!(failure.contains("false.txt:4: ") && failure.contains(line), "{failure}");
    }
}

#[test]
fn a_line_for_another_language_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guarded.txt");
    std::fs::write(&file, "[c,python] no_such_verb\n[rust,c] script.let 1 == 1\n").unwrap();
    run::run_file(&file, &mut Coverage::new()).unwrap();
}
