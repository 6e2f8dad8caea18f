//! Every limit, in one place, with its reason.
//!
//! The limits of an event are part of the format: a decoder refuses what exceeds them.

/// Longest title of a root: room for any path or URL, small enough to stay in the title index.
pub const TITLE_BYTES_MAX: usize = 64 * 1024;

/// Longest attribute name: the same as a file name on most systems.
pub const ATTRIBUTE_NAME_BYTES_MAX: usize = 255;

/// All attributes of an event together, names and values: attributes are read with every event, so they
/// stay small; larger things are metadata or a file.
pub const ATTRIBUTES_BYTES_MAX: usize = 128 * 1024;

/// Largest metadata: it is held in memory whole whenever the event is read.
pub const METADATA_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How many events one event may supersede or join: more heads than any merge has seen.
pub const FOLLOWS_MAX: usize = 1024;

/// Largest file: offsets and sums of offsets stay far from the end of 64 bits.
pub const FILE_BYTES_MAX: u64 = 1 << 60;

/// Largest encoding of an event: the sum of its parts' limits and a margin for what extensions add.
pub const EVENT_BYTES_MAX: usize = METADATA_BYTES_MAX + ATTRIBUTES_BYTES_MAX + TITLE_BYTES_MAX + 1024 * 1024;

/// Largest batch: all encoded events of one batch, which are held in memory until it is committed.
pub const BATCH_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Most events of one batch.
pub const BATCH_EVENTS_MAX: usize = 1 << 20;

/// In how many folders a store may be: more disks than one machine has; each of them is looked at when the store is
/// opened.
pub const PATHS_MAX: usize = 64;

/// Most problems that a report of [`verify`](crate::Database::verify) lists; it counts all of them.
pub const PROBLEMS_LISTED_MAX: usize = 10_000;
