//! The C++ face, `include/ouroborosdb.hpp`: that every header compiles by itself under the strictest warnings, that
//! nothing of the C header is left out, and the tests that are written in C++, `tests/cpp/*.cpp`, under
//! AddressSanitizer, LeakSanitizer and UBSan.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "support/cpp.rs"]
mod cpp;
#[allow(dead_code, reason = "what compiles C is not used here")]
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;

use cpp::Unit;

const STANDARDS: &[&str] = &["c++17", "c++20", "c++23"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The headers from `include/`, by name: the one for users, and those that it includes.
fn headers() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("include/ouroborosdb")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut headers: Vec<String> = names.map(|name| format!("ouroborosdb/{name}")).collect();
    headers.push("ouroborosdb.hpp".to_owned());
    headers.sort();
    headers
}

/// All text of the headers.
fn text() -> String {
    let read = |name: &String| std::fs::read_to_string(root().join("include").join(name)).unwrap();
    headers().iter().map(read).collect()
}

/// Each test is a program of one unit, and says what does not hold.
macro_rules! programs {
    ($($name:ident($($flag:literal)+))+) => {
        const PROGRAMS: &[&str] = &[$(stringify!($name)),+];

        $(#[test]
        fn $name() {
            let folder = tempfile::tempdir().unwrap();
            let output = run(&build(stringify!($name), &[$($flag),+], folder.path()), folder.path(), &[]);
            assert!(output.status.success(), "{}.cpp: {}", stringify!($name), support::said(&output));
        })+
    };
}

// The C++20 programs use what C++20 offers; all others hold the headers to C++17.
programs! {
    values("-std=c++20")
    tree("-std=c++20")
    files("-std=c++17")
    callbacks("-std=c++17")
    together("-std=c++17")
    misuse("-std=c++17")
}

/// The forms that begin with `try_` are all that a program without exceptions needs. Another form says what went
/// wrong and ends the program.
#[test]
fn no_exceptions() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["-std=c++17", "-fno-exceptions", "-fno-rtti"];
    let program = build("no_exceptions", &flags, folder.path());
    let output = run(&program, folder.path(), &[]);
    assert!(output.status.success(), "no_exceptions.cpp: {}", support::said(&output));
    let said = support::said(&run(&program, folder.path(), &["value"]));
    assert!(said.contains("signal: 6") && said.contains("try_"), "{said}");
}

fn build(name: &str, flags: &[&str], folder: &Path) -> PathBuf {
    cpp::compile(name, &[Unit { source: &format!("ffi/tests/cpp/{name}.cpp"), flags }], folder)
}

/// Runs a program in a fresh folder below `folder`.
fn run(program: &Path, folder: &Path, arguments: &[&str]) -> Output {
    let scratch = tempfile::tempdir_in(folder).unwrap();
    support::command(program).arg(scratch.path()).args(arguments).output().unwrap()
}

#[test]
fn every_program_is_run() {
    let entries = std::fs::read_dir(root().join("ffi/tests/cpp")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let sources: BTreeSet<String> =
        names.filter_map(|name| name.strip_suffix(".cpp").map(str::to_owned)).collect();
    let listed: BTreeSet<String> =
        PROGRAMS.iter().chain(&["no_exceptions", "leaks"]).map(|name| (*name).to_owned()).collect();
    assert_eq!(sources, listed);
}

#[test]
fn each_header_compiles_alone_and_twice() {
    for header in headers() {
        let text = format!("#include \"{header}\"\n#include \"{header}\"\n");
        cpp::check(&format!("{header} alone"), &text, &["-std=c++17"]);
    }
}

/// In any order; each stands alone already, so that one unit for a standard is enough.
#[test]
fn all_headers_compile_twice_in_every_standard() {
    let includes: Vec<String> = headers().iter().rev().map(|name| format!("#include \"{name}\"\n")).collect();
    let text = includes.concat().repeat(2);
    for standard in STANDARDS.iter().filter(|standard| cpp::knows(standard)) {
        cpp::check(&format!("the headers as {standard}"), &text, &[&format!("-std={standard}")]);
    }
}

#[test]
fn the_headers_compile_without_exceptions_in_every_standard() {
    for standard in STANDARDS.iter().filter(|standard| cpp::knows(standard)) {
        let flags = [&format!("-std={standard}"), "-fno-exceptions", "-fno-rtti"];
        cpp::check(
            &format!("the headers as {standard} without exceptions"),
            "#include \"ouroborosdb.hpp\"\n",
            &flags,
        );
    }
}

/// Nothing is defined twice, and units of two standards fit each other.
#[test]
fn two_units_are_linked_together() {
    let folder = tempfile::tempdir().unwrap();
    let newest = STANDARDS.iter().rfind(|standard| cpp::knows(standard)).unwrap();
    let newest = format!("-std={newest}");
    let units = [
        Unit { source: "ffi/tests/cpp/units/one.cpp", flags: &["-std=c++17"] },
        Unit { source: "ffi/tests/cpp/units/two.cpp", flags: &[&newest] },
    ];
    let program = cpp::compile("units", &units, folder.path());
    let output = support::command(&program).output().unwrap();
    assert!(output.status.success(), "{}", support::said(&output));
}

#[test]
fn the_quickstart_prints_what_it_prints_in_every_language() {
    let folder = tempfile::tempdir().unwrap();
    let unit = Unit { source: "examples/quickstart.cpp", flags: &["-std=c++17"] };
    let program = cpp::compile("quickstart", &[unit], folder.path());
    let output = support::command(&program).arg(folder.path().join("store")).output().unwrap();
    let expected = std::fs::read_to_string(root().join("examples/expected.txt")).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{}", support::said(&output));
}

/// The names of the functions that the C header declares.
fn functions() -> Vec<String> {
    let header = std::fs::read_to_string(root().join("include/ouroborosdb.h")).unwrap();
    let functions: Vec<String> = header
        .lines()
        .filter(|line| !line.starts_with(['/', ' ', '#', '}', '*']) && !line.starts_with("typedef"))
        .filter_map(|line| line.split('(').next()?.rsplit([' ', '*']).next())
        .filter(|name| name.starts_with("ouro_"))
        .map(str::to_owned)
        .collect();
    assert!(functions.len() > 100, "only {} functions were recognised", functions.len());
    functions
}

/// Whether a text has a name as a word of its own.
fn has_word(text: &str, name: &str) -> bool {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + name.len()..].chars().next();
        !before.is_some_and(is_part) && !behind.is_some_and(is_part)
    })
}

