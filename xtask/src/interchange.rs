//! A store that any language wrote is the same store to every language.
//!
//! Each store is dumped by the program `dump` of each language, which prints every field of every event and a hash of
//! each file as it is read through that language. All that is printed of one store must be equal.

use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::command::capture;
use crate::programs::Built;

/// Reads each store in each language. A store's folder has the name of the language that wrote it.
pub(crate) fn run(stores: &[PathBuf], programs: &Built) -> Result<()> {
    let readers = programs.in_each_language("dump")?;
    let mut failures = Vec::new();
    let mut events = 0;
    for store in stores {
        let writer = store.file_name().unwrap_or_default().to_string_lossy();
        let mut dumps = Vec::new();
        for (reader, program) in &readers {
            dumps.push((*reader, capture(again(program).arg(store))?));
        }
        failures.extend(compare(&writer, &dumps));
        events += dumps.first().map_or(0, |(_, text)| text.lines().count());
    }
    if !failures.is_empty() {
        return Err(failures.join("\n").into());
    }
    let languages: Vec<&str> = readers.iter().map(|(language, _)| *language).collect();
    println!(
        "interchange: {} stores with {events} events, each read in {}: {} pairs, all equal",
        stores.len(),
        languages.join(", "),
        stores.len() * readers.len()
    );
    Ok(())
}

/// The same command once more: one that is given another argument keeps it.
fn again(command: &Command) -> Command {
    let mut copy = Command::new(command.get_program());
    copy.args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        copy.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => copy.env(name, value),
            None => copy.env_remove(name),
        };
    }
    copy
}

/// What is wrong with the dumps of one store: none has an event, or one is not as the first.
fn compare(writer: &str, dumps: &[(&str, String)]) -> Vec<String> {
    let Some(((first, expected), others)) = dumps.split_first() else { return Vec::new() };
    if expected.is_empty() {
        return vec![format!("the store that {writer} wrote has no event for {first}")];
    }
    let differing = others.iter().filter(|(_, dump)| dump != expected);
    differing
        .map(|(reader, dump)| {
            let (line, (left, right)) = first_difference(expected, dump);
            format!(
                "the store that {writer} wrote, line {line}: {first} reads\n  {left}\nand {reader} reads\n  {right}"
            )
        })
        .collect()
}

/// The first line in which two texts differ, and its number from 1.
fn first_difference<'a>(left: &'a str, right: &'a str) -> (usize, (&'a str, &'a str)) {
    const NOTHING: &str = "(nothing more)";
    let (mut lefts, mut rights) = (left.lines(), right.lines());
    let mut number = 1;
    loop {
        match (lefts.next(), rights.next()) {
            (Some(left), Some(right)) if left == right => number += 1,
            (None, None) => return (number, ("another end of line", "another end of line")),
            (left, right) => return (number, (left.unwrap_or(NOTHING), right.unwrap_or(NOTHING))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::compare;

    fn dumps(texts: &[&'static str]) -> Vec<(&'static str, String)> {
        let languages = ["Rust", "C", "Node"];
        languages.into_iter().zip(texts.iter().map(|text| (*text).to_owned())).collect()
    }

    #[test]
    fn equal_dumps_are_equal() {
        assert_eq!(compare("c", &dumps(&["a\nb\n", "a\nb\n", "a\nb\n"])), Vec::<String>::new());
    }

    #[test]
    fn each_language_that_differs_is_named_with_its_first_line() {
        let failures = compare("c", &dumps(&["a\nb\n", "a\n", "a\nx\n"]));
        let [short, other] = failures.as_slice() else { panic!("{failures:?}") };
        assert!(short.contains("C reads\n  (nothing more)") && short.contains("line 2"), "{short}");
        assert!(other.contains("Node reads\n  x"), "{other}");
    }

    #[test]
    fn a_store_without_events_proves_nothing() {
        assert_eq!(compare("c", &dumps(&["", "", ""])).len(), 1);
    }
}
