//! The conformance script, run through the C header: `tests/c/conformance.c`, under AddressSanitizer,
//! LeakSanitizer and UBSan. `conformance/README.md` specifies its language.
//!
//! The runner fails by ending with an error and saying the file, the line, what was expected and what came. That it
//! does so is tested too: a runner that lets everything pass would be worse than none.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/script.rs"]
mod script;
mod support;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The runner, compiled once for all tests here.
static RUNNER: LazyLock<PathBuf> =
    LazyLock::new(|| support::compile("conformance", Path::new(env!("CARGO_TARGET_TMPDIR"))));

/// What this runner says in words of its own.
const FALSE_LINES: &[(&str, &str)] = &[
    ("script.let 1,2,3 -> $a,$b", "more parts than names"),
    ("script.let 1,2 -> $a,$b,$c", "more names than parts"),
    ("script.let 1 -> handle", "of another kind"),
    ("event db $root == 5", "of another kind"),
    ("fs.size \"missing\"", "missing: "),
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
            "[rust,python] script.let 1 == 2\nopen_in_memory -> db\nevent db ids:1 -> !event_not_found\n",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", support::said(&output));
    assert_eq!(
        coverage,
        ["code event_not_found", "language c", "op open_in_memory", "passed 0.txt", "passed 2.txt"]
    );
}
