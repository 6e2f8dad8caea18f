//! Figures: of what is stored, and of what this process has done with it.

use super::Database;
use crate::error::Result;
use crate::latency::{Latency, Operation};

/// Figures of an open database, as of one moment.
///
/// ```
/// use ouroborosdb::{Database, Options};
/// let db = Database::open_in_memory(Options::new())?;
/// db.create_root("a")?;
/// let stats = db.stats()?;
/// assert_eq!((stats.events, stats.commits), (1, 1));
/// for latency in &stats.latencies {
///     println!("{}: {} calls, p99 {} ns", latency.operation.name(), latency.count, latency.p99_ns);
/// }
/// # Ok::<(), ouroborosdb::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
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
    /// Folders that the store is in, its own among them; 1 for a database in memory.
    pub paths: u64,
    /// Those of them that were not there when it was opened; `verify` says why.
    pub missing_paths: u64,
    /// Sequence number of the last event; 0 for an empty store.
    pub sequence: u64,
    /// Sequence number of the last event that survives power loss.
    pub durable_sequence: u64,
    /// Stretches of the segments that could not be read when the store was opened; `verify` names them.
    pub damaged_ranges: u64,
    /// Parts of the index on the disk.
    pub index_tiers: u64,
    /// Bytes of these.
    pub index_tier_bytes: u64,
    /// Events and chunks in them.
    pub index_tier_entries: u64,
    /// Events and chunks that the index has in memory only, until they are enough for a tier.
    pub index_memory_entries: u64,
    /// Bytes that the store keeps for a full disk: the file `reserve` in its folder. 0 while the store is small, where there
    /// was no plenty of room yet, and once it was given up.
    pub reserve_bytes: u64,
    /// Calls of `event` that found it among those that were read lately, since the database was opened: estimated, as
    /// the count of their latency is.
    pub event_cache_hits: u64,
    /// Calls of `event` that had to read it from the segments, or did not find it: estimated likewise.
    pub event_cache_misses: u64,
    /// Batches that were written since it was opened: one for each call that writes, and more for large files.
    pub commits: u64,
    /// How often the log was made durable since, once for all commits that waited for it and once for each `sync` that
    /// found something to do.
    pub syncs: u64,
    /// How often a reader has looked at what its writer committed, since it was opened.
    pub refreshes: u64,
    /// How long opening took, recovery included, in nanoseconds.
    pub open_ns: u64,
    /// How long calls took since it was opened: each kind of [`Operation`], in their order.
    pub latencies: Vec<Latency>,
}

impl Database {
    /// Figures as of now.
    ///
    /// # Errors
    ///
    /// `closed`.
    pub fn stats(&self) -> Result<Stats> {
        let store = self.enter()?;
        let segments = store.segments();
        let (there, missing) = store.folders();
        let durable_sequence = store.durable_sequence_end().saturating_sub(1);
        // At one moment, so that they agree.
        let (counts, index) = store.query(|index| {
            let figures = Stats {
                sequence: index.sequence_end().saturating_sub(1),
                damaged_ranges: index.damage().len() as u64,
                index_tiers: index.tiers().len() as u64,
                index_tier_bytes: index.tiers().iter().map(|tier| tier.file_bytes()).sum(),
                index_tier_entries: index.tiers().iter().map(|tier| tier.entries()).sum(),
                index_memory_entries: index.memory_entries(),
                ..Stats::default()
            };
            (index.counts(), figures)
        })?;
        let counters = store.counters();
        Ok(Stats {
            events: counts.events,
            roots: counts.roots,
            chunks: counts.chunks,
            content_bytes: counts.content_bytes,
            chunk_bytes: counts.chunk_bytes,
            stored_bytes: segments.iter().map(|segment| segment.end()).sum(),
            segments: segments.len() as u64,
            paths: (there.len() + missing.len()) as u64,
            missing_paths: missing.len() as u64,
            durable_sequence,
            reserve_bytes: store.reserve_bytes(),
            event_cache_hits: counters.event_cache_hits.get(),
            event_cache_misses: counters.event_cache_misses.get(),
            commits: counters.commits.get(),
            syncs: counters.syncs.get(),
            refreshes: counters.refreshes.get(),
            open_ns: u64::try_from(self.shared.opened_in().as_nanos()).unwrap_or(u64::MAX),
            latencies: store.latencies().all(),
            ..index
        })
    }

    /// How long the calls of one kind took since the database was opened: one of [`Stats::latencies`].
    ///
    /// # Errors
    ///
    /// `closed`.
    pub fn latency(&self, operation: Operation) -> Result<Latency> {
        Ok(self.enter()?.latencies().of(operation))
    }

    /// The [`stats`](Database::stats) in the text format of Prometheus, for an application to serve:
    /// [`Stats::to_prometheus`], with the store's folder as it was given to `open`.
    ///
    /// # Errors
    ///
    /// `closed`.
    pub fn prometheus(&self) -> Result<String> {
        let path = self.path().map(|path| path.to_string_lossy()).unwrap_or_default();
        Ok(self.stats()?.to_prometheus(&path))
    }
}
