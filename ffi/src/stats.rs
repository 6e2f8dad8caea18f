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

const _: () = assert!(size_of::<ouro_stats>() == 88);
