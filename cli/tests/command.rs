//! The command as a person in a shell meets it: arguments in, text, JSON and exit codes out.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "what other tests ask of the shell")]
mod support;

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;

use support::{Shell, json};

/// A folder of every kind of entry that is stored, and one that is not.
fn make_folder(folder: &Path) {
    std::fs::create_dir_all(folder.join("inner/empty")).unwrap();
    std::fs::write(
        folder.join("inner/file"),
        "content of a file that is too long to stand inline ".repeat(40),
    )
    .unwrap();
    std::fs::write(folder.join("script"), "#!/bin/sh\n").unwrap();
    std::fs::set_permissions(folder.join("script"), std::fs::Permissions::from_mode(0o751)).unwrap();
    symlink("inner/file", folder.join("link")).unwrap();
    let name = std::ffi::OsStr::from_bytes(b"n\xff\xfe\x1b[2Jme");
    std::fs::write(folder.join(name), "a name that is no text").unwrap();
    let times = std::fs::FileTimes::new()
        .set_modified(std::time::UNIX_EPOCH + std::time::Duration::new(1_500_000_000, 123_456_789));
    std::fs::File::open(folder.join("script")).unwrap().set_times(times).unwrap();
}

#[test]
fn a_folder_goes_in_and_comes_out_as_it_was() {
    let shell = Shell::new();
    let folder = shell.path("folder");
    make_folder(&folder);
    shell.ok(&["init", "store"]);
    let report = json(&shell.ok(&["-s", "store", "--json", "import", "folder"]));
    assert_eq!(
        (&report["files"], &report["directories"], &report["symlinks"]),
        (&3.into(), &3.into(), &1.into())
    );
    let event = report["event"].as_str().unwrap();
    let said = shell.ok(&["-s", "store", "export", &event[..16], "out"]);
    assert!(said.starts_with("3 files, 3 folders, 1 symbolic links"), "{said}");
    for name in ["inner/file", "script"] {
        assert_eq!(
            std::fs::read(folder.join(name)).unwrap(),
            std::fs::read(shell.path("out").join(name)).unwrap()
        );
    }
    let (was, is) = (folder.join("script"), shell.path("out/script"));
    let (was, is) = (std::fs::metadata(was).unwrap(), std::fs::metadata(is).unwrap());
    assert_eq!((was.mode(), was.mtime(), was.mtime_nsec()), (is.mode(), is.mtime(), is.mtime_nsec()));
    assert_eq!(std::fs::read_link(shell.path("out/link")).unwrap(), Path::new("inner/file"));
    let strange = shell.path("out").join(std::ffi::OsStr::from_bytes(b"n\xff\xfe\x1b[2Jme"));
    assert_eq!(std::fs::read(strange).unwrap(), b"a name that is no text");
    // Again: nothing new but events.
    let chunks = |shell: &Shell| json(&shell.ok(&["-s", "store", "--json", "stats"]))["chunk_bytes"].clone();
    let before = chunks(&shell);
    shell.ok(&["-s", "store", "import", "folder"]);
    assert_eq!(chunks(&shell), before);
    let verdict = json(&shell.ok(&["-s", "store", "--json", "verify"]));
    assert_eq!(verdict["clean"], true);
}

#[test]
fn a_backup_is_made_and_goes_on() {
    let shell = Shell::new();
    shell.ok(&["init", "store"]);
    shell.ok_with(&["-s", "store", "put", "-"], b"first");
    let first = json(&shell.ok(&["--json", "backup", "store", "copy"]));
    assert_eq!((first["sequence"].as_u64(), first["bytes_kept"].as_u64()), (Some(2), Some(0)));
    let id = shell.ok_with(&["-s", "store", "put", "-"], b"second");
    let said = shell.ok(&["-s", "store", "backup", "copy"]);
    assert!(said.contains("up to event 3"), "{said}");
    assert_eq!(shell.ok(&["-s", "copy", "cat", id.trim()]), "second");
    let (code, said) = shell.fails(&["backup", "store", "store"]);
    assert!(code == 1 && said.contains("no backup"), "{code} {said}");
}