/// `Error::name` asks for the name of its code, and `Database::import_path` always has options.
const NO_USE: [&str; 2] = ["ouro_error_name", "ouro_database_import_path"];

#[test]
fn every_function_of_the_c_header_is_used() {
    let text = text();
    let unused = |name: &String| !has_word(&text, name) && !NO_USE.contains(&name.as_str());
    let missing: Vec<String> = functions().into_iter().filter(unused).collect();
    assert!(missing.is_empty(), "the C++ headers have no use for {missing:?}");
}

/// `#define PREFIX_NAME NUMBER` of the C header, in its order.
fn constants(prefix: &str) -> Vec<String> {
    let header = std::fs::read_to_string(root().join("include/ouroborosdb.h")).unwrap();
    let lines = header.lines().filter_map(|line| line.strip_prefix("#define ")?.strip_prefix(prefix));
    lines.filter_map(|line| line.split(' ').next().map(str::to_owned)).collect()
}

#[test]
fn every_constant_has_an_enumerator() {
    let text = text();
    for prefix in [
        "OURO_ERROR_",
        "OURO_EVENT_KIND_",
        "OURO_DURABILITY_",
        "OURO_COMPRESSION_",
        "OURO_ORDER_",
        "OURO_SEEK_",
    ] {
        let names = constants(prefix);
        assert!(names.len() > 1, "the C header has no {prefix}...");
        for name in names {
            // `default` is a word of the language.
            let enumerator = if name == "DEFAULT" { "standard".to_owned() } else { name.to_lowercase() };
            assert!(text.contains(&format!("  {enumerator} = {prefix}{name},\n")), "{prefix}{name}");
        }
    }
    let codes: Vec<&str> = text.lines().filter(|line| line.contains(" = OURO_ERROR_")).collect();
    assert_eq!(codes.len(), constants("OURO_ERROR_").len(), "the headers name codes that are none");
}

/// Each `cpp = "..."` of `operations.toml` is a name that the headers have.
#[test]
fn every_operation_is_in_the_headers() {
    let text = text();
    let table = std::fs::read_to_string(root().join("operations.toml")).unwrap();
    let operations = table.lines().filter(|line| *line == "[[operation]]").count();
    let names: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("cpp = \"")?.strip_suffix('"')).collect();
    assert_eq!(names.len(), operations, "an operation has no name in C++");
    for name in names {
        for part in name.split("::") {
            assert!(has_word(&text, part), "`{name}`: the headers have no `{part}`");
        }
    }
}

/// What a file may be long, and a line wide.
#[test]
fn the_headers_are_small() {
    for header in headers() {
        let text = std::fs::read_to_string(root().join("include").join(&header)).unwrap();
        assert!(text.lines().count() <= 600, "{header} is too long");
        for (number, line) in text.lines().enumerate() {
            assert!(line.chars().count() <= 120, "{header}:{} is too wide", number + 1);
        }
    }
}
