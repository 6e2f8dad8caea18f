//! A program with a subscriber of tracing of its own hears the engine through that, and needs no sink.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};

use ouroborosdb::{Database, ErrorCode, LogLevel, Options, set_log_sink};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata};

static HEARD: AtomicUsize = AtomicUsize::new(0);

struct Panicking;

impl tracing::Subscriber for Panicking {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "ouroborosdb"
    }

    fn event(&self, _: &Event<'_>) {
        HEARD.fetch_add(1, Ordering::Relaxed);
        panic!("a subscriber that panics");
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn a_subscriber_of_the_program_hears_and_may_panic() {
    tracing::subscriber::set_global_default(Panicking).unwrap();
    let taken = set_log_sink(LogLevel::Info, |_| ()).unwrap_err();
    assert_eq!(taken.code(), ErrorCode::AlreadyExists);
    let db = Database::open_in_memory(Options::new().segment_bytes(64 * 1024)).unwrap();
    let root = db.create_root("r").unwrap();
    // Segments are begun in the middle of a commit.
    for _ in 0..200 {
        db.append(root, ouroborosdb::NewEvent::new().metadata(vec![1; 1000])).unwrap();
    }
    db.rebuild_index().unwrap();
    db.close().unwrap();
    assert!(HEARD.load(Ordering::Relaxed) >= 5);
}
