//! What a call costs in Rust: `bench_bindings FOLDER GETS APPENDS READS`, the calls of a slice. `docs/benchmarks.md`.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use ouroborosdb::{Database, Durability, EventId, NewEvent, Options};

const EVENTS: usize = 10_000;
const FILES: usize = 16;
const FILE_BYTES: usize = 1 << 20;
const SLICES: usize = 5;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, gets, appends, reads] = arguments.as_slice() else {
        return Err("usage: bench_bindings FOLDER GETS APPENDS READS".into());
    };
    let mut random = Random(1);
    let db = Database::open(folder, Options::new().durability(Durability::Buffered))?;
    let root = db.ensure_root("bench")?;
    let mut ids = Vec::with_capacity(EVENTS);
    for number in 0..EVENTS {
        ids.push(db.append(root, small(number))?);
    }
    for at in (1..EVENTS).rev() {
        ids.swap(at, random.next() as usize % (at + 1));
    }
    measure("get.rust", gets.parse()?, |at| {
        black_box(db.event(ids[at % EVENTS])?.sequence());
        Ok(())
    })?;
    measure("append.rust", appends.parse()?, |at| {
        black_box(db.append(root, small(at))?);
        Ok(())
    })?;
    let mut files: Vec<EventId> = Vec::with_capacity(FILES);
    for _ in 0..FILES {
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.next() as u8).take(FILE_BYTES).collect();
        files.push(db.put_file(root, bytes.as_slice(), NewEvent::new())?);
    }
    measure("read_1m.rust", reads.parse()?, |at| {
        let bytes = black_box(db.read_file(files[at % FILES])?);
        if bytes.len() == FILE_BYTES { Ok(()) } else { Err("a file has another length".into()) }
    })?;
    db.close()?;
    Ok(())
}

/// An event whose encoding has 117 bytes.
fn small(number: usize) -> NewEvent {
    NewEvent::new().attribute("name", format!("event {number:010}"))
}

/// Prints the median over the slices of the nanoseconds of a call; the first slice, a warm-up, does not count.
fn measure(name: &str, count: usize, mut call: impl FnMut(usize) -> Result<()>) -> Result<()> {
    let mut slices = Vec::with_capacity(SLICES);
    for slice in 0..=SLICES {
        let start = Instant::now();
        for at in 0..count {
            call(slice * count + at)?;
        }
        if slice > 0 {
            slices.push(start.elapsed().as_secs_f64() * 1e9 / count as f64);
        }
    }
    slices.sort_by(f64::total_cmp);
    println!("{name} {:.1}", slices[SLICES / 2]);
    Ok(())
}

/// xorshift64*: bytes that do not compress, the same in each run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }
}
