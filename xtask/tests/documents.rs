//! The root documents say what is so: the README's code is the code of the examples, its table has every
//! operation, and the files that the documents name exist.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The lines between the marks `README: begin` and `README: end`, without their common indentation.
fn region(source: &str) -> String {
    let lines: Vec<&str> = source
        .lines()
        .skip_while(|line| !line.ends_with("README: begin") && !line.ends_with("README: begin */"))
        .skip(1)
        .take_while(|line| !line.contains("README: end"))
        .collect();
    let written = lines.iter().filter(|line| !line.is_empty());
    let indent = written.map(|line| line.len() - line.trim_start().len()).min().expect("a region");
    lines.iter().map(|line| format!("{}\n", line.get(indent..).unwrap_or(""))).collect()
}

/// The first fenced block of this language.
fn block(document: &str, language: &str) -> String {
    let fence = format!("```{language}");
    let lines = document.lines().skip_while(|line| *line != fence).skip(1);
    lines.take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_code_of_the_readme_is_that_of_the_examples() {
    let readme = read("README.md");
    for (language, example) in [
        ("rust", "examples/quickstart.rs"),
        ("c", "examples/quickstart.c"),
        ("cpp", "examples/quickstart.cpp"),
        ("python", "examples/quickstart.py"),
        ("js", "examples/quickstart.mjs"),
    ] {
        let shown = block(&readme, language);
        let lines = shown.lines().count();
        assert!((8..=16).contains(&lines), "{language}: {lines} lines");
        assert_eq!(shown, region(&read(example)), "the block `{language}` of README.md is not {example}");
    }
}

#[test]
fn the_readme_opens_with_the_two_commands() {
    let commands = block(&read("README.md"), "sh");
    let commands: Vec<&str> = commands.lines().map(|line| line.split('#').next().unwrap().trim()).collect();
    assert_eq!(commands, ["cargo xtask demo", "cargo xtask test"]);
}

/// Every operation that is a method of its own; what belongs to an operation, as `stats.events`, has a dot.
#[test]
fn the_table_of_the_readme_has_every_operation() {
    const SMALL: [&str; 5] = ["is_closed", "is_read_only", "path", "cancel_token", "error_code"];
    let readme = read("README.md");
    let table = readme.split("## Operations").nth(1).unwrap().split("\n## ").next().unwrap();
    let listed: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let operations = read("operations.toml");
    let operations = operations.split("[[operation]]").skip(1);
    let names = operations.map(|entry| entry.split("name = \"").nth(1).unwrap().split('"').next().unwrap());
    let names: Vec<&str> = names.filter(|name| !name.contains('.') && !SMALL.contains(name)).collect();
    assert!(names.len() > 25, "{names:?}");
    assert_eq!(listed, names);
}

/// Words between backticks that begin like a path of the repository are paths of the repository.
#[test]
fn the_files_that_the_documents_name_exist() {
    let mut named = 0;
    for document in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
        for word in read(document).split('`').skip(1).step_by(2) {
            let folder = word.split('/').next().unwrap_or_default();
            let is_path = word.contains('/') && !word.contains([' ', '<', '*', '{']);
            if is_path && folder != "target" && !folder.is_empty() && root().join(folder).is_dir() {
                named += 1;
                assert!(root().join(word).exists(), "{document} names `{word}`, which does not exist");
            }
        }
    }
    assert!(named > 20, "only {named} paths were recognised");
}
