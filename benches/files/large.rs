//! One large file, read from its beginning to its end, and at offsets of chance.

use std::hint::black_box;
use std::io::BufReader;
use std::path::Path;

use ouroborosdb::{Compression, Database, EventId, FileReader, NewEvent, Options, Order};

use crate::Result;
use crate::concatenation::Concatenation;
use crate::measure::{Random, measure};

const SEQUENTIAL: &str = "sequential";
const RANDOM: &str = "random";
/// What a caller who copies a file would read at once.
const PIECE_BYTES: usize = 1 << 20;
const RANDOM_BYTES: usize = 4096;

/// Makes the store: each of the two files under a root of its own.
pub(crate) fn build(
    store: &Path,
    source: &Path,
    compression: Compression,
    [sequential, random]: [u64; 2],
) -> Result<()> {
    let db = Database::open(store, Options::new().compression(compression))?;
    if sequential > 0 {
        let stream = Concatenation::new(source, sequential)?;
        db.put_file(db.ensure_root(SEQUENTIAL)?, stream, NewEvent::new())?;
    }
    if random > 0 {
        let stream =
            BufReader::with_capacity(PIECE_BYTES, Concatenation::without_duplicates(source, random)?);
        db.put_file(db.ensure_root(RANDOM)?, stream, NewEvent::new())?;
    }
    Ok(db.close()?)
}

/// Prints the nanoseconds of 1 MiB, opening the file included.
pub(crate) fn read_sequentially(store: &Path, row: &str) -> Result<()> {
    let db = Database::open(store, Options::new().create(false))?;
    let file = file_under(&db, SEQUENTIAL)?;
    let mebibytes = usize::try_from(db.open_file(file)?.length() >> 20)?;
    let mut piece = vec![0; PIECE_BYTES];
    measure(row, 1, mebibytes, || read_whole(&db.open_file(file)?, &mut piece))?;
    Ok(db.close()?)
}

/// Prints the nanoseconds of a read of 4 KiB. All of the file is read once before.
pub(crate) fn read_at_random(store: &Path, row: &str, calls: usize) -> Result<()> {
    let db = Database::open(store, Options::new().create(false))?;
    let reader = db.open_file(file_under(&db, RANDOM)?)?;
    read_whole(&reader, &mut vec![0; PIECE_BYTES])?;
    let ends = usize::try_from(reader.length())? - RANDOM_BYTES;
    let (mut random, mut piece) = (Random::new(4), [0; RANDOM_BYTES]);
    measure(row, calls, 1, || {
        // `below` draws of 48 bits, which is more than such a file is long.
        let read = reader.read_at(random.below(ends) as u64, &mut piece)?;
        black_box(&piece);
        if read == RANDOM_BYTES { Ok(()) } else { Err("a read within the file fell short".into()) }
    })?;
    drop(reader);
    Ok(db.close()?)
}

fn read_whole(reader: &FileReader, piece: &mut [u8]) -> Result<()> {
    let mut left = reader.length();
    loop {
        match reader.read(piece)? {
            0 if left == 0 => return Ok(()),
            0 => return Err(format!("{left} bytes of the file did not come").into()),
            read => left = left.checked_sub(read as u64).ok_or("more came than the file has")?,
        }
        black_box(&piece);
    }
}

fn file_under(db: &Database, root: &str) -> Result<EventId> {
    let files = db.child_ids(db.ensure_root(root)?, Order::Commit)?.page(1)?;
    Ok(*files.first().ok_or("the store has no such file; `large` makes it")?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use ouroborosdb::Compression;

    use super::{build, read_at_random, read_sequentially};

    #[test]
    fn what_is_built_is_read() {
        let scratch = tempfile::tempdir().unwrap();
        let (store, source) = (scratch.path().join("store"), scratch.path().join("source"));
        std::fs::create_dir(&source).unwrap();
        std::fs::write(source.join("file"), [7; 100_000]).unwrap();
        build(&store, &source, Compression::Default, [1 << 20, 0]).unwrap();
        read_sequentially(&store, "read_seq").unwrap();
        assert!(read_at_random(&store, "read_4k", 1).is_err(), "that file was not made");
        build(&store, &source, Compression::Default, [0, 1 << 20]).unwrap();
        read_at_random(&store, "read_4k", 10).unwrap();
    }
}
