//! What all handles of one database share.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use super::gate::Gate;
use crate::content::{ChunkSink, ContentReader};
use crate::error::{Error, Result};
use crate::hands::Hands;
use crate::store::Store;

/// How many sinks are kept for the next file.
const SINKS_KEPT: usize = 4;

#[derive(Debug)]
pub(crate) struct Shared {
    gate: Gate,
    /// Whether the store has been ended. Held while it is, so that whoever closes second waits.
    ended: Mutex<bool>,
    store: Arc<Store>,
    /// The store's folder as it was given to `open`; none in memory.
    path: Option<PathBuf>,
    /// How long opening took.
    opened_in: Duration,
    sinks: Mutex<Vec<ChunkSink>>,
    hands: Arc<Hands>,
}

impl Shared {
    pub(super) fn new(store: Store, path: Option<PathBuf>, opened_in: Duration) -> Shared {
        let sinks = Mutex::new(Vec::new());
        Shared {
            gate: Gate::default(),
            ended: Mutex::new(false),
            store: Arc::new(store),
            path,
            opened_in,
            sinks,
            hands: Arc::new(Hands::new()),
        }
    }

    /// The store, for the length of one call; `closed`.
    pub(crate) fn enter(&self) -> Result<Entered<'_>> {
        // Before any lock and any count: a forked child has copies of both, as they were.
        self.store.check_process()?;
        match self.gate.enter() {
            Ok(()) => Ok(Entered { shared: self }),
            Err(last_out) => {
                if last_out {
                    let _ = self.finish();
                }
                Err(Error::closed())
            }
        }
    }

    /// `closed`, once closing has begun, and in a forked child: long calls ask this between two steps.
    pub(crate) fn check_open(&self) -> Result<()> {
        self.store.check_process()?;
        if self.is_closed() { Err(Error::closed()) } else { Ok(()) }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.gate.is_closing()
    }

    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(super) fn opened_in(&self) -> Duration {
        self.opened_in
    }

    /// What does not change over the life of the database may be asked from outside.
    pub(super) fn store_outside(&self) -> &Store {
        &self.store
    }

    pub(super) fn close(&self) -> Result<()> {
        self.store.check_process()?;
        if self.gate.shut() { self.finish() } else { Ok(()) }
    }

    /// Ends the store, once.
    fn finish(&self) -> Result<()> {
        self.store.check_process()?;
        let mut ended = self.ended.lock();
        // Under the lock, so that whoever closes second waits for them too; they close nothing themselves.
        self.hands.stop();
        if std::mem::replace(&mut *ended, true) {
            return Ok(());
        }
        self.sinks.lock().clear();
        self.store.close()
    }

    /// A sink for a file, with nothing in it.
    pub(crate) fn take_sink(&self) -> ChunkSink {
        self.sinks.lock().pop().unwrap_or_else(|| self.new_sink())
    }

    /// Has what a file's reader will want next decompressed meanwhile.
    pub(super) fn read_ahead(&self, reader: ContentReader) -> ContentReader {
        reader.with_hands(&self.store, &self.hands)
    }

    /// One that is nobody else's.
    pub(crate) fn new_sink(&self) -> ChunkSink {
        ChunkSink::with_hands(Arc::clone(&self.store), Arc::clone(&self.hands))
    }

    /// Keeps a sink for the next file. Its chunks must be taken or flushed.
    pub(crate) fn give_sink(&self, mut sink: ChunkSink) {
        sink.rest();
        let mut sinks = self.sinks.lock();
        if sinks.len() < SINKS_KEPT {
            sinks.push(sink);
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        // The last handle is gone without `close`: nobody is there to hear of a failure.
        let _ = self.finish();
    }
}

/// A call that is inside. It leaves when this is dropped.
#[derive(Debug)]
pub(crate) struct Entered<'a> {
    shared: &'a Shared,
}

impl Deref for Entered<'_> {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.shared.store
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if self.shared.gate.leave() {
            // Closing began while this call was inside, perhaps by this call itself.
            let _ = self.shared.finish();
        }
    }
}
