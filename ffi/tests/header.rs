//! The committed header is what the sources say, and every compiler takes it as it is.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "the command uses more of it than this test")]
#[path = "../../xtask/src/header.rs"]
mod header;

use std::process::Command;

use ouroborosdb::ErrorCode;

#[test]
fn the_committed_header_is_what_the_sources_say() {
    header::check().unwrap();
}

#[test]
fn the_header_has_every_error_code_and_no_other() {
    let header = std::fs::read_to_string(header::path()).unwrap();
    let constants: Vec<&str> =
        header.lines().filter(|line| line.starts_with("#define OURO_ERROR_")).collect();
    let expected: Vec<String> = ErrorCode::ALL
        .iter()
        .map(|code| format!("#define OURO_ERROR_{} {}", code.name().to_uppercase(), code.number()))
        .collect();
    assert_eq!(constants, expected);
    assert!(!header.contains("ouro_test_"), "what only tests call is no part of the header");
}

/// Whether the header has a name of `operations.toml`: a function, `STRUCT.FIELD`, or `PREFIX_*` for constants.
fn has(header: &str, name: &str) -> bool {
    if let Some(prefix) = name.strip_suffix('*') {
        return header.contains(&format!("\n#define {prefix}"));
    }
    let Some((structure, field)) = name.split_once('.') else {
        return header.contains(&format!(" {name}(")) || header.contains(&format!("*{name}("));
    };
    let definition = header
        .split_once(&format!("\ntypedef struct {structure} {{\n"))
        .and_then(|(_, rest)| rest.split_once(&format!("\n}} {structure};")));
    definition.is_some_and(|(fields, _)| {
        let declared = fields.lines().filter_map(|line| line.trim().strip_suffix(';'));
        let mut names = declared.filter_map(|line| line.split('[').next()?.rsplit([' ', '*']).next());
        names.any(|name| name == field)
    })
}

/// The header asked for room for 50 bytes, and the library wrote the 67 of the constant beside it.
#[test]
fn arrays_have_the_room_that_the_library_writes_to() {
    let header = std::fs::read_to_string(header::path()).unwrap();
    let constant = |name: &str| {
        let line = header.lines().find_map(|line| line.strip_prefix(&format!("#define {name} ")));
        line.unwrap_or_else(|| panic!("there is no {name}")).to_owned()
    };
    let room = |function: &str| {
        let declared = header.split_once(&format!(" {function}(")).unwrap().1;
        declared.split_once(" out[").and_then(|(_, rest)| rest.split_once(']')).unwrap().0.to_owned()
    };
    for (function, name) in [
        ("ouro_changes_cursor", "OURO_CHANGE_CURSOR_BYTES"),
        ("ouro_event_id_to_hex", "OURO_EVENT_ID_HEX_BYTES"),
        ("ouro_event_get_origin", "OURO_ORIGIN_BYTES"),
    ] {
        assert_eq!(room(function), constant(name), "{function}");
    }
}

#[test]
fn the_header_has_every_name_that_operations_toml_says() {
    let header = std::fs::read_to_string(header::path()).unwrap();
    let table = header::path().parent().unwrap().join("../operations.toml");
    let table = std::fs::read_to_string(table).unwrap();
    let names: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("c = \"")?.strip_suffix('"')).collect();
    assert_eq!(names.len(), table.matches("\n[[operation]]\n").count(), "a name in C for each operation");
    let missing: Vec<&&str> = names.iter().filter(|name| !has(&header, name)).collect();
    assert!(missing.is_empty(), "the header does not have {missing:?}");
    for name in
        ["ouro_database", "ouro_databas_open", "ouro_options.creat", "ouro_stats.create", "OURO_EROR_*"]
    {
        assert!(!has(&header, name), "{name} is recognised, and is not there");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let header = std::fs::read_to_string(header::path()).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert!(header.contains(&format!("#define OURO_VERSION \"{version}\"\n")), "set it in cbindgen.toml");
}

/// Alone, twice, and with every struct that grows at its defaults.
const PROGRAM: &str = "
#include \"ouroborosdb.h\"
#include \"ouroborosdb.h\"

ouro_options options = OURO_OPTIONS_INIT;
ouro_new_event new_event = OURO_NEW_EVENT_INIT;
ouro_control control = OURO_CONTROL_INIT;
ouro_stats stats = OURO_STATS_INIT;
";

/// A machine that builds C need not have a C++ compiler: where there is none, C++17 goes unchecked there.
#[test]
fn the_header_compiles_alone_as_c99_c11_and_cpp17() {
    let folder = tempfile::tempdir().unwrap();
    let include = header::path().parent().unwrap().to_path_buf();
    let c = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let cpp = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    for (compiler, standard, suffix) in [(&c, "c99", "c"), (&c, "c11", "c"), (&cpp, "c++17", "cpp")] {
        if compiler == &cpp && Command::new(compiler).arg("--version").output().is_err() {
            eprintln!("there is no C++ compiler `{compiler}`: the header was not compiled as C++17");
            continue;
        }
        let source = folder.path().join(format!("{standard}.{suffix}"));
        std::fs::write(&source, PROGRAM).unwrap();
        let output = Command::new(compiler)
            .arg(format!("-std={standard}"))
            .args(["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-fsyntax-only", "-I"])
            .arg(&include)
            .arg(&source)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "as {standard}:\n{said}");
    }
}
