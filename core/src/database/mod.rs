//! The public face: a database and the handles that hang on it.
//!
//! Every call enters through the gate of [`shared`], so that closing waits for what runs and refuses what comes
//! later; every handle shares ownership of the database, so that handles may be dropped in any order.

mod append;
mod backup;
mod batch;
mod batch_room;
mod bulk;
mod changes;
mod cursor;
#[cfg(test)]
mod durability_tests;
mod file_copy;
mod file_job;
mod file_reader;
mod file_writer;
mod files;
mod folders;
#[cfg(test)]
mod full_disk_tests;
mod gate;
mod id_cursor;
#[cfg(test)]
mod kill_tests;
mod maintenance;
mod new_file;
mod prometheus;
mod put_files;
mod resolve;
mod shared;
mod stats;
mod tree;
mod turns;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

pub use batch::{Batch, BatchParent, Member};
pub(crate) use bulk::{Bulk, BulkEvent, BulkParent, Stored};
pub use changes::{ChangeCursor, Changes};
pub use cursor::{EventCursor, RootCursor};
pub use file_reader::FileReader;
pub use file_writer::FileWriter;
pub use id_cursor::IdCursor;
pub use new_file::NewFile;
pub use put_files::PutFilesOptions;
pub(crate) use shared::{Entered, Shared};
pub use stats::Stats;
pub use tree::Order;

use crate::error::{Error, Result};
use crate::options::Options;
use crate::store::{Store, tell_not_opened};
use crate::vfs::{MemoryVfs, OsVfs, Vfs};

/// Where a store in memory thinks that it lives.
const MEMORY_PATH: &str = "/memory";

/// An open database of event trees.
///
/// A clone is another handle on the same database. Handles may be shared between threads and dropped in any
/// order; dropping the last one closes the database, and [`close`](Database::close) does so with a result.
///
/// ```
/// use ouroborosdb::{Database, NewEvent, Options, Order};
///
/// let folder = tempfile::tempdir()?;
/// let db = Database::open(folder.path().join("store"), Options::new())?;
/// let notes = db.ensure_root("notes")?;
/// let note = db.append(notes, NewEvent::new().metadata("text/plain").attribute("lang", "en"))?;
/// let file = db.put_file(note, &b"hello"[..], NewEvent::new())?;
/// assert_eq!(db.read_file(file)?, b"hello");
/// assert_eq!(db.children(notes, Order::Commit)?.count(), 1);
/// db.close()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Database {
    shared: Arc<Shared>,
}

impl Database {
    /// Opens the store at `path` for reading and writing, and makes it where there is none.
    ///
    /// One process at a time may have a store open for writing. What an earlier process left unfinished is
    /// recovered.
    ///
    /// # Errors
    ///
    /// `path_not_found` where there is nothing and the options forbid making it, or the parent folder is
    /// missing; `not_a_store`; `newer_format`; `locked`, naming the holder's process id; `permission_denied`;
    /// `corrupt` where the superblock or all segments are lost.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Database> {
        let (start, path) = (Instant::now(), path.as_ref());
        let store = opened(path, options, |path, options| Store::open(Arc::new(OsVfs), path, options))?;
        Ok(Database::new(store, Some(path.to_owned()), start))
    }

    /// Opens the store at `path` for reading, as of now. Writes nothing, and does not mind a writer.
    ///
    /// # Errors
    ///
    /// As [`open`](Database::open), without `locked`.
    pub fn open_read_only(path: impl AsRef<Path>, options: Options) -> Result<Database> {
        let (start, path) = (Instant::now(), path.as_ref());
        let store =
            opened(path, options, |path, options| Store::open_read_only(Arc::new(OsVfs), path, options))?;
        Ok(Database::new(store, Some(path.to_owned()), start))
    }

    /// Makes an empty database in memory, which is gone when it is closed. For tests and scratch.
    ///
    /// # Errors
    ///
    /// `disk_full` where the options leave it less memory than an empty store takes.
    pub fn open_in_memory(mut options: Options) -> Result<Database> {
        let start = Instant::now();
        // It is in no folder.
        options.paths.clear();
        let vfs: Arc<dyn Vfs> = Arc::new(MemoryVfs::new(options.memory_capacity_bytes));
        Ok(Database::new(Store::open(vfs, Path::new(MEMORY_PATH), options.without_reserve())?, None, start))
    }

    fn new(store: Store, path: Option<PathBuf>, start: Instant) -> Database {
        let took = start.elapsed();
        store.tell_opened(took);
        Database { shared: Arc::new(Shared::new(store, path, took)) }
    }

    /// Closes the database for all its handles: refuses new calls, waits for running ones (long ones are
    /// cancelled and answer `closed`), makes everything durable, and releases the lock.
    ///
    /// Closing twice is fine. From within a callback of a call that still runs, of this database or another, it
    /// returns at once, and the database is closed when the last call that is inside of it ends.
    ///
    /// # Errors
    ///
    /// Those of the last sync; `poisoned` where an earlier write failed. The database is closed all the same.
    pub fn close(&self) -> Result<()> {
        self.shared.close()
    }

    /// Whether closing has begun.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.is_closed()
    }

    /// Whether the database was opened read-only.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.shared.store_outside().is_read_only()
    }

    /// The store's folder, as it was given to `open`; none for a database in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.shared.path()
    }

    /// The store's folders, wherever the process has gone since; none for a database in memory.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        self.path().map(|_| self.shared.store_outside().folders().0).unwrap_or_default()
    }

    pub(crate) fn enter(&self) -> Result<Entered<'_>> {
        self.shared.enter()
    }
}

/// Opens the store at a path, and tells where that fails.
fn opened(
    path: &Path,
    mut options: Options,
    open: impl FnOnce(&Path, Options) -> Result<Store>,
) -> Result<Store> {
    let path = absolute(path)?;
    for folder in &mut options.paths {
        *folder = absolute(folder)?;
    }
    open(&path, options).inspect_err(|error| tell_not_opened(&path, error))
}

/// The store stays where it was when the process changes its working folder.
fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| Error::io("opening", path, error))
}
