//! The one place where a file becomes memory.
//!
//! Only files that nobody writes or cuts any more are mapped: sealed segments. Truncating a mapped file kills
//! every process that reads behind its new end, so nothing in the engine ever does.

use std::fs::File;
use std::io;

use super::Mapping;

pub(super) fn map(file: &File) -> io::Result<Mapping> {
    if file.metadata()?.len() == 0 {
        return Ok(Mapping::new(Vec::new()));
    }
    // SAFETY: the engine maps only sealed segments, which it never writes, cuts or unlinks while anyone holds
    // them, and it checks the checksum of every record that it reads from the mapping.
    #[allow(unsafe_code, reason = "mapping a file is unsafe by nature; the module says why it is sound here")]
    let mapping = unsafe { memmap2::Mmap::map(file)? };
    Ok(Mapping::new(mapping))
}
