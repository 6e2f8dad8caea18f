//! What readers see of a commit: its bytes once they see its end, its index and its end at once.

use loom::cell::UnsafeCell;
use loom::sync::{Arc, RwLock};
use loom::thread;

use crate::published::Published;

/// A log of numbers, and an index of where each is.
struct Store {
    /// Cells that are written once, before they are published.
    log: [UnsafeCell<u64>; 2],
    end: Published,
    index: RwLock<Vec<usize>>,
}

// SAFETY: loom tells of every access to a cell that is not ordered after the write of it.
#[allow(unsafe_code, reason = "loom's cells are what finds a missing order")]
unsafe impl Sync for Store {}
// SAFETY: there is nothing in it that belongs to one thread.
#[allow(unsafe_code, reason = "loom's cells are what finds a missing order")]
unsafe impl Send for Store {}

impl Store {
    fn new() -> Arc<Store> {
        let log = [UnsafeCell::new(0), UnsafeCell::new(0)];
        Arc::new(Store { log, end: Published::new(0), index: RwLock::new(Vec::new()) })
    }

    /// As `Store::write_group` and `Store::index_group`.
    fn commit(&self, at: usize) {
        self.log[at].with_mut(|cell| {
            // SAFETY: only the writer writes, and nobody reads what is not published.
            #[allow(unsafe_code, reason = "loom's cells are what finds a missing order")]
            unsafe {
                *cell = at as u64 + 10;
            }
        });
        let mut index = self.index.write().unwrap();
        self.end.set(at as u64 + 1);
        index.push(at);
    }

    fn read(&self, at: usize) -> u64 {
        self.log[at].with(|cell| {
            // SAFETY: it was published.
            #[allow(unsafe_code, reason = "loom's cells are what finds a missing order")]
            unsafe {
                *cell
            }
        })
    }
}

fn beside_two_commits(read: impl Fn(&Store) + Send + Sync + Copy + 'static) {
    loom::model(move || {
        let store = Store::new();
        let reader = Arc::clone(&store);
        let reader = thread::spawn(move || read(&reader));
        store.commit(0);
        store.commit(1);
        reader.join().unwrap();
    });
}

/// Verify reads up to the published end, and then asks the index.
#[test]
fn whoever_sees_the_end_sees_the_bytes_and_the_index() {
    beside_two_commits(|store| {
        let end = store.end.get() as usize;
        (0..end).for_each(|at| assert_eq!(store.read(at), at as u64 + 10));
        let index = store.index.read().unwrap();
        assert!(index.len() >= end, "the index does not know what is published");
    });
}

/// A read of an event asks the index, and then reads no further than the published end.
#[test]
fn whoever_finds_an_event_in_the_index_sees_the_end_behind_it() {
    beside_two_commits(|store| {
        let found = store.index.read().unwrap().last().copied();
        if let Some(at) = found {
            assert!(store.end.get() > at as u64, "the index knows what is not published");
            assert_eq!(store.read(at), at as u64 + 10);
        }
    });
}

/// Whoever looks again sees no less.
#[test]
fn the_end_only_grows() {
    beside_two_commits(|store| {
        let first = store.end.get();
        assert!(store.end.get() >= first);
    });
}
