//! Prints every event of a store as one line of text, in commit order. What a language reads of a store is so
//! compared with what every other language reads of it.
//!
//! `dump STORE`. The words of a line are: id, kind, parent, follows, origin, time in milliseconds, its counter,
//! sequence, title, attributes, metadata, temporary, expiry in milliseconds, full text, length of the file, 64-bit
//! FNV-1a of the file. Bytes and text are hexadecimal digits, the parts of a list have commas between them, and what is
//! not there is `-`.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::fmt::{Display, Write as _};
use std::io::{BufWriter, Read, Write as _};

use ouroborosdb::{Database, Event, Options};

/// No divisor of a chunk's length, so that reads begin and end everywhere.
const PIECE_BYTES: usize = 10_007;

fn main() -> Result<(), Box<dyn Error>> {
    let store = std::env::args_os().nth(1).ok_or("usage: dump STORE")?;
    let db = Database::open_read_only(store, Options::new())?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for event in db.changes(None)? {
        writeln!(out, "{}", line(&db, &event?)?)?;
    }
    out.flush()?;
    Ok(())
}

fn line(db: &Database, event: &Event) -> Result<String, Box<dyn Error>> {
    let follows: Vec<String> = event.follows().iter().map(ToString::to_string).collect();
    let attributes: Vec<String> =
        event.attributes().map(|(name, value)| format!("{}={}", hex(name.as_bytes()), hex(value))).collect();
    let words = [
        event.id().to_string(),
        event.kind().name().to_owned(),
        or_dash(event.parent()),
        list(&follows),
        hex(&event.origin()),
        event.time_ms().to_string(),
        event.time_counter().to_string(),
        event.sequence().to_string(),
        or_dash(event.title().map(|title| hex(title.as_bytes()))),
        list(&attributes),
        or_dash(event.metadata().map(hex)),
        event.temporary().to_string(),
        or_dash(event.expires_ms()),
        event.full_text().to_string(),
        or_dash(event.content_length()),
        match event.content_length() {
            Some(_) => format!("{:016x}", hash(&mut db.open_file(event)?)?),
            None => "-".to_owned(),
        },
    ];
    Ok(words.join(" "))
}

/// FNV-1a: Fowler, Noll and Vo; its offset basis and prime for 64 bits.
fn hash(file: &mut impl Read) -> std::io::Result<u64> {
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok(state);
        }
        for byte in &piece[..read] {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn list(parts: &[String]) -> String {
    if parts.is_empty() { "-".to_owned() } else { parts.join(",") }
}

fn or_dash(value: Option<impl Display>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}
