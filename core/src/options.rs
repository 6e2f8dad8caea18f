//! How a database is opened. Each default is right for a laptop.

/// When a commit is safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// It survives power loss when the call returns. Concurrent callers share one `fdatasync`.
    #[default]
    Durable,
    /// It survives a crash of the process; [`sync`](crate::Database::sync) makes it durable.
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
    pub(crate) create: bool,
    /// So many events and chunks make a part of the index on the disk. A matter of memory alone.
    pub(crate) tier_entries: u64,
    /// Room is reserved at the end of the log in steps of at least so many bytes.
    pub(crate) reserve_bytes: u64,
    /// Whether parts of the index are merged on a thread of their own.
    pub(crate) merge_beside: bool,
}

impl Options {
    /// Smallest [`segment_bytes`](Options::segment_bytes).
    pub const SEGMENT_BYTES_MIN: u64 = 64 * 1024;
    /// Largest [`segment_bytes`](Options::segment_bytes).
    pub const SEGMENT_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

    /// The defaults.
    #[must_use]
    pub fn new() -> Options {
        Options {
            durability: Durability::Durable,
            compression: Compression::Default,
            minimum_free_bytes: 0,
            segment_bytes: 256 * 1024 * 1024,
            memory_capacity_bytes: u64::MAX,
            create: true,
            tier_entries: 64 * 1024,
            reserve_bytes: 64 * 1024,
            merge_beside: true,
        }
    }

    /// When a commit is safe; default [`Durability::Durable`].
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

    /// How many bytes a database [in memory](crate::Database::open_in_memory) may take before it answers
    /// `disk_full`; default without limit.
    #[must_use]
    pub fn memory_capacity_bytes(mut self, bytes: u64) -> Options {
        self.memory_capacity_bytes = bytes;
        self
    }

    /// Whether `open` makes the store where there is none; default yes. Otherwise `path_not_found`.
    #[must_use]
    pub fn create(mut self, create: bool) -> Options {
        self.create = create;
        self
    }
}

impl Default for Options {
    fn default() -> Options {
        Options::new()
    }
}
