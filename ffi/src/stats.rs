//! Figures of an open database.

use ouroborosdb::Stats;

use crate::sized::SizedStruct;

/// Figures of an open database, as of one moment. Begin with `OURO_STATS_INIT`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_stats {
    /// The size of this struct.
    pub struct_size: usize,
    /// Events that are stored.
    pub events: u64,
    /// Roots among them.
    pub roots: u64,
    /// Different chunks, and lists of chunks.
    pub chunks: u64,
    /// Bytes of all files, counted as often as they are carried by an event.
    pub content_bytes: u64,
    /// Bytes of all different chunks, before compression.
    pub chunk_bytes: u64,
    /// Bytes of the segments.
    pub stored_bytes: u64,
    /// Segment files.
    pub segments: u64,
    /// Sequence number of the last event; 0 for an empty store.
    pub sequence: u64,
    /// Sequence number of the last event that survives power loss.
    pub durable_sequence: u64,
    /// Stretches of the segments that could not be read when the store was opened.
    pub damaged_ranges: u64,
    /// Parts of the index on the disk.
    pub index_tiers: u64,
    /// Bytes of these parts.
    pub index_tier_bytes: u64,
    /// Events and chunks in these parts.
    pub index_tier_entries: u64,
    /// Events and chunks that the index has in memory only.
    pub index_memory_entries: u64,
    /// Events that were asked for and found among those that were read lately, since the database was opened.
    pub event_cache_hits: u64,
    /// Events that were asked for and had to be read from the segments, or are not there.
    pub event_cache_misses: u64,
    /// Batches that were written since the database was opened.
    pub commits: u64,
    /// How often the log was made durable for commits since.
    pub syncs: u64,
    /// How often a reader looked at what its writer committed.
    pub refreshes: u64,
    /// How long opening took, recovery included, in nanoseconds.
    pub open_ns: u64,
    /// Bytes that are kept for a full disk; 0 while the store is small.
    pub reserve_bytes: u64,
    /// Folders that the store is in, its own among them; 1 for a database in memory.
    pub paths: u64,
    /// Those of them that were not there when the store was opened; verify says why.
    pub missing_paths: u64,
}

impl ouro_stats {
    pub(crate) fn new(stats: &Stats) -> ouro_stats {
        ouro_stats {
            struct_size: size_of::<ouro_stats>(),
            events: stats.events,
            roots: stats.roots,
            chunks: stats.chunks,
            content_bytes: stats.content_bytes,
            chunk_bytes: stats.chunk_bytes,
            stored_bytes: stats.stored_bytes,
            segments: stats.segments,
            sequence: stats.sequence,
            durable_sequence: stats.durable_sequence,
            damaged_ranges: stats.damaged_ranges,
            index_tiers: stats.index_tiers,
            index_tier_bytes: stats.index_tier_bytes,
            index_tier_entries: stats.index_tier_entries,
            index_memory_entries: stats.index_memory_entries,
            event_cache_hits: stats.event_cache_hits,
            event_cache_misses: stats.event_cache_misses,
            commits: stats.commits,
            syncs: stats.syncs,
            refreshes: stats.refreshes,
            open_ns: stats.open_ns,
            reserve_bytes: stats.reserve_bytes,
            paths: stats.paths,
            missing_paths: stats.missing_paths,
        }
    }
}

impl Default for ouro_stats {
    fn default() -> ouro_stats {
        ouro_stats::new(&Stats::default())
    }
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it, no padding.
unsafe impl SizedStruct for ouro_stats {
    const SIZE_FIRST: usize = 88;

    fn defaults() -> ouro_stats {
        ouro_stats::default()
    }
}

const _: () = assert!(size_of::<ouro_stats>() == 192);
