//! The conformance script in every language, and the check that it reaches everything.
//!
//! Each runner leaves a coverage file (`conformance/README.md`, "Coverage"). The check holds those files against
//! `operations.toml` and against the script's own files: an operation that a language does not reach, an error
//! code that no line provokes in it, or a script file that it did not finish is a failure. So is a word in a
//! coverage file that nothing lists: a runner that invents names proves nothing.

use std::collections::BTreeSet;
use std::path::Path;

use crate::command::{cargo, run as run_command};
use crate::python::Environment;
use crate::{Result, node, paths};

/// What `operations.toml` and the folder of the script demand.
struct Demands {
    languages: Vec<String>,
    operations: Vec<String>,
    /// Name, and for each language that cannot provoke it the reason.
    codes: Vec<(String, Vec<String>)>,
    files: BTreeSet<String>,
}

/// Runs the script in every language, and checks what was reached.
pub(crate) fn run() -> Result<()> {
    let demands = Demands::read()?;
    let folder = paths::fresh_folder("conformance")?;
    let mut problems = Vec::new();
    for language in &demands.languages {
        let coverage = folder.join(format!("{language}.txt"));
        run_language(language, &coverage)?;
        let text = std::fs::read_to_string(&coverage)
            .map_err(|error| format!("{language} left no coverage file: {error}"))?;
        problems.extend(demands.missing(language, &text));
    }
    if !problems.is_empty() {
        return Err(format!("the conformance script leaves gaps:\n  {}", problems.join("\n  ")).into());
    }
    println!(
        "conformance: {} operations, {} error codes, {} script files, in {}",
        demands.operations.len(),
        demands.codes.len(),
        demands.files.len(),
        demands.languages.join(", ")
    );
    Ok(())
}

fn run_language(language: &str, coverage: &Path) -> Result<()> {
    let mut command = match language {
        "rust" => cargo(["test", "--quiet", "--package", "ouroborosdb", "--test", "conformance"]),
        "c" | "cpp" => {
            let test = if language == "c" { "conformance" } else { "conformance_cpp" };
            let mut command = cargo(["test", "--quiet", "--package", "ouroborosdb-ffi", "--test", test]);
            command.args(["--features", "ouroborosdb-ffi/testing"]);
            command
        }
        "python" => {
            let environment = Environment::prepare()?;
            environment.install(&["--features", "testing"])?;
            let mut command = environment.python();
            command.current_dir(paths::root().join("bindings-python"));
            command.args(["-m", "pytest", "--quiet", "tests/test_conformance.py"]);
            command
        }
        "node" => node::conformance()?,
        other => return Err(format!("operations.toml lists {other}, whose runner is not known here").into()),
    };
    run_command(command.env("OUROBOROSDB_COVERAGE", coverage))
}

impl Demands {
    fn read() -> Result<Demands> {
        let path = paths::root().join("operations.toml");
        let table: toml::Table = std::fs::read_to_string(&path)?.parse()?;
        let languages = strings(table.get("languages"));
        let name = |row: &toml::Value| row.get("name")?.as_str().map(str::to_owned);
        let rows = |key: &str| table.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let operations: Vec<String> = rows("operation").iter().filter_map(name).collect();
        let codes = rows("error")
            .iter()
            .filter_map(|row| {
                let excused = row.get("cannot").and_then(toml::Value::as_table);
                let excused = excused.into_iter().flat_map(|table| table.keys().cloned()).collect();
                Some((name(row)?, excused))
            })
            .collect::<Vec<_>>();
        if languages.is_empty() || operations.is_empty() || codes.is_empty() {
            return Err(format!("{} lists no languages, operations or errors", path.display()).into());
        }
        Ok(Demands { languages, operations, codes, files: script_files()? })
    }

    /// What a language's coverage file lacks, and what it says that nothing lists.
    fn missing(&self, language: &str, coverage: &str) -> Vec<String> {
        let said: BTreeSet<&str> = coverage.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut wanted = BTreeSet::from([format!("language {language}")]);
        wanted.extend(self.operations.iter().map(|name| format!("op {name}")));
        wanted.extend(self.files.iter().map(|name| format!("passed {name}")));
        let mut known = wanted.clone();
        for (name, excused) in &self.codes {
            let line = format!("code {name}");
            if !excused.iter().any(|other| other == language) {
                wanted.insert(line.clone());
            }
            known.insert(line);
        }
        let lacks = wanted.iter().filter(|line| !said.contains(line.as_str()));
        let invents = said.iter().filter(|line| !known.contains(**line));
        let lacks = lacks.map(|line| format!("{language} does not reach: {line}"));
        lacks.chain(invents.map(|line| format!("{language} says what nothing lists: {line}"))).collect()
    }
}

fn strings(value: Option<&toml::Value>) -> Vec<String> {
    let values = value.and_then(toml::Value::as_array).into_iter().flatten();
    values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

fn script_files() -> Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(paths::root().join("conformance"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".txt") {
            files.insert(name);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::Demands;

    fn demands() -> Demands {
        Demands {
            languages: vec!["c".to_owned()],
            operations: vec!["open".to_owned()],
            codes: vec![("closed".to_owned(), vec![]), ("internal".to_owned(), vec!["c".to_owned()])],
            files: ["a.txt".to_owned()].into(),
        }
    }

    #[test]
    fn all_that_is_demanded_is_enough() {
        let all = "language c\nop open\ncode closed\npassed a.txt\n";
        assert!(demands().missing("c", all).is_empty());
        assert!(demands().missing("c", &format!("{all}code internal\n")).is_empty(), "more is no harm");
    }

    #[test]
    fn each_gap_and_each_invention_is_named() {
        let all = ["language c", "op open", "code closed", "passed a.txt"];
        for gap in 0..all.len() {
            let rest: Vec<&str> =
                all.iter().enumerate().filter(|(at, _)| *at != gap).map(|(_, line)| *line).collect();
            let missing = demands().missing("c", &rest.join("\n"));
            assert_eq!(missing, [format!("c does not reach: {}", all[gap])]);
        }
        let invented = demands().missing("c", &format!("{}\nop opne", all.join("\n")));
        assert_eq!(invented, ["c says what nothing lists: op opne"]);
    }
}
