//! Stores a folder, gives it back, checks the store, and reports lines of a name and a value.
//!
//! `folder import STORE FOLDER`, `folder export STORE EVENT FOLDER`, `folder verify STORE`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::error::Error;
use std::ffi::OsString;
use std::path::Path;
use std::time::Instant;

use ouroborosdb::{Database, EventId, ExportOptions, ImportOptions, Options, VerifyOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let words: Vec<&Path> = arguments.iter().map(Path::new).collect();
    match words.as_slice() {
        [command, store, folder] if command.as_os_str() == "import" => import(store, folder),
        [command, store, event, folder] if command.as_os_str() == "export" => export(store, event, folder),
        [command, store] if command.as_os_str() == "verify" => verify(store),
        _ => Err("usage: folder import STORE FOLDER | export STORE EVENT FOLDER | verify STORE".into()),
    }
}

/// The seconds are those from opening the store to having closed it, all of it durable.
fn import(store: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let db = Database::open(store, Options::new())?;
    let before = db.stats()?;
    let root = db.ensure_root("demo")?;
    let report = db.import_path(root, folder, ImportOptions::new())?;
    db.sync()?;
    let after = db.stats()?;
    db.close()?;
    let seconds = start.elapsed().as_secs_f64();
    for skipped in &report.skipped {
        eprintln!("skipped, neither file nor folder nor link: {}", skipped.display());
    }
    println!("event {}", report.event);
    println!("files {}", report.files);
    println!("directories {}", report.directories);
    println!("symlinks {}", report.symlinks);
    println!("skipped {}", report.skipped.len());
    println!("bytes {}", report.bytes);
    println!("new_chunk_bytes {}", after.chunk_bytes - before.chunk_bytes);
    println!("stored_bytes {}", after.stored_bytes);
    println!("seconds {seconds}");
    Ok(())
}

fn export(store: &Path, event: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let event: EventId = event.to_str().ok_or("the event's id is not text")?.parse()?;
    let start = Instant::now();
    let db = Database::open_read_only(store, Options::new())?;
    let report = db.export_path(event, folder, ExportOptions::new())?;
    println!("bytes {}", report.bytes);
    println!("seconds {}", start.elapsed().as_secs_f64());
    Ok(())
}

fn verify(store: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let db = Database::open_read_only(store, Options::new())?;
    let report = db.verify(VerifyOptions::new())?;
    for problem in &report.problems {
        eprintln!("{}", problem.message);
    }
    println!("bytes {}", report.bytes);
    println!("problems {}", report.problems_total);
    println!("seconds {}", start.elapsed().as_secs_f64());
    Ok(())
}
