//! The conformance script, run through the C++ headers: `tests/cpp/conformance/`, under AddressSanitizer,
//! LeakSanitizer and UBSan. `conformance/README.md` specifies its language.
//!
//! The runner fails by ending with an error and saying the file, the line, what was expected and what came. That it
//! does so is tested too: a runner that lets everything pass would be worse than none.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/cpp.rs"]
mod cpp;
#[allow(dead_code, reason = "what compiles C is not used here")]
mod support;

use std::path::{Path, PathBuf};
use std::process::Output;
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

/// The script's files, by name.
fn script_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance");
    let entries = std::fs::read_dir(folder).expect("the folder of the script is there");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    files.sort();
    assert!(!files.is_empty(), "there are no script files");
    files
}

#[test]
fn the_script_holds() {
    let scratch = tempfile::tempdir().unwrap();
    // The coverage file is what the environment of the whole test says.
    let output = support::command(&RUNNER).arg(scratch.path()).args(script_files()).output().unwrap();
    assert!(output.status.success(), "{}", support::said(&output));
}

/// Runs scripts of these texts, in this order; the output, and the coverage file.
fn run_texts(texts: &[String]) -> (Output, String) {
    let folder = tempfile::tempdir().unwrap();
    let (scratch, coverage) = (folder.path().join("scratch"), folder.path().join("coverage"));
    std::fs::create_dir(&scratch).unwrap();
    let mut command = support::command(&RUNNER);
    command.env("OUROBOROSDB_COVERAGE", &coverage).arg(&scratch);
    for (number, text) in texts.iter().enumerate() {
        let path = folder.path().join(format!("{number}.txt"));
        std::fs::write(&path, text).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    (output, std::fs::read_to_string(coverage).unwrap_or_default())
}

/// Lines that do not hold, behind lines that make `db`, `$root` and `event`, and what the runner says of each.
const FALSE_LINES: &[(&str, &str)] = &[
    ("script.let 1 == 2", "expected == `2` (1 bytes), got `1` (1 bytes)"),
    ("script.let 1 != 1", "expected != `1`"),
    ("script.let 9 > 10", "expected > `10`"),
    ("script.let -9 >= -8", "expected >= `-8`"),
    ("script.let 10 < 9", "expected < `9`"),
    ("script.let 18446744073709551616 <= 18446744073709551615", "expected <="),
    ("script.let abc ~ ac", "expected ~ `ac`"),
    ("script.let abc < 5", "is no number"),
    ("script.let 1,2,3 -> $a,$b", "expected 2 parts, got 3"),
    ("script.let 1 -> handle", "expected a handle"),
    ("event db $root == 5", "expected bytes, got event"),
    ("event db $root -> $value", "expected bytes, got event"),
    ("event db $root -> !event_not_found", "expected event_not_found, got event"),
    ("event db ids:1", "expected success, got 301, event_not_found: "),
    ("event db ids:1 -> !closed", "expected closed, got 301, event_not_found: "),
    ("event db ids:1 -> !event_not_found ~ \"elsewhere\"", "the message does not contain `elsewhere`"),
    ("event.id db", "`db` is no event"),
    ("script.let $missing", "there is no value `$missing`"),
    ("free missing", "there is no handle `missing`"),
    ("append db $root color=red", "has no option `color`"),
    ("append db $root create=true", "has no option `create`"),
    ("append db", "there is no verb `append` with 1 words"),
    ("append  db $root", "single spaces"),
    ("append db $root -> $id extra", "the expectation is malformed"),
    ("script.let \"open", "a literal does not end"),
    ("script.let \"\\x0\"", "an escape is \\xNN"),
    ("script.let slice:1:2:ab", "no such slice"),
    ("fs.size \"missing\"", "missing"),
];

#[test]
fn a_false_line_is_found_and_named() {
    let before = "open_in_memory -> db\ncreate_root db \"r\" -> $root\nevent db $root -> event\n\n# false:\n";
    let texts: Vec<String> = FALSE_LINES.iter().map(|(line, _)| format!("{before}{line}\n")).collect();
    let (output, _) = run_texts(&texts);
    let said = support::said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for (number, (line, problem)) in FALSE_LINES.iter().enumerate() {
        let place = format!("{number}.txt:6: {line}\n    ");
        let found = said.split_once(&place).unwrap_or_else(|| panic!("{line} was let pass:\n{said}")).1;
        let found = found.lines().next().unwrap_or_default();
        assert!(found.contains(problem), "of `{line}` the runner says `{found}`, not `{problem}`");
    }
}

#[test]
fn a_failure_gives_up_its_file_and_no_other() {
    let (output, coverage) = run_texts(&[
        "script.let 1 == 1\nopen_in_memory -> db\n".to_owned(),
        "script.let 1 == 2\nerror_code 101 -> $name\n".to_owned(),
        "[rust,c] script.let 1 == 2\n[cpp] open_in_memory -> db\nevent db ids:1 -> !event_not_found\n"
            .to_owned(),
    ]);
    assert_eq!(output.status.code(), Some(1), "{}", support::said(&output));
    let mut lines: Vec<&str> = coverage.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        ["code event_not_found", "language cpp", "op open_in_memory", "passed 0.txt", "passed 2.txt"]
    );
}
