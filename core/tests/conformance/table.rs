//! `operations.toml` has the engine's error codes, all of them and no others.

use std::path::Path;

use ouroborosdb::ErrorCode;

/// The rows of a list of tables, as key and value pairs; strings without their quotes. The file keeps to this
/// simple form of TOML: `key = value`, one a line.
fn rows(text: &str, table: &str) -> Vec<Vec<(String, String)>> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with('[') {
            inside = line == format!("[[{table}]]");
            if inside {
                rows.push(Vec::new());
            }
        } else if let (true, Some((key, value)), Some(row)) =
            (inside, line.split_once(" = "), rows.last_mut())
        {
            row.push((key.to_owned(), value.trim_matches('"').to_owned()));
        }
    }
    rows
}

fn get<'a>(row: &'a [(String, String)], key: &str) -> &'a str {
    let found = row.iter().find(|(other, _)| other == key);
    found.map(|(_, value)| value.as_str()).unwrap_or_else(|| panic!("{row:?} has no {key}"))
}

#[test]
fn the_table_of_errors_is_the_engines() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../operations.toml");
    let text = std::fs::read_to_string(path).expect("operations.toml is there");
    let listed: Vec<(String, String, String)> = rows(&text, "error")
        .iter()
        .map(|row| {
            (get(row, "number").to_owned(), get(row, "name").to_owned(), get(row, "meaning").to_owned())
        })
        .collect();
    let ours: Vec<(String, String, String)> = ErrorCode::ALL
        .iter()
        .map(|code| (code.number().to_string(), code.name().to_owned(), code.meaning().to_owned()))
        .collect();
    assert_eq!(listed, ours);
}

#[test]
fn operations_are_listed_once_and_whole() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../operations.toml");
    let text = std::fs::read_to_string(path).expect("operations.toml is there");
    let operations = rows(&text, "operation");
    let mut names: Vec<&str> = operations.iter().map(|row| get(row, "name")).collect();
    for row in &operations {
        for key in ["meaning", "rust", "c", "cpp", "python", "node"] {
            assert!(!get(row, key).is_empty(), "{row:?}");
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
