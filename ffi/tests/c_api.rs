//! The tests that are written in C, `tests/c/*.c`: compiled with every warning an error, and run under
//! AddressSanitizer, LeakSanitizer and UBSan, or under ThreadSanitizer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use support::sanitizer::{SANITIZER, Sanitizer};

/// A test for each program, so that a failure names it.
macro_rules! programs {
    ($($name:ident)+) => {
        const PROGRAMS: &[&str] = &[$(stringify!($name)),+];

        $(#[test]
        fn $name() {
            run(stringify!($name));
        })+
    };
}

programs! { bad_input basics batch cursors files folders log ownership structs threads }

fn run(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let program = support::compile(name, folder.path());
    let scratch = folder.path().join("scratch");
    std::fs::create_dir(&scratch).unwrap();
    let output = support::command(&program).arg(&scratch).output().unwrap();
    assert!(output.status.success(), "{name}.c: {}", support::said(&output));
}

fn sources() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/c");
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(".c").map(str::to_owned)).collect()
}

#[test]
fn every_program_is_run() {
    let mut expected = sources();
    // These have tests of their own.
    assert!(["conformance", "leaks", "mistakes"].iter().all(|name| expected.remove(*name)));
    let listed: BTreeSet<String> = PROGRAMS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(expected, listed);
}

/// Sanitizers that find nothing because they do not run would be worse than none.
#[test]
fn mistakes_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let program = support::compile("mistakes", folder.path());
    let mistakes: &[(&str, &str)] = match *SANITIZER {
        Sanitizer::Address => {
            &[("leak", "LeakSanitizer"), ("use", "heap-use-after-free"), ("twice", "AddressSanitizer")]
        }
        // In the program, in the engine's language, and between the two.
        Sanitizer::Thread { .. } => {
            &[("race", "data race"), ("library", "data race"), ("between", "data race")]
        }
    };
    for (mistake, finding) in mistakes {
        let output = support::command(&program).arg(mistake).output().unwrap();
        let said = support::said(&output);
        assert!(!output.status.success() && said.contains(*finding), "{mistake}: {said}");
    }
    let output = support::command(&program).arg("none").output().unwrap();
    assert!(output.status.success(), "{}", support::said(&output));
}

/// A function that no test in C calls is a function that nobody has seen working.
#[test]
fn every_function_of_the_header_is_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let header = std::fs::read_to_string(root.join("../include/ouroborosdb.h")).unwrap();
    let called: String = PROGRAMS
        .iter()
        .map(|name| std::fs::read_to_string(root.join(format!("tests/c/{name}.c"))).unwrap())
        .collect();
    let functions: Vec<&str> = header
        .lines()
        .filter(|line| !line.starts_with(['/', ' ', '#', '}', '*']) && !line.starts_with("typedef"))
        .filter_map(|line| line.split('(').next()?.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("ouro_"))
        .collect();
    assert!(functions.len() > 100, "only {} functions were recognised", functions.len());
    let missing: Vec<&&str> = functions.iter().filter(|name| !called.contains(*name)).collect();
    assert!(missing.is_empty(), "no C test calls {missing:?}");
}
