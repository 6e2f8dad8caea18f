//! How a database is opened. Each default is right for a laptop.

use std::path::PathBuf;

/// When a commit is safe: of a database by [`Options::durability`], of one call by
/// [`NewEvent::durability`](crate::NewEvent::durability), [`Batch::commit_with`](crate::Batch::commit_with) and
/// [`ImportOptions::durability`](crate::ImportOptions::durability).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// It survives power loss when the call returns, and so does all that was committed before. Concurrent callers share one `fdatasync`.
    #[default]
    Durable,
    /// It survives a crash of the process; [`sync`](crate::Database::sync), or the next commit that is durable, makes it
    /// durable.
    Buffered,
}

/// How new chunks are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// zstd level 1.
    Fast,
    /// zstd level 3.
    #[default]
    Default,
}

/// How a database is opened.
///
/// ```
/// use ouroborosdb::{Compression, Database, Options};
/// let db = Database::open_in_memory(Options::new().compression(Compression::None))?;
/// # Ok::<(), ouroborosdb::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) durability: Durability,
    pub(crate) compression: Compression,
    pub(crate) minimum_free_bytes: u64,
    pub(crate) segment_bytes: u64,
    pub(crate) memory_capacity_bytes: u64,
    pub(crate) memory_limit: u64,
    pub(crate) create: bool,
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) latencies: bool,
    /// So many events and chunks make a part of the index on the disk. A matter of memory alone.
    pub(crate) tier_entries: u64,
    /// Room is reserved at the end of the log in steps of at least so many bytes.
    pub(crate) reserve_bytes: u64,
    /// Whether parts of the index are merged on a thread of their own.
    pub(crate) merge_beside: bool,
    /// A log of so many bytes has a reserve beside it, for a full disk.
    pub(crate) reserve_from_log_bytes: u64,
    /// The smallest one.
    pub(crate) reserve_file_bytes: u64,
}

/// An event or a chunk takes about 256 bytes in memory, for which there is a quarter of the limit.
const BYTES_FOR_AN_ENTRY: u64 = 1024;

impl Options {
    /// Smallest [`segment_bytes`](Options::segment_bytes).
    pub const SEGMENT_BYTES_MIN: u64 = 64 * 1024;
    /// Largest [`segment_bytes`](Options::segment_bytes).
    pub const SEGMENT_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

    /// Smallest [`memory_limit`](Options::memory_limit).
    pub const MEMORY_LIMIT_MIN: u64 = 4 * 1024 * 1024;
    const MEMORY_LIMIT_DEFAULT: u64 = 64 * 1024 * 1024;

    /// The defaults.
    #[must_use]
    pub fn new() -> Options {
        Options {
            durability: Durability::Durable,
            compression: Compression::Default,
            minimum_free_bytes: 0,
            segment_bytes: 256 * 1024 * 1024,
            memory_capacity_bytes: u64::MAX,
            memory_limit: Options::MEMORY_LIMIT_DEFAULT,
            create: true,
            paths: Vec::new(),
            latencies: true,
            tier_entries: Options::MEMORY_LIMIT_DEFAULT / BYTES_FOR_AN_ENTRY,
            reserve_bytes: 64 * 1024,
            merge_beside: true,
            reserve_from_log_bytes: 4 * 1024 * 1024,
            reserve_file_bytes: 256 * 1024,
        }
    }

    /// When a commit is safe, unless a call says otherwise; default [`Durability::Durable`].
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> Options {
        self.durability = durability;
        self
    }

    /// How new chunks are compressed; default zstd level 3.
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Options {
        self.compression = compression;
        self
    }

    /// Refuses writes with `disk_full`, before anything is written, when they would leave less than this
    /// many bytes free on the disk; default 0.
    #[must_use]
    pub fn minimum_free_bytes(mut self, bytes: u64) -> Options {
        self.minimum_free_bytes = bytes;
        self
    }

