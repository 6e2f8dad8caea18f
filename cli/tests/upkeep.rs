//! Figures for Prometheus, and the log.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../../core/tests/support/exposition.rs"]
mod exposition;
#[allow(dead_code, reason = "what other tests ask of the shell")]
mod support;

use support::{Shell, json};

#[test]
fn figures_for_prometheus_are_of_the_store() {
    let shell = Shell::new();
    shell.ok(&["init", "a \"b\" c"]);
    shell.ok_with(&["-s", "a \"b\" c", "put", "-"], b"content");
    let text = shell.ok(&["-s", "a \"b\" c", "stats", "--prometheus"]);
    let read = exposition::parse(&text).unwrap();
    let store = shell.path("a \"b\" c").to_string_lossy().into_owned();
    assert_eq!(read.value("ouroborosdb_events", ("store", &store)), Some(2.0));
    assert_eq!(read.value("ouroborosdb_content_bytes", ("store", &store)), Some(7.0));
    assert_eq!(read.value("ouroborosdb_damaged_ranges", ("store", &store)), Some(0.0));
    // What this process has done is to open the store.
    assert!(read.kinds.values().all(|kind| kind == "gauge"), "{text}");
    let (code, said) = shell.fails(&["-s", "a \"b\" c", "stats", "--prometheus", "--json"]);
    assert_eq!(code, 2, "{said}");
}

#[test]
fn the_log_goes_to_standard_error() {
    let shell = Shell::new();
    shell.ok(&["init", "store"]);
    let (printed, told) = shell.both(&["-s", "store", "--log", "debug", "stats"]);
    assert!(printed.starts_with("events"), "{printed}");
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("ouroboros: info: opened store="), "{told}");
    assert!(lines[lines.len() - 1].starts_with("ouroboros: debug: closed store="), "{told}");
    let (_, told) = shell.both(&["-s", "store", "--log", "warn", "stats"]);
    assert_eq!(told, "");
    let (_, told) = shell.both(&["-s", "store", "stats", "--log-json"]);
    let record = json(&told);
    assert_eq!((&record["level"], &record["message"]), (&"info".into(), &"opened".into()));
    assert_eq!(record["fields"]["read_only"], true);
    assert!(record["time_ms"].as_u64().unwrap() > 1_700_000_000_000);
    let (code, said) = shell.fails(&["-s", "store", "--log", "loud", "stats"]);
    assert!(code == 2 && said.contains("loud"), "{said}");
}

/// What led to a failure stands before the sentence that tells it.
#[test]
fn damage_is_told_before_the_failure() {
    let shell = Shell::new();
    shell.ok(&["init", "store"]);
    let put = shell.ok_with(&["-s", "store", "put", "-"], &b"words that are found again ".repeat(40));
    let segment = shell.path("store/segments/00000001.segment");
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8].fill(0xff);
    std::fs::write(&segment, bytes).unwrap();
    std::fs::remove_dir_all(shell.path("store/index")).unwrap();
    let (code, said) = shell.fails(&["-s", "store", "--log", "error", "cat", put.trim()]);
    assert!(code != 0, "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].starts_with("ouroboros: error: damage was read store="), "{said}");
    assert!(!lines[lines.len() - 1].contains("error: "), "{said}");
}

/// A disk is taken away, and mounted elsewhere.
#[test]
fn a_store_may_be_on_several_disks() {
    let shell = Shell::new();
    let folders = |arguments: &[&str]| {
        let stats = json(&shell.ok(&[&["-s", "store", "--json", "stats"], arguments].concat()));
        [&stats["paths"], &stats["missing_paths"]].map(|value| value.as_u64().unwrap())
    };
    shell.ok(&["--also-in", "second", "--also-in", "third", "init", "store"]);
    assert!(shell.path("second/superblock").is_file());
    assert_eq!(folders(&[]), [3, 0]);
    let prometheus = shell.ok(&["-s", "third", "stats", "--prometheus"]);
    assert!(prometheus.contains("ouroborosdb_missing_paths{store=\""), "{prometheus}");
    shell.ok(&["-s", "store", "verify"]);
    std::fs::rename(shell.path("second"), shell.path("moved")).unwrap();
    assert_eq!(folders(&[]), [3, 1]);
    let (code, said) = shell.fails(&["-s", "store", "verify"]);
    assert!(code == 3 && said.contains("second"), "{said}");
    assert_eq!(folders(&["--also-in", "moved"]), [3, 0]);
    shell.ok_with(&["-s", "store", "put", "-", "--also-in", "moved"], b"content");
    shell.ok(&["-s", "store", "verify", "--also-in", "moved"]);
    shell.ok(&["init", "other"]);
    let (code, said) = shell.fails(&["-s", "store", "stats", "--also-in", "other"]);
    assert!(code == 1 && said.contains("other"), "{said}");
}

#[test]
fn the_memory_limit_is_that_of_every_command() {
    let shell = Shell::new();
    let small = ["--memory-limit", "4194303"];
    shell.ok(&["init", "store", "--memory-limit", "4194304"]);
    for command in [&["verify"][..], &["stats"], &["import", "."], &["backup", "store", "copy"]] {
        let (code, said) = shell.fails(&[&["-s", "store"], &small[..], command].concat());
        assert!(code == 1 && said.contains("memory_limit is 4194303"), "{command:?}: {said}");
    }
}

#[test]
fn content_is_compressed_as_the_command_line_says() {
    let shell = Shell::new();
    let text = "a line that comes again and again, and shrinks\n".repeat(4000);
    let bytes = |how: &str| -> u64 {
        shell.ok_with(&["-s", how, "put", "-", "--compression", how], text.as_bytes());
        let stats = json(&shell.ok(&["-s", how, "stats", "--json"]));
        stats["stored_bytes"].as_u64().unwrap()
    };
    let [none, fast, default] = ["none", "fast", "default"].map(bytes);
    assert!(none > text.len() as u64 / 4 && fast < none / 2 && default < none / 2, "{none} {fast} {default}");
    let (code, said) = shell.fails(&["init", "other", "--compression", "much"]);
    assert!(code == 2 && said.contains("none, fast, default"), "{said}");
}
