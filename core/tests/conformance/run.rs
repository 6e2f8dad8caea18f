//! Running a file of the script: line by line, until one does not hold.

use std::path::Path;

use ouroborosdb::ErrorCode;

use crate::coverage::Coverage;
use crate::names::Names;
use crate::outcome::{Answer, Failure, Outcome};
use crate::statement::{Expectation, Statement};
use crate::verbs;

const LANGUAGE: &str = "rust";

/// Runs a file in a fresh folder. The error is for people.
pub(crate) fn run_file(file: &Path, coverage: &mut Coverage) -> Result<(), String> {
    let script = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut names = Names::new(folder.path().to_owned());
    for (number, line) in script.lines().enumerate() {
        run_line(line, &mut names, coverage)
            .map_err(|problem| format!("{}:{}: {line}\n    {problem}", file.display(), number + 1))?;
    }
    Ok(())
}

fn run_line(line: &str, names: &mut Names, coverage: &mut Coverage) -> Result<(), String> {
    let Some(statement) = Statement::parse(line)? else { return Ok(()) };
    if !statement.is_for(LANGUAGE) {
        return Ok(());
    }
    let answer = verbs::call(names, &statement);
    let succeeded = answer.is_ok();
    check(names, &statement.expectation, answer)?;
    if succeeded {
        mark(&statement, coverage);
    } else if let Expectation::Error { code, .. } = &statement.expectation {
        coverage.code(code);
    }
    if statement.options.iter().any(|(key, _)| key == "cancel" || key == "cancel_within") {
        coverage.operation("control.cancel");
    }
    Ok(())
}

/// Notes what a statement that succeeded has shown to work.
fn mark(statement: &Statement, coverage: &mut Coverage) {
    let verb = statement.verb.as_str();
    if verbs::is_operation(verb) {
        coverage.operation(verb);
    }
    for (key, _) in &statement.options {
        match key.as_str() {
            "progress" => coverage.operation("control.progress"),
            "cancel" | "cancel_within" | "order" | "after" | "file" => {}
            "under" => coverage.operation("new_file.under"),
            "call_durability" => coverage.operation("put_files_options.durability"),
            _ if verb.starts_with("open") => coverage.operation(&format!("options.{key}")),
            _ if verb == "import_path" => coverage.operation(&format!("import_options.{key}")),
            _ => coverage.operation(&format!("new_event.{key}")),
        }
    }
}

fn check(names: &mut Names, expectation: &Expectation, answer: Answer) -> Result<(), String> {
    match (expectation, answer) {
        (_, Err(Failure::Script(mistake))) => Err(mistake),
        (Expectation::Error { code, message }, Err(Failure::Engine(error))) => {
            check_error(names, code, message.as_deref(), &error)
        }
        (_, Err(Failure::Engine(error))) => Err(format!("expected success, got {error:?}")),
        (Expectation::Error { code, .. }, Ok(outcome)) => {
            Err(format!("expected {code}, got {}", show(&outcome)))
        }
        (Expectation::Success, Ok(_)) => Ok(()),
        (Expectation::Handle(name), Ok(Outcome::Handle(handle))) => {
            names.set_handle(name.clone(), handle);
            Ok(())
        }
        (Expectation::Values(targets), Ok(Outcome::Bytes(bytes))) => keep(names, targets, bytes),
        (Expectation::Related { relation, word }, Ok(Outcome::Bytes(bytes))) => {
            let expected = names.evaluate(word).map_err(|failure| format!("{failure:?}"))?;
            if relation.holds(&bytes, &expected)? {
                return Ok(());
            }
            Err(format!("expected {relation:?} {}, got {}", brief(&expected), brief(&bytes)))
        }
        (expectation, Ok(outcome)) => Err(format!("{expectation:?} does not fit {}", show(&outcome))),
    }
}

fn check_error(
    names: &Names,
    code: &str,
    message: Option<&str>,
    error: &ouroborosdb::Error,
) -> Result<(), String> {
    if ErrorCode::from_name(code) != Some(error.code()) {
        return Err(format!("expected {code}, got {error:?}"));
    }
    let wanted = match message {
        Some(word) => names.evaluate(word).map_err(|failure| format!("{failure:?}"))?,
        None => Vec::new(),
    };
    let found = error.message();
    if found.is_empty() || !found.contains(&*String::from_utf8_lossy(&wanted)) {
        return Err(format!("the message does not contain {}: {found}", brief(&wanted)));
    }
    Ok(())
}

fn keep(names: &mut Names, targets: &[String], bytes: Vec<u8>) -> Result<(), String> {
    if let [target] = targets {
        names.set_value(target.clone(), bytes);
        return Ok(());
    }
    let parts: Vec<&[u8]> = bytes.split(|byte| *byte == b',').collect();
    if parts.len() != targets.len() {
        return Err(format!("expected {} parts, got {}: {}", targets.len(), parts.len(), brief(&bytes)));
    }
    for (target, part) in targets.iter().zip(parts) {
        names.set_value(target.clone(), part.to_vec());
    }
    Ok(())
}

fn show(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Bytes(bytes) => brief(bytes),
        Outcome::Handle(handle) => format!("{handle:.200?}"),
    }
}

/// The beginning of some bytes, for people.
fn brief(bytes: &[u8]) -> String {
    let start = bytes.get(..300.min(bytes.len())).unwrap_or_default();
    format!("`{}` ({} bytes)", start.escape_ascii(), bytes.len())
}
