//! The peer `raw`: the bytes of a durable append written to a file, and synced, by hand. It does nothing else, so it is
//! what the disk takes.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::Result;
use crate::measure::measure;
use crate::ours::Ours;

pub(crate) const NAME: &str = "raw";

/// Room of the file that is written before: for more appends than a run makes.
const PREPARED_BYTES: usize = 8 << 20;

/// A file that grows, as our segments do, and one whose bytes were all written before.
pub(crate) fn durable(folder: &Path, calls: usize) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    println!("version.raw write and fdatasync of {} bytes", Ours::append_bytes()?);
    println!("durability.raw fdatasync");
    let growing = File::create(folder.join("growing"))?;
    append("durable_1.raw", &growing, calls)?;
    let mut prepared = File::create(folder.join("prepared"))?;
    prepared.write_all(&vec![0; PREPARED_BYTES])?;
    prepared.sync_all()?;
    append("durable_1.raw_preallocated", &prepared, calls)
}

fn append(name: &str, file: &File, calls: usize) -> Result<()> {
    let bytes = vec![0xa5; Ours::append_bytes()?];
    let mut end = 0;
    measure(name, calls, 1, || {
        file.write_all_at(&bytes, end)?;
        file.sync_data()?;
        end += bytes.len() as u64;
        Ok(())
    })
}
