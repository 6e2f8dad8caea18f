//! Figures, and their text for Prometheus.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/exposition.rs"]
mod exposition;

use exposition::parse;
use ouroborosdb::{Database, Durability, EventId, NewEvent, Operation, Options, Order, Stats};

fn count(stats: &Stats, operation: Operation) -> u64 {
    stats.latencies.iter().find(|latency| latency.operation == operation).unwrap().count
}

fn used(options: Options) -> (Database, Vec<EventId>) {
    let db = Database::open_in_memory(options).unwrap();
    let root = db.create_root("r").unwrap();
    let mut ids = Vec::new();
    for at in 0..50 {
        ids.push(db.append(root, NewEvent::new().metadata(vec![7; at])).unwrap());
        ids.push(db.put_file(root, &vec![at as u8; 3000][..], NewEvent::new()).unwrap());
    }
    (db, ids)
}

#[test]
fn each_kind_of_call_is_counted_as_its_own() {
    let (db, ids) = used(Options::new());
    for id in &ids {
        db.event(*id).unwrap();
    }
    let root = db.ensure_root("other").unwrap();
    let batch = db.batch().unwrap();
    batch.append(root, NewEvent::new()).unwrap();
    batch.commit().unwrap();
    let file = db.put_file(root, &vec![9; 300_000][..], NewEvent::new()).unwrap();
    let reader = db.open_file(file).unwrap();
    let mut buffer = [0; 1000];
    for at in 0..400 {
        db.read_file(ids[1]).unwrap();
        reader.read_at(at, &mut buffer).unwrap();
        assert_eq!(db.children(root, Order::Commit).unwrap().count(), 2);
    }
    db.append(EventId::new([1; 64]), NewEvent::new()).unwrap_err();
    let stats = db.stats().unwrap();
    assert_eq!(count(&stats, Operation::Append), 1 + 50 + 1 + 1);
    assert_eq!(count(&stats, Operation::PutFile), 51);
    assert_eq!(count(&stats, Operation::BatchCommit), 1);
    for quick in [Operation::ReadFile, Operation::Read, Operation::CursorPage] {
        let count = count(&stats, quick);
        assert!(count.abs_diff(400) < 200 && count.is_multiple_of(4), "{quick:?} {count}");
    }
    assert!(count(&stats, Operation::ReadChunk) >= 4);
    assert_eq!(count(&stats, Operation::Sync), stats.syncs);
    assert_eq!(count(&stats, Operation::Refresh), 0);
    assert_eq!(db.latency(Operation::Append).unwrap().count, 53);
}

#[test]
fn what_was_read_lately_is_told_apart_from_what_was_not() {
    let (db, ids) = used(Options::new());
    for _ in 0..200 {
        ids.iter().for_each(|id| drop(db.event(*id).unwrap()));
    }
    for at in 0..20_000u64 {
        let mut id = [1; 64];
        id[..8].copy_from_slice(&at.to_le_bytes());
        db.event(EventId::new(id)).unwrap_err();
    }
    let stats = db.stats().unwrap();
    assert!(stats.event_cache_hits.abs_diff(20_000) < 8_000, "{}", stats.event_cache_hits);
    assert!(stats.event_cache_misses.abs_diff(20_000) < 8_000, "{}", stats.event_cache_misses);
    assert_eq!(count(&stats, Operation::Event), stats.event_cache_hits + stats.event_cache_misses);
}

/// Commits of many threads share a sync, which is seen in the figures.
#[test]
fn commits_and_syncs_are_counted_apart() {
    let db = Database::open_in_memory(Options::new().durability(Durability::Buffered)).unwrap();
    let root = db.create_root("r").unwrap();
    for _ in 0..9 {
        db.append(root, NewEvent::new()).unwrap();
    }
    let before = db.stats().unwrap();
    assert_eq!((before.commits, before.syncs), (10, 0));
    db.sync().unwrap();
    db.sync().unwrap();
    let after = db.stats().unwrap();
    assert_eq!((after.commits, after.syncs), (10, 1));
}

#[test]
fn the_text_of_prometheus_is_what_its_readers_accept() {
    let (db, _) = used(Options::new());
    let stats = db.stats().unwrap();
    let store = "a \"b\"\\c\nd ö {x=\"y\"}";
    let read = parse(&stats.to_prometheus(store)).unwrap();
    assert!(read.samples.keys().all(|(_, labels)| labels[0] == ("store".to_owned(), store.to_owned())));
    assert_eq!(read.value("ouroborosdb_events", ("store", store)), Some(101.0));
    assert_eq!(read.value("ouroborosdb_commits_total", ("store", store)), Some(stats.commits as f64));
    assert_eq!(read.kinds["ouroborosdb_operation_duration_seconds"], "summary");
    let append = stats.latencies[Operation::Append as usize].clone();
    let of_append =
        |name: &str| read.value(&format!("ouroborosdb_operation_duration_{name}"), ("operation", "append"));
    assert_eq!(of_append("seconds_count"), Some(51.0));
    assert!((of_append("seconds_sum").unwrap() - append.sum_ns as f64 / 1e9).abs() < 1e-9);
    assert!((of_append("max_seconds").unwrap() - append.max_ns as f64 / 1e9).abs() < 1e-9);
    // A kind that was not used has no percentiles.
    let labels: Vec<_> = read.samples.keys().flat_map(|(_, labels)| labels).collect();
    assert!(labels.contains(&&("operation".to_owned(), "put_file".to_owned())));
    assert!(!labels.contains(&&("operation".to_owned(), "refresh".to_owned())));
    assert_eq!(db.prometheus().unwrap().lines().count(), stats.to_prometheus("").lines().count());
}

#[test]
fn what_is_true_of_the_store_alone_is_a_part_of_all() {
    let (db, _) = used(Options::new().latencies(false));
    let stats = db.stats().unwrap();
    let (all, store) = (stats.to_prometheus("s"), stats.store_to_prometheus("s"));
    let read = parse(&store).unwrap();
    assert!(read.kinds.values().all(|kind| kind == "gauge"));
    assert!(all.starts_with(&store) && parse(&all).unwrap().kinds.len() == read.kinds.len() + 5);
}

/// The reader above is strict: each of these a scraper refuses, or takes for something else.
#[test]
fn a_text_that_is_wrong_is_refused() {
    let good = "# HELP a_total b\n# TYPE a_total counter\na_total{x=\"y\"} 1\n";
    parse(good).unwrap();
    for (from, to) in [
        ("1\n", "1"),
        ("# HELP a_total b\n", ""),
        ("counter", "gauge"),
        ("counter", "number"),
        ("a_total{", "b_total{"),
        ("\"y\"", "\"y"),
        ("\"y\"", "\"\\y\""),
        ("x=", "1x="),
        ("} 1", "} one"),
        ("} 1", "} 1 1700000000"),
        ("a_total{x=\"y\"} 1\n", ""),
        ("a_total{x=\"y\"} 1\n", "a_total{x=\"y\"} 1\na_total{x=\"y\"} 1\n"),
        ("a_total{x=\"y\"}", "a_total{x=\"y\",x=\"y\"}"),
        ("a_total{x=\"y\"}", "a_total{quantile=\"1\"}"),
    ] {
        let bad = good.replace(from, to);
        assert!(bad != good && parse(&bad).is_err(), "{bad}");
    }
}
