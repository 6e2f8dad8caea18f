//! Figures in the text format of Prometheus, version 0.0.4: <https://prometheus.io/docs/instrumenting/exposition_formats/>.
//!
//! Base units: seconds and bytes. What only ever grows while the process lives is a counter and ends in `_total`; what
//! the store holds is a gauge, for garbage collection takes some of it away. Each family comes once with its help and
//! its type, so the texts of two databases make no whole: serve each under a path of its own.

use std::fmt::Write as _;

use super::Stats;
use crate::latency::Latency;

impl Stats {
    /// All figures in the text format of Prometheus, with the label `store`.
    ///
    /// ```
    /// use ouroborosdb::{Database, Options};
    /// let db = Database::open_in_memory(Options::new())?;
    /// let text = db.stats()?.to_prometheus("memory");
    /// assert!(text.contains("ouroborosdb_events{store=\"memory\"} 0\n"));
    /// assert!(text.contains("ouroborosdb_commits_total{store=\"memory\"} 0\n"));
    /// # Ok::<(), ouroborosdb::Error>(())
    /// ```
    #[must_use]
    pub fn to_prometheus(&self, store: &str) -> String {
        let mut text = Exposition::new(store);
        text.store(self);
        text.process(self);
        text.latencies(&self.latencies);
        text.out
    }

    /// As [`to_prometheus`](Stats::to_prometheus), but only what is true of the store, whichever process asks: for a
    /// program that opens the store, tells, and ends, whose own counters tell nothing.
    #[must_use]
    pub fn store_to_prometheus(&self, store: &str) -> String {
        let mut text = Exposition::new(store);
        text.store(self);
        text.out
    }
}

struct Exposition {
    out: String,
    /// The label of the store, escaped.
    store: String,
}

impl Exposition {
    fn new(store: &str) -> Exposition {
        Exposition { out: String::new(), store: escaped(store) }
    }

    fn store(&mut self, stats: &Stats) {
        let label = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
        self.family("info", "gauge", "The version of the library.");
        self.sample("info", &label, 1);
        self.gauge("events", "Events that are stored.", stats.events);
        self.gauge("roots", "Roots among them.", stats.roots);
        self.gauge("chunks", "Different chunks, and lists of chunks.", stats.chunks);
        self.gauge("content_bytes", "Bytes of all files, as often as they are carried.", stats.content_bytes);
        self.gauge("chunk_bytes", "Bytes of all different chunks, before compression.", stats.chunk_bytes);
        self.gauge("stored_bytes", "Bytes of the segments.", stats.stored_bytes);
        self.gauge("segments", "Segment files.", stats.segments);
        self.gauge("paths", "Folders that the store is in.", stats.paths);
        let help = "Those of them that were not there when the store was opened.";
        self.gauge("missing_paths", help, stats.missing_paths);
        self.gauge("sequence", "Sequence number of the last event.", stats.sequence);
        let help = "Sequence number of the last event that survives power loss.";
        self.gauge("durable_sequence", help, stats.durable_sequence);
        let help = "Stretches that could not be read when the store was opened.";
        self.gauge("damaged_ranges", help, stats.damaged_ranges);
        self.gauge("index_tiers", "Parts of the index on the disk.", stats.index_tiers);
        self.gauge("index_tier_bytes", "Bytes of the parts of the index.", stats.index_tier_bytes);
        let help = "Events and chunks in the parts of the index.";
        self.gauge("index_tier_entries", help, stats.index_tier_entries);
        let help = "Events and chunks that the index has in memory only.";
        self.gauge("index_memory_entries", help, stats.index_memory_entries);
        let help = "Bytes that are kept for a full disk.";
        self.gauge("reserve_bytes", help, stats.reserve_bytes);
        self.family("open_seconds", "gauge", "How long opening took, recovery included.");
        self.sample("open_seconds", "", seconds(stats.open_ns));
    }

    fn process(&mut self, stats: &Stats) {
        let help = "Events that were asked for and found among those read lately.";
        self.counter("event_cache_hits", help, stats.event_cache_hits);
        let help = "Events that were asked for and had to be read from the segments, or are not there.";
        self.counter("event_cache_misses", help, stats.event_cache_misses);
        self.counter("commits", "Batches that were written.", stats.commits);
        self.counter("syncs", "How often the log was made durable for commits.", stats.syncs);
        self.counter("refreshes", "How often a reader looked at what its writer committed.", stats.refreshes);
    }

    fn latencies(&mut self, latencies: &[Latency]) {
        // A kind that was not used has no percentiles: zeros would be taken for very quick calls.
        let used = || latencies.iter().filter(|latency| latency.count > 0);
        if used().next().is_none() {
            return;
        }
        let (name, longest) = ("operation_duration_seconds", "operation_duration_max_seconds");
        self.family(name, "summary", "How long calls took since the database was opened.");
        for latency in used() {
            let label = format!("operation=\"{}\"", latency.operation.name());
            for (quantile, ns) in [
                ("0.5", latency.p50_ns),
                ("0.9", latency.p90_ns),
                ("0.99", latency.p99_ns),
                ("0.999", latency.p999_ns),
            ] {
                self.sample(name, &format!("{label},quantile=\"{quantile}\""), seconds(ns));
            }
            self.sample(&format!("{name}_sum"), &label, seconds(latency.sum_ns));
            self.sample(&format!("{name}_count"), &label, latency.count);
        }
        self.family(longest, "gauge", "The longest call since the database was opened.");
        for latency in used() {
            let label = format!("operation=\"{}\"", latency.operation.name());
            self.sample(longest, &label, seconds(latency.max_ns));
        }
    }

    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, "gauge", help);
        self.sample(name, "", value);
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        let name = format!("{name}_total");
        self.family(&name, "counter", help);
        self.sample(&name, "", value);
    }

    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "# HELP ouroborosdb_{name} {help}");
        let _ = writeln!(self.out, "# TYPE ouroborosdb_{name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let (store, comma) = (&self.store, if labels.is_empty() { "" } else { "," });
        let _ = writeln!(self.out, "ouroborosdb_{name}{{store=\"{store}\"{comma}{labels}}} {value}");
    }
}

/// Exact: nine digits behind the point.
fn seconds(ns: u64) -> String {
    format!("{}.{:09}", ns / 1_000_000_000, ns % 1_000_000_000)
}

/// The value of a label, which may hold anything but a quotation mark, a backslash and a line feed.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
