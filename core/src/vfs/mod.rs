//! The one door to the files of a store.
//!
//! Everything that the engine does to its own files goes through [`Vfs`] and [`VfsFile`], so that a store can
//! live in memory, and so that a simulator can lose, tear and damage what was not made safe. Invariants that
//! callers may rely on, and implementations must keep:
//!
//! - what `write_all_at` wrote is seen by every later `read_exact_at`, through whichever handle;
//! - it survives power loss only after `sync_data` of that file returned;
//! - a name made by `create_new`, `rename` or `create_dir` survives power loss only after `sync_dir` of its
//!   folder returned;
//! - a failed sync says nothing about what is on the disk: whoever sees one stops writing.

#[cfg(test)]
mod contract_tests;
mod durable;
pub(crate) mod forks;
mod memory;
mod mmap;
mod os;
mod platform;
mod repeatable;
#[cfg(test)]
mod simulator;
mod system_text;

use std::fmt;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use durable::create_durably;
pub(crate) use memory::MemoryVfs;
pub(crate) use os::OsVfs;
pub(crate) use repeatable::{create_dir_unless_there, remove_if_there};
#[cfg(test)]
pub(crate) use simulator::{Chance, Moment, Simulator};
pub(crate) use system_text::{bytes_of_text, text_of_bytes};

/// A file system, or something that behaves like one.
pub(crate) trait Vfs: Send + Sync + fmt::Debug {
    /// Opens an existing file.
    fn open(&self, path: &Path, access: Access) -> io::Result<Arc<dyn VfsFile>>;
    /// Makes a file that must not exist, open for reading and writing.
    fn create_new(&self, path: &Path) -> io::Result<Arc<dyn VfsFile>>;
    /// Makes a folder; its parent must exist, it must not.
    fn create_dir(&self, path: &Path) -> io::Result<()>;
    /// What is at this path, links followed; `NotFound` where there is nothing.
    fn kind(&self, path: &Path) -> io::Result<PathKind>;
    /// Where a path that exists leads to: absolute, without links.
    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }
    /// The names in a folder, in no order.
    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>>;
    /// Puts `from` in the place of `to`, atomically.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Makes `to`, which must not exist, of the first bytes of `from`, as the file system does it best: btrfs and XFS share the
    /// blocks until one of the two is changed. `go_on` is asked between two steps, and ends it as `Interrupted`. `Unsupported` where it has no way
    /// of its own. After an error there is no `to`.
    fn clone_file(
        &self,
        _from: &Path,
        _to: &Path,
        _bytes: u64,
        _go_on: &mut dyn FnMut() -> bool,
    ) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// Makes the names in a folder survive power loss.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;
    /// Bytes that can still be written on the disk of this path.
    fn free_bytes(&self, path: &Path) -> io::Result<u64>;
    /// Whether what is in it outlives the process.
    fn outlives_process(&self) -> bool {
        false
    }
}

/// How an existing file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    ReadWrite,
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathKind {
    File,
    Directory,
    Other,
}

/// An open file. Shared between threads; every access says its offset.
pub(crate) trait VfsFile: Send + Sync + fmt::Debug {
    /// Fills `buffer` from `offset`; `UnexpectedEof` where the file ends before.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;
    /// Writes all of `bytes` at `offset`; the file grows as it must.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Length in bytes.
    fn len(&self) -> io::Result<u64>;
    /// Makes what was written survive power loss.
    fn sync_data(&self) -> io::Result<()>;
    /// Reserves room for a stretch of the file, which then reaches to its end; what was not written there reads as zeros. A
    /// sync of what is written there later has nothing but the bytes to write. `Unsupported` where the file system cannot.
    fn reserve(&self, _from: u64, _end: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// Gives back reserved room behind `end`, in which nothing was written, of a file that nobody has mapped.
    fn give_back(&self, _end: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// Forbids further writing by the file's mode. The bytes stay as they are.
    fn set_read_only(&self) -> io::Result<()>;
    /// Whether the file's mode forbids writing, whoever asks.
    fn is_read_only(&self) -> io::Result<bool>;
    /// Maps the file as it is. Only for files that nobody will write or cut again. `Unsupported` where reading a page may
    /// fail for other reasons than a broken disk, which would end the process: on network file systems.
    fn map(&self) -> io::Result<Mapping>;
    /// Takes an exclusive lock on the byte range, without waiting: `false` if someone else holds it.
    /// Released when the last handle of this opening is dropped, or its process ends.
    fn try_lock(&self, offset: u64, length: u64) -> io::Result<bool>;
    /// Gives a lock back. Not left to the dropping of the handle: a child that was forked meanwhile holds a
    /// copy of it, and would hold the lock with it.
    fn unlock(&self, offset: u64, length: u64) -> io::Result<()>;
}

/// The bytes of an immutable file. Cheap to clone; alive as long as any clone.
#[derive(Clone)]
pub(crate) struct Mapping {
    bytes: Arc<dyn Deref<Target = [u8]> + Send + Sync>,
}

impl Mapping {
    pub(crate) fn new(bytes: impl Deref<Target = [u8]> + Send + Sync + 'static) -> Mapping {
        Mapping { bytes: Arc::new(bytes) }
    }
}

impl Deref for Mapping {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mapping({} bytes)", self.len())
    }
}
