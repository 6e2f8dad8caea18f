//! 100,000 handles that are opened and dropped leave nothing behind, in C and in C++: `tests/c/leaks.c`,
//! `tests/cpp/leaks.cpp`.
//!
//! Each program runs twice. By itself it runs all rounds, and compares what the process holds at the end with what it
//! held after the first of them: nothing may be more. Under valgrind it runs a thousandth of them, since valgrind names
//! a block that is lost once. That both find a handle that is forgotten is tested too.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "what checks headers is not used here")]
#[path = "support/cpp.rs"]
mod cpp;
#[allow(dead_code, reason = "what runs under the sanitizers is not used here")]
mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use cpp::Unit;

/// Databases, and rounds in each: 100,000 rounds.
const ALL: [&str; 2] = ["100", "1000"];
/// What is enough where each round leaves something behind.
const FEW: [&str; 2] = ["3", "1000"];
/// What valgrind runs; it takes some ten milliseconds for a round of all kinds.
const UNDER_VALGRIND: [&str; 2] = ["1", "100"];

/// Handles of each kind that are dropped at least.
const HANDLES: u64 = 100_000;
/// The same of those that take long to make.
const SLOW_HANDLES: u64 = 10_000;
const SLOW: [&str; 5] = ["import_report", "export_report", "backup_report", "verify_report", "database"];

/// What valgrind ends with if it finds anything.
const FOUND: i32 = 97;

/// Valgrind and the measures replace the sanitizers, which have an allocator of their own.
const FLAGS: &[&str] = &["-g1", "-O1"];

static C: LazyLock<PathBuf> =
    LazyLock::new(|| support::compile_with("leaks", FLAGS, &[], Path::new(env!("CARGO_TARGET_TMPDIR"))));

static CPP: LazyLock<PathBuf> = LazyLock::new(|| {
    let unit = Unit { source: "ffi/tests/cpp/leaks.cpp", flags: &["-std=c++17"] };
    cpp::compile_with("leaks_cpp", &[unit], FLAGS, &[], Path::new(env!("CARGO_TARGET_TMPDIR")))
});

/// Runs a program that measures itself.
fn measure(program: &Path, how_often: [&str; 2], forgotten: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(program);
    // What malloc keeps back for a thread would count as given out.
    command.env("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.arena_max=1");
    command.arg(folder.path()).args(how_often).args(forgotten).output().unwrap()
}

/// Runs a program that valgrind watches.
fn watch(program: &Path, forgotten: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("valgrind");
    command.args(["--quiet", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect,possible"]);
    command.arg(format!("--error-exitcode={FOUND}")).arg(program).arg(folder.path());
    command.args(UNDER_VALGRIND).args(forgotten).output().expect("valgrind is installed")
}

/// The types that have a function to free them, without `ouro_`.
fn kinds_of_handles() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let header = std::fs::read_to_string(root.join("../include/ouroborosdb.h")).unwrap();
    let lines = header.lines().filter_map(|line| line.strip_prefix("void ouro_")?.split_once("_free("));
    let kinds: Vec<String> = lines.map(|(kind, _)| kind.to_owned()).collect();
    assert!(kinds.len() > 10, "only {kinds:?} were recognised");
    kinds
}

#[test]
fn in_c_nothing_grows() {
    let output = measure(&C, ALL, &[]);
    let said = support::said(&output);
    assert!(output.status.success(), "{said}");
    for kind in kinds_of_handles() {
        let line = format!("dropped {kind} ");
        let dropped = said.lines().find_map(|said| said.strip_prefix(&line)).unwrap_or("0");
        let wanted = if SLOW.contains(&kind.as_str()) { SLOW_HANDLES } else { HANDLES };
        assert!(dropped.parse::<u64>().unwrap() >= wanted, "only {dropped} handles of {kind}:\n{said}");
    }
}

#[test]
fn in_c_valgrind_finds_nothing() {
    let output = watch(&C, &[]);
    assert!(output.status.success(), "{}", support::said(&output));
}

#[test]
fn in_cpp_nothing_grows() {
    let output = measure(&CPP, ALL, &[]);
    assert!(output.status.success(), "{}", support::said(&output));
}

#[test]
fn in_cpp_valgrind_finds_nothing() {
    let output = watch(&CPP, &[]);
    assert!(output.status.success(), "{}", support::said(&output));
}

#[test]
fn what_is_forgotten_grows() {
    let forget = |program: &Path, kind: &str| {
        let output = measure(program, FEW, &[kind]);
        let said = support::said(&output);
        assert!(output.status.code() == Some(1) && said.contains("this leaks"), "forgetting {kind}: {said}");
    };
    kinds_of_handles().iter().for_each(|kind| forget(&C, kind));
    forget(&CPP, "forget");
}

#[test]
fn what_is_forgotten_is_named_by_valgrind() {
    let output = watch(&C, &["cancel_token"]);
    let said = support::said(&output);
    let named = said.contains("definitely lost") && said.contains("ouro_cancel_token_new");
    assert!(output.status.code() == Some(FOUND) && named, "{said}");
}
