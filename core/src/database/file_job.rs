//! One of many files: what it is read from, and how a thread stores it.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::new_file::Source;
use super::{Bulk, Stored};
use crate::error::{Error, ErrorCode, Result};

/// A file to be stored.
pub(super) struct Job<'f> {
    pub(super) at: usize,
    pub(super) source: Source<'f>,
    /// About how long it is; as long as can be where nobody knows.
    pub(super) bytes: u64,
    /// Whether its bytes have been counted already.
    pub(super) counted: bool,
    pub(super) temporary: bool,
}

/// A file that is stored.
pub(super) struct Done {
    pub(super) at: usize,
    pub(super) stored: Stored,
}

/// Stores one file, and tells `count` of its bytes as they come.
pub(super) fn store_counting(
    bulk: &Bulk<'_>,
    job: Job<'_>,
    count: &dyn Fn(u64) -> Result<()>,
) -> Result<Done> {
    // The caller's reader may close the database, on this thread, which must not wait for itself.
    let _inside = bulk.enter()?;
    let Job { at, source, bytes: length, counted, temporary } = job;
    let mut count = |bytes| count(if counted { 0 } else { bytes });
    let stored = match source {
        Source::Bytes(bytes) => {
            let mut reader = (*bytes).as_ref();
            bulk.store(&mut Watched { reader: &mut reader, count: &mut count }, Some(length), temporary)
        }
        Source::Path(path) => open(&path).and_then(|file| {
            let mut reader = OfPath { file, path: &path };
            bulk.store(&mut Watched { reader: &mut reader, count: &mut count }, Some(length), temporary)
        }),
        Source::Reader(mut reader) | Source::Here(mut reader) => {
            bulk.store(&mut Watched { reader: &mut reader, count: &mut count }, None, temporary)
        }
    };
    Ok(Done { at, stored: stored.map_err(|error| named(at, error))? })
}

/// Opens a file, and nothing but a file. Never waits for the other end of a pipe.
fn open(path: &Path) -> Result<File> {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, nix::libc::O_NONBLOCK);
    let file = options.read(true).open(path).map_err(|error| Error::io("cannot read", path, error))?;
    file_bytes(path, file.metadata())?;
    Ok(file)
}

/// How long the file at a path is; an error where it is none.
pub(super) fn file_bytes(path: &Path, metadata: io::Result<fs::Metadata>) -> Result<u64> {
    let metadata = metadata.map_err(|error| Error::io("cannot read", path, error))?;
    if metadata.is_file() {
        return Ok(metadata.len());
    }
    let message = format!("{} is no file; import a folder, open a device or a pipe yourself", path.display());
    Err(Error::new(ErrorCode::InvalidArgument, message))
}

/// The error, led by the file that it concerns; as it is where it concerns all of them.
pub(super) fn named(at: usize, error: Error) -> Error {
    match error.code() {
        ErrorCode::Closed | ErrorCode::Cancelled | ErrorCode::Poisoned | ErrorCode::DiskFull => error,
        _ => error.within(&format!("files[{at}]")),
    }
}

/// A reader whose bytes are counted, and which ends when the call does.
pub(super) struct Watched<'a, R: Read + ?Sized> {
    pub(super) reader: &'a mut R,
    pub(super) count: &'a mut dyn FnMut(u64) -> Result<()>,
}

impl<R: Read + ?Sized> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A reader that claims more than it was asked for is not believed.
        let read = self.reader.read(buffer)?.min(buffer.len());
        (self.count)(read as u64)?;
        Ok(read)
    }
}

/// A file that names its path in errors.
struct OfPath<'a> {
    file: File,
    path: &'a Path,
}

impl Read for OfPath<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer).map_err(|error| {
            if error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            Error::io("cannot read", self.path, error).into()
        })
    }
}
