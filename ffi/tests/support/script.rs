//! What the tests of a runner of the conformance script share: running it, and showing that it sees what is false.

use std::path::{Path, PathBuf};
use std::process::Output;

use crate::support::{command, said};

/// The script's files, by name.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance");
    let entries = std::fs::read_dir(folder).expect("the folder of the script is there");
    let paths = entries.map(|entry| entry.expect("it can be listed").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "txt")).collect();
    files.sort();
    assert!(!files.is_empty(), "there are no script files");
    files
}

/// Runs the whole script.
pub(crate) fn check_all(runner: &Path) {
    let scratch = tempfile::tempdir().unwrap();
    // The coverage file is what the environment of the whole test says.
    let output = command(runner).arg(scratch.path()).args(files()).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}

/// Runs scripts of these texts, in this order; the output, and the lines of the coverage file in their order.
pub(crate) fn run_texts(runner: &Path, texts: &[&str]) -> (Output, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let (scratch, coverage) = (folder.path().join("scratch"), folder.path().join("coverage"));
    std::fs::create_dir(&scratch).unwrap();
    let mut command = command(runner);
    command.env("OUROBOROSDB_COVERAGE", &coverage).arg(&scratch);
    for (number, text) in texts.iter().enumerate() {
        let path = folder.path().join(format!("{number}.txt"));
        std::fs::write(&path, text).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    let coverage = std::fs::read_to_string(coverage).unwrap_or_default();
    let mut lines: Vec<String> = coverage.lines().map(str::to_owned).collect();
    lines.sort_unstable();
    (output, lines)
}

/// Lines that do not hold, behind lines that make `db`, `$root` and `event`, and what every runner says of each.
const FALSE_LINES: &[(&str, &str)] = &[
    ("script.let 1 == 2", "expected == `2` (1 bytes), got `1` (1 bytes)"),
    ("script.let 1 != 1", "expected != `1`"),
    ("script.let 9 > 10", "expected > `10`"),
    ("script.let -9 >= -8", "expected >= `-8`"),
    ("script.let 10 < 9", "expected < `9`"),
    ("script.let 18446744073709551616 <= 18446744073709551615", "expected <="),
    ("script.let abc ~ ac", "expected ~ `ac`"),
    ("script.let abc < 5", "is no number"),
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
];

/// The runner finds each false line, those of all runners and `more` of its own, and names it.
pub(crate) fn check_false_lines(runner: &Path, more: &[(&str, &str)]) {
    let before = "open_in_memory -> db\ncreate_root db \"r\" -> $root\nevent db $root -> event\n\n# false:\n";
    let lines = [FALSE_LINES, more].concat();
    let texts: Vec<String> = lines.iter().map(|(line, _)| format!("{before}{line}\n")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (output, _) = run_texts(runner, &texts);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for (number, (line, problem)) in lines.iter().enumerate() {
        let place = format!("{number}.txt:6: {line}\n    ");
        let found = said.split_once(&place).unwrap_or_else(|| panic!("{line} was let pass:\n{said}")).1;
        let found = found.lines().next().unwrap_or_default();
        assert!(found.contains(problem), "of `{line}` the runner says `{found}`, not `{problem}`");
    }
}
