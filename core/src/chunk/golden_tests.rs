//! The golden files: what fixes the ids of this profile for all time.
//!
//! The tests compute each file anew and compare. `OUROBOROSDB_BLESS=1` writes the files instead, which is
//! right only for what they do not have yet: a line that changes is an id that changes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::path::PathBuf;

use super::gear_table::GEAR;
use super::test_input::{generate, generate_chunks};
use super::{ListBuilder, cut, profile};
use crate::hash;

/// Lengths around the blocks of SHA-512, where its padding begins anew, and longer ones.
const HASH_LENGTHS: [usize; 15] = [0, 1, 63, 64, 110, 111, 112, 126, 127, 128, 129, 255, 256, 4096, 65_536];

/// Lengths around each number of the profile.
const FILE_LENGTHS: [usize; 10] = [0, 1, 168, 169, 4096, 4097, 65_536, 65_537, 1 << 20, 8 << 20];

/// Other kinds of bytes, and random ones that were searched for, because they try the places where a rule
/// changes.
const FILES: [&str; 14] = [
    "zeros 0",
    "zeros 168",
    "zeros 65536",
    "zeros 65537",
    "zeros 1048576",
    "counter 1048576",
    "letters 1 1048576",
    "repeat 1 1000 1048576",
    "repeat 1 100000 1048576",
    // The first chunk has 4099 bytes: the hash begins at 4096.
    "xorshift64 1383 20000",
    // 16384 bytes: the last place where 16 bits must be zero.
    "xorshift64 32441 20000",
    // At that place 12 bits are zero, which is not enough.
    "xorshift64 5503 20000",
    // 16385 bytes: the first place where 12 bits are enough.
    "xorshift64 2341 20000",
    // 65536 bytes: no place is a cut.
    "xorshift64 102144 70000",
];

/// Numbers of chunks around each number of the rule of lists, and enough for three levels.
const CHUNK_COUNTS: [usize; 14] = [0, 1, 2, 31, 32, 33, 64, 65, 511, 512, 513, 1024, 1025, 40_000];

fn compare(file: &str, computed: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "conformance", "golden", file].iter().collect();
    if std::env::var_os("OUROBOROSDB_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(&path, computed).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap();
    for (number, (golden, computed)) in golden.lines().zip(computed.lines()).enumerate() {
        assert_eq!(golden, computed, "{file}, line {}", number + 1);
    }
    assert_eq!(golden.lines().count(), computed.lines().count(), "lines of {file}");
}

#[test]
fn gear_table() {
    let mut out = String::from("# index value\n");
    for (index, value) in GEAR.iter().enumerate() {
        writeln!(out, "{index} {value:016x}").unwrap();
    }
    compare("gear.txt", &out);
}

#[test]
fn hashes() {
    let mut out = String::from("# domain, generator of the bytes, id\n");
    for length in HASH_LENGTHS {
        let name = format!("counter {length}");
        let bytes = generate(&name);
        writeln!(out, "event {name} {}", hash::event_id(&bytes)).unwrap();
        writeln!(out, "chunk {name} {}", hash::chunk_id(&bytes)).unwrap();
        writeln!(out, "list {name} {}", hash::list_id(&bytes)).unwrap();
    }
    compare("hash.txt", &out);
}

#[test]
fn cuts() {
    let mut out = String::from("# input: generator; chunk: length, id; file: how the event refers to it\n");
    for length in FILE_LENGTHS {
        write_file(&mut out, &format!("xorshift64 1 {length}"));
    }
    for name in FILES {
        write_file(&mut out, name);
    }
    compare("cuts.txt", &out);
}

fn write_file(out: &mut String, name: &str) {
    writeln!(out, "input {name}").unwrap();
    let bytes = generate(name);
    if bytes.len() <= profile::INLINE_BYTES_MAX {
        writeln!(out, "file inline").unwrap();
        return;
    }
    let (mut builder, mut chunks, mut rest) = (ListBuilder::new(), Vec::new(), &bytes[..]);
    while !rest.is_empty() {
        let (chunk, later) = rest.split_at(cut(rest));
        let id = hash::chunk_id(chunk);
        writeln!(out, "chunk {} {id}", chunk.len()).unwrap();
        builder.push(id, chunk.len() as u64, &mut |_, _| Ok(())).unwrap();
        chunks.push(id);
        rest = later;
    }
    match chunks[..] {
        [id] => writeln!(out, "file chunk {id}").unwrap(),
        _ => {
            let (levels, root) = builder.finish(&mut |_, _| Ok(())).unwrap().unwrap();
            writeln!(out, "file tree {levels} {root}").unwrap();
        }
    }
}

#[test]
fn lists() {
    let mut out = String::from("# chunks: rule, count; lists: level, how many; root: levels, id\n");
    for rule in ["counted", "same", "zero"] {
        for count in CHUNK_COUNTS {
            let name = format!("{rule} {count}");
            writeln!(out, "chunks {name}").unwrap();
            write_lists(&mut out, &name);
        }
    }
    compare("lists.txt", &out);
}

fn write_lists(out: &mut String, name: &str) {
    let mut builder = ListBuilder::new();
    let mut counts = Vec::new();
    let mut emit = |_, bytes: Vec<u8>| {
        let level = usize::from(bytes[0]);
        counts.resize(counts.len().max(level + 1), 0);
        counts[level] += 1;
        Ok(())
    };
    for (id, length) in generate_chunks(name) {
        builder.push(id, length, &mut emit).unwrap();
    }
    let root = builder.finish(&mut emit).unwrap();
    for (level, count) in counts.iter().enumerate() {
        writeln!(out, "lists {level} {count}").unwrap();
    }
    match root {
        Some((levels, id)) => writeln!(out, "root {levels} {id}").unwrap(),
        None => writeln!(out, "root none").unwrap(),
    }
}
