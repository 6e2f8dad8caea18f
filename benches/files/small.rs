//! A file of 100 bytes: what is measured in C stands beside this.

use std::hint::black_box;
use std::path::Path;

use ouroborosdb::{Database, Durability, NewEvent, Options};

use crate::Result;
use crate::measure::{Random, measure};

const FILES: usize = 10_000;
const FILE_BYTES: usize = 100;

/// Prints the nanoseconds of storing one, and of reading one of 10,000.
pub(crate) fn measure_both(folder: &Path, calls: usize, put: &str, get: &str) -> Result<()> {
    let db = Database::open(folder, Options::new().durability(Durability::Buffered))?;
    let root = db.ensure_root("bench")?;
    let (mut random, mut bytes) = (Random::new(1), [0; FILE_BYTES]);
    let mut next = || {
        random.fill(&mut bytes);
        bytes
    };
    let mut files = Vec::with_capacity(FILES);
    for _ in 0..FILES {
        files.push(db.put_file(root, next().as_slice(), NewEvent::new())?);
    }
    measure(put, calls, 1, || {
        black_box(db.put_file(root, next().as_slice(), NewEvent::new())?);
        Ok(())
    })?;
    let mut at = 0;
    measure(get, calls, 1, || {
        at = (at + 1) % FILES;
        let read = black_box(db.read_file(files[at])?);
        if read.len() == FILE_BYTES { Ok(()) } else { Err("a file has another length".into()) }
    })?;
    Ok(db.close()?)
}
