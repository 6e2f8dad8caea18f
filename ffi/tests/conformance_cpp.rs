//! The conformance script, run through the C++ headers: `tests/cpp/conformance/`, under AddressSanitizer,
//! LeakSanitizer and UBSan. `conformance/README.md` specifies its language.
//!
//! The runner fails by ending with an error and saying the file, the line, what was expected and what came. That it
//! does so is tested too: a runner that lets everything pass would be worse than none.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/cpp.rs"]
mod cpp;
#[path = "support/script.rs"]
mod script;
#[allow(dead_code, reason = "what compiles C is not used here")]
mod support;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cpp::Unit;

/// The runner's units; they lie in `tests/cpp/conformance/`.
const UNITS: &[&str] = &["tree_verbs", "file_verbs", "run", "disk", "statement", "words"];

/// The runner, compiled once for all tests here.
static RUNNER: LazyLock<PathBuf> = LazyLock::new(|| {
    let sources: Vec<String> =
        UNITS.iter().map(|unit| format!("ffi/tests/cpp/conformance/{unit}.cpp")).collect();
    let units: Vec<Unit<'_>> = sources.iter().map(|source| Unit { source, flags: &["-std=c++17"] }).collect();
    cpp::compile("conformance_cpp", &units, Path::new(env!("CARGO_TARGET_TMPDIR")))
});

/// What this runner says in words of its own.
const FALSE_LINES: &[(&str, &str)] = &[
    ("script.let 1,2,3 -> $a,$b", "expected 2 parts, got 3"),
    ("script.let 1 -> handle", "expected a handle"),
    ("event db $root == 5", "expected bytes, got event"),
    ("event db $root -> $value", "expected bytes, got event"),
    ("fs.size \"missing\"", "missing"),
];

#[test]
fn the_script_holds() {
    script::check_all(&RUNNER);
}

#[test]
fn a_false_line_is_found_and_named() {
    script::check_false_lines(&RUNNER, FALSE_LINES);
}

#[test]
fn a_failure_gives_up_its_file_and_no_other() {
    let (output, coverage) = script::run_texts(
        &RUNNER,
        &[
            "script.let 1 == 1\nopen_in_memory -> db\n",
            "script.let 1 == 2\nerror_code 101 -> $name\n",
            "[rust,c] script.let 1 == 2\n[cpp] open_in_memory -> db\nevent db ids:1 -> !event_not_found\n",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", support::said(&output));
    assert_eq!(
        coverage,
        ["code event_not_found", "language cpp", "op open_in_memory", "passed 0.txt", "passed 2.txt"]
    );
}
