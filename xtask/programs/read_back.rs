//! Reads every entry of an imported folder back and compares it with the original on disk.
//!
//! `read_back STORE EVENT FOLDER`. Descendants come depth first, parents before their children, so the path
//! of the entry at hand is a stack: an entry's parent is always on it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::error::Error;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use ouroborosdb::{Database, Event, EventId, Options};

const BLOCK_BYTES: usize = 1 << 20;

#[derive(Default)]
struct Found {
    files: u64,
    directories: u64,
    symlinks: u64,
    bytes: u64,
    differences: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [store, event, folder] = arguments.as_slice() else {
        return Err("usage: read_back STORE EVENT FOLDER".into());
    };
    let top: EventId = event.to_str().ok_or("the event's id is not text")?.parse()?;
    let start = Instant::now();
    let db = Database::open_read_only(store, Options::new())?;
    let mut found = Found { directories: 1, ..Found::default() };
    let mut blocks = (vec![0; BLOCK_BYTES], vec![0; BLOCK_BYTES]);
    let mut stack = vec![(top, PathBuf::from(folder))];
    for event in db.descendants(top)? {
        let event = event?;
        while stack.last().is_some_and(|(id, _)| Some(*id) != event.parent()) {
            stack.pop();
        }
        let (_, folder) = stack.last().ok_or("a descendant hangs under none of its ancestors")?;
        let path = folder.join(os_string(event.attribute("file.name").ok_or("an entry without a name")?));
        if !same(&db, &event, &path, &mut blocks, &mut found)? {
            found.differences += 1;
            eprintln!("differs: {}", path.display());
        }
        stack.push((event.id(), path));
    }
    println!("files {}", found.files);
    println!("directories {}", found.directories);
    println!("symlinks {}", found.symlinks);
    println!("bytes {}", found.bytes);
    println!("differences {}", found.differences);
    println!("seconds {}", start.elapsed().as_secs_f64());
    Ok(())
}

/// Whether the entry is what lies at `path`; counts it.
fn same(
    db: &Database,
    event: &Event,
    path: &Path,
    blocks: &mut (Vec<u8>, Vec<u8>),
    found: &mut Found,
) -> Result<bool, Box<dyn Error>> {
    match event.attribute("file.type") {
        Some(b"directory") => {
            found.directories += 1;
            Ok(path.is_dir())
        }
        Some(b"symlink") => {
            found.symlinks += 1;
            let target = os_string(event.attribute("file.target").ok_or("a link without a target")?);
            Ok(std::fs::read_link(path).is_ok_and(|original| original.as_os_str() == target))
        }
        Some(b"file") => {
            found.files += 1;
            let mut stored = db.open_file(event)?;
            let mut original = File::open(path)?;
            loop {
                let length = fill(&mut stored, &mut blocks.0)?;
                let original_length = fill(&mut original, &mut blocks.1)?;
                if blocks.0[..length] != blocks.1[..original_length] {
                    return Ok(false);
                }
                found.bytes += length as u64;
                if length < BLOCK_BYTES {
                    return Ok(true);
                }
            }
        }
        _ => Err("an entry of an unknown type".into()),
    }
}

/// Reads until the block is full or the file ends.
fn fill(reader: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < block.len() {
        match reader.read(&mut block[length..])? {
            0 => break,
            read => length += read,
        }
    }
    Ok(length)
}

#[cfg(unix)]
fn os_string(bytes: &[u8]) -> OsString {
    std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec())
}

#[cfg(not(unix))]
fn os_string(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