#[test]
fn what_is_stored_does_not_steer_the_terminal() {
    let shell = Shell::new();
    make_folder(&shell.path("folder"));
    shell.ok(&["init", "store"]);
    shell.ok(&["-s", "store", "import", "folder"]);
    let tree = shell.ok(&["-s", "store", "tree"]);
    assert!(!tree.contains('\x1b'), "{tree:?}");
    assert!(tree.contains("n\\xff\\xfe\\u{1b}[2Jme"), "{tree}");
    assert!(tree.contains("link -> inner/file"), "{tree}");
    assert!(tree.lines().next().unwrap().contains("“files”"), "{tree}");
    let lines = shell.ok(&["-s", "store", "--json", "tree"]);
    let names: Vec<serde_json::Value> =
        lines.lines().map(|line| json(line)["attributes"]["file.name"].clone()).collect();
    assert!(names.contains(&serde_json::json!({ "hex": "6efffe1b5b324a6d65" })), "{names:?}");
}

#[test]
fn one_file_goes_in_and_out_by_pipe() {
    let shell = Shell::new();
    shell.ok(&["init", "store"]);
    let put = ["-s", "store", "put", "-", "-a", "name=pipe", "-m", "text/plain", "-r", "pipes"];
    let id = shell.ok_with(&put, b"0123456789");
    let id = id.trim();
    assert_eq!(shell.ok(&["-s", "store", "cat", &id[..20]]), "0123456789");
    assert_eq!(shell.ok(&["-s", "store", "cat", id, "--offset", "3", "--length", "4"]), "3456");
    assert_eq!(shell.ok(&["-s", "store", "cat", id, "--offset", "30"]), "");
    let event = json(&shell.ok(&["-s", "store", "--json", "show", id]));
    assert_eq!(event["attributes"]["name"], "pipe");
    assert_eq!(event["metadata"], "text/plain");
    assert_eq!(event["content_length"], 10);
    let said = shell.ok(&["-s", "store", "show", id]);
    assert!(said.contains("attribute  name = pipe") && said.contains("file       10 bytes"), "{said}");
    let below = shell.ok_with(&["-s", "store", "put", "-", "-u", &id[..20]], b"below");
    let below = json(&shell.ok(&["-s", "store", "--json", "show", below.trim()]));
    assert_eq!(below["parent"], id);
}

#[test]
fn the_log_and_the_changes_are_in_the_order_of_commits() {
    let shell = Shell::new();
    shell.ok(&["init", "store"]);
    for number in 0..5 {
        shell.ok_with(&["-s", "store", "put", "-", "-a", &format!("number={number}")], b"x");
    }
    let all = shell.ok(&["-s", "store", "log"]);
    assert_eq!(all.lines().count(), 6, "{all}");
    let last = shell.ok(&["-s", "store", "log", "-n", "2"]);
    assert_eq!(last.lines().collect::<Vec<_>>(), all.lines().skip(4).collect::<Vec<_>>());
    let top = json(shell.ok(&["-s", "store", "--json", "log"]).lines().next().unwrap())["id"].clone();
    let top = top.as_str().unwrap();
    assert_eq!(shell.ok(&["-s", "store", "log", &top[..30], "-n", "2"]), last);
    let changes = shell.ok(&["-s", "store", "--json", "changes"]);
    assert_eq!(changes.lines().count(), 7);
    let cursor = json(changes.lines().last().unwrap())["cursor"].as_str().unwrap().to_owned();
    shell.ok_with(&["-s", "store", "put", "-", "-a", "number=5"], b"x");
    let new = shell.ok(&["-s", "store", "--json", "changes", "--after", &cursor]);
    assert_eq!(new.lines().count(), 2, "{new}");
    assert_eq!(json(new.lines().next().unwrap())["attributes"]["number"], "5");
}