    /// About how large a segment file grows before the next one is begun; default 256 MiB, from 64 KiB to
    /// 4 GiB. A matter of storage alone.
    #[must_use]
    pub fn segment_bytes(mut self, bytes: u64) -> Options {
        self.segment_bytes = bytes;
        self
    }

    /// Further folders for segments, on other disks; default none. Each is empty, or does not exist yet in a folder that
    /// does, or is the store's already, wherever it was moved since; `open` adds what is new. The store remembers them:
    /// later they need only be given where they have moved. Segments go to the store's own folder as long as there is room
    /// for a whole one, then to these in their order.
    ///
    /// Where one of them is not there, the store opens without it: what is on it is told as damage by
    /// [`verify`](crate::Database::verify), reading it is `corrupt` with a message that names the folder, and all else goes
    /// on; [`Stats::missing_paths`](crate::Stats::missing_paths) counts them. The store can be opened by any of its folders.
    ///
    /// At most [`PATHS_MAX`](crate::limits::PATHS_MAX) are given, the store's own among them; a database in memory is in no
    /// folder. `open` answers `invalid_argument` for more, and for a folder of another store or a copy of one of this
    /// store's, and `locked` where another process has one of them open.
    ///
    /// ```
    /// use ouroborosdb::{Database, Options};
    /// # let scratch = tempfile::tempdir()?;
    /// # let (store, disk, moved) = (scratch.path().join("store"), scratch.path().join("disk"), scratch.path().join("moved"));
    /// let db = Database::open(&store, Options::new().paths([&disk]))?;
    /// db.close()?;
    /// // From now on the store knows.
    /// let db = Database::open(&store, Options::new())?;
    /// assert_eq!((db.stats()?.paths, db.stats()?.missing_paths), (2, 0));
    /// db.close()?;
    /// // The disk is mounted elsewhere.
    /// std::fs::rename(&disk, &moved)?;
    /// let db = Database::open(&store, Options::new())?;
    /// assert_eq!((db.stats()?.paths, db.stats()?.missing_paths), (2, 1));
    /// db.close()?;
    /// let db = Database::open(&store, Options::new().paths([&moved]))?;
    /// assert_eq!((db.stats()?.paths, db.stats()?.missing_paths), (2, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn paths<P: Into<PathBuf>>(mut self, folders: impl IntoIterator<Item = P>) -> Options {
        self.paths = folders.into_iter().map(Into::into).collect();
        self
    }

    /// About how much memory of its own the database keeps, in bytes, however much is stored: three quarters for events
    /// and pieces of files that were read lately, the rest for what is not in the index on the disk yet. Default 64 MiB, at
    /// least 4 MiB. Files on their way in or out take some MiB more for each processor while a call runs, and what is mapped
    /// from the disk counts as the system's cache.
    #[must_use]
    pub fn memory_limit(mut self, bytes: u64) -> Options {
        self.memory_limit = bytes;
        self.tier_entries = (bytes / BYTES_FOR_AN_ENTRY).max(1);
        self
    }

    /// How many bytes a database [in memory](crate::Database::open_in_memory) may take before it answers
    /// `disk_full`; default without limit.
    #[must_use]
    pub fn memory_capacity_bytes(mut self, bytes: u64) -> Options {
        self.memory_capacity_bytes = bytes;
        self
    }

    /// As they are, for a store that is to have no reserve for a full disk.
    #[must_use]
    pub(crate) fn without_reserve(self) -> Options {
        Options { reserve_from_log_bytes: u64::MAX, ..self }
    }

    /// Whether `open` makes the store where there is none; default yes. Otherwise `path_not_found`.
    #[must_use]
    pub fn create(mut self, create: bool) -> Options {
        self.create = create;
        self
    }

    /// Whether the latencies of [`stats`](crate::Database::stats) are measured; default yes. It costs a few nanoseconds
    /// a call: see [`Operation`](crate::Operation).
    #[must_use]
    pub fn latencies(mut self, measured: bool) -> Options {
        self.latencies = measured;
        self
    }
}

impl Default for Options {
    fn default() -> Options {
        Options::new()
    }
}
