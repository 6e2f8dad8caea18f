//! The tour. The same program in every language prints the same text, `expected.txt`.
//!
//! Run it with the path of a folder that does not exist yet:
//! `cargo run --package ouroborosdb --example quickstart -- /tmp/tour`.
#![allow(clippy::print_stdout, reason = "a program that prints")]

use std::error::Error;
use std::io::{Read, SeekFrom};

use ouroborosdb::{Database, NewEvent, Options, Order, VerifyOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("usage: quickstart FOLDER")?;
    let log: String = (0..100_000).map(|number| format!("line {number:06}\n")).collect();

    // README: begin
    let db = Database::open(&folder, Options::new())?;
    let diary = db.ensure_root("diary")?; // this title has this id on every machine
    let trip = db.append(diary, NewEvent::new().attribute("place", "Lisbon").metadata("text/plain"))?;
    let file = db.put_file(trip, log.as_bytes(), NewEvent::new().attribute("name", "log"))?; // durable now
    let bytes = db.read_file(file)?; // each byte checked
    let mut reader = db.open_file(file)?;
    reader.seek(SeekFrom::Start(77_777 * 12))?; // reads only what it needs
    let mut line = [0; 11];
    reader.read_exact(&mut line)?;
    let metadata = db.metadata(file)?; // inherited from the trip
    // README: end

    let verdict = if bytes == log.as_bytes() { "equal" } else { "different" };
    println!("read back: {} bytes, {verdict}", bytes.len());
    println!("range: {}", String::from_utf8_lossy(&line));
    println!("inherited metadata: {}", String::from_utf8_lossy(&metadata.unwrap_or_default()));

    let chunks = db.stats()?.chunks;
    db.put_file(trip, log.as_bytes(), NewEvent::new().attribute("name", "copy"))?;
    println!("new chunks of the copy: {}", db.stats()?.chunks - chunks);

    let batch = db.batch()?;
    let day = batch.append(trip, NewEvent::new().attribute("name", "day 1"))?;
    batch.put_file(day, "the sea".as_bytes(), NewEvent::new().attribute("name", "photo"))?;
    let ids = batch.commit()?;
    println!("batch: {} events", ids.len());
    if let Err(error) = db.read_file(trip) {
        println!("error: {}", error.code().name());
    }
    db.close()?;

    let db = Database::open(&folder, Options::new())?;
    for child in db.children(trip, Order::Commit)? {
        let child = child?;
        let name = String::from_utf8_lossy(child.attribute("name").unwrap_or_default());
        println!("child: {name}, {} bytes", child.content_length().unwrap_or(0));
    }
    let report = db.verify(VerifyOptions::new())?;
    println!("verified: {} events, {} problems", report.events, report.problems_total);
    db.close()?;
    Ok(())
}