#[test]
fn following_the_changes_shows_what_another_process_commits() {
    let shell = Shell::new();
    shell.ok(&["init", "store"]);
    let mut follower = shell.start(&["-s", "store", "--json", "changes", "--follow"]);
    shell.ok_with(&["-s", "store", "put", "-", "-a", "number=1"], b"x");
    let first = follower.line();
    assert_eq!(json(&first)["kind"], "root");
    shell.ok_with(&["-s", "store", "put", "-", "-a", "number=2"], b"x");
    assert_eq!(json(&follower.line())["attributes"]["number"], "1");
    assert_eq!(json(&follower.line())["attributes"]["number"], "2");
    follower.interrupt();
    assert!(json(&follower.line())["cursor"].is_string(), "it ends with the place to go on from");
}

#[test]
fn the_nearest_store_is_used_where_none_is_named() {
    let shell = Shell::new();
    shell.ok(&["init", "store"]);
    std::fs::create_dir_all(shell.path("store/deep/below")).unwrap();
    let there = shell.at("store/deep/below");
    assert!(there.ok(&["stats"]).contains("events"));
    let (code, said) = shell.fails(&["stats"]);
    assert_eq!(code, 1);
    assert!(said.contains("--store") && said.contains("ouroboros init"), "{said}");
}

#[test]
fn each_failure_has_its_exit_code_and_its_sentence() {
    let shell = Shell::new();
    let stores = ["init", "store"];
    shell.ok(&stores);
    let id = shell.ok_with(&["-s", "store", "put", "-"], "x".repeat(5000).as_bytes());
    for (arguments, code, word) in [
        (&["-s", "store", "cat", "zz"][..], 1, "hexadecimal"),
        (&["-s", "store", "cat", "000000000000"], 1, "holds no event"),
        (&["-s", "missing", "stats"], 1, "missing"),
        (&["-s", "store", "put", "missing"], 1, "missing"),
        (&["-s", "store", "put", "-", "-a", "no-equals-sign"], 1, "NAME=VALUE"),
        (&["-s", "store", "changes", "--after", "nonsense"], 1, "cursor"),
        (&["-s", "store", "import", "missing"], 1, "missing"),
        (&["init", "store"], 1, "already"),
        (&["frobnicate"], 2, "frobnicate"),
        (&["cat"], 2, "EVENT"),
        (&["-s", "store", "import", "x", "--under", "00", "--root", "r"], 2, "--root"),
    ] {
        let (found, said) = shell.fails(arguments);
        assert!(found == code && said.contains(word), "{arguments:?}: {found}, {said}");
    }
    let (code, said) = shell.fails(&["-s", "store", "export", id.trim(), "out"]);
    assert!(code == 1 && said.contains("file.type"), "{said}");
    shell.damage("store/segments/00000001.segment", id.trim());
    let (code, said) = shell.fails(&["-s", "store", "verify"]);
    assert!(code == 3 && said.contains("damaged"), "{code}: {said}");
    assert_eq!(shell.fails(&["-s", "store", "cat", id.trim()]).0, 3);
}

#[test]
fn a_locked_store_is_told_with_the_process_that_has_it() {
    let shell = Shell::new();
    shell.ok(&["init", "store"]);
    let db = ouroborosdb::Database::open(shell.path("store"), ouroborosdb::Options::new()).unwrap();
    let (code, said) = shell.fails(&["-s", "store", "put", "-"]);
    assert!(code == 4 && said.contains(&std::process::id().to_string()), "{said}");
    assert!(shell.ok(&["-s", "store", "stats"]).contains("events"), "looking goes on");
    drop(db);
}

#[test]
fn there_are_completions_for_each_shell_and_help_for_each_command() {
    let shell = Shell::new();
    for name in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(shell.ok(&["completions", name]).contains("ouroboros"), "{name}");
    }
    let help = shell.ok(&["--help"]);
    for command in [
        "init",
        "import",
        "export",
        "put",
        "cat",
        "show",
        "tree",
        "log",
        "changes",
        "verify",
        "stats",
        "completions",
    ] {
        assert!(help.contains(&format!("  {command} ")), "{command}");
        assert!(shell.ok(&[command, "--help"]).contains("Usage"), "{command}");
    }
}
