//! An open database, as all handles that hang on it share it.
//!
//! - The last of them to go closes the database, which may write and wait for the disk. A finalizer runs on
//!   JavaScript's thread, so the closing is left to a thread of its own.
//! - A put that waits for JavaScript to bring bytes is inside the engine meanwhile, and closing waits for whoever
//!   is inside. So closing first ends the sources that JavaScript feeds.

use std::ops::Deref;
use std::sync::{Arc, Weak};

use ouroborosdb::{Database, Result};
use parking_lot::Mutex;

/// What a call waits for that JavaScript brings.
pub(crate) trait Fed: Send + Sync {
    /// The database is being closed.
    fn close(&self);
}

pub(crate) struct Opened {
    /// Some until it is dropped.
    database: Option<Database>,
    feeds: Mutex<Feeds>,
}

#[derive(Default)]
struct Feeds {
    closing: bool,
    running: Vec<Weak<dyn Fed>>,
}

/// A handle on an open database: what each handle holds, behind what it has of the engine.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Opened>);

impl Shared {
    pub(crate) fn new(database: Database) -> Shared {
        Shared(Arc::new(Opened { database: Some(database), feeds: Mutex::default() }))
    }

    /// Runs `work` with the database.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T>) -> Result<T> {
        match &self.0.database {
            Some(database) => work(database),
            // Nobody holds a handle that is being dropped.
            None => Err(crate::source::closed()),
        }
    }

    /// A handle that keeps nothing.
    pub(crate) fn weak(&self) -> WeakShared {
        WeakShared(Arc::downgrade(&self.0))
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.database.as_ref().is_none_or(Database::is_closed)
    }

    pub(crate) fn close(&self) -> Result<()> {
        self.end_feeds();
        self.with(Database::close)
    }

    /// Ends what JavaScript feeds when the database is closed.
    pub(crate) fn watch(&self, feed: &Arc<dyn Fed>) {
        let mut feeds = self.0.feeds.lock();
        if feeds.closing {
            feed.close();
            return;
        }
        feeds.running.retain(|feed| feed.strong_count() > 0);
        feeds.running.push(Arc::downgrade(feed));
    }

    fn end_feeds(&self) {
        let running = {
            let mut feeds = self.0.feeds.lock();
            feeds.closing = true;
            std::mem::take(&mut feeds.running)
        };
        for feed in running.iter().filter_map(Weak::upgrade) {
            feed.close();
        }
    }
}

/// A handle for what JavaScript may forget long before its collector finds it.
pub(crate) struct WeakShared(Weak<Opened>);

impl WeakShared {
    /// Runs `work` with the database, if any other handle is left.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Database) -> Result<T>) -> Result<T> {
        let shared = self.0.upgrade().map(Shared).ok_or_else(crate::source::closed)?;
        shared.with(work)
    }
}

impl Deref for Shared {
    type Target = Opened;

    fn deref(&self) -> &Opened {
        &self.0
    }
}

impl Opened {
    /// The database, for what asks nothing of the disk.
    pub(crate) fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        let Some(database) = self.database.take() else { return };
        if database.is_closed() {
            return;
        }
        // Without a thread to be had it is closed here after all, by being dropped with the closure.
        let _ =
            std::thread::Builder::new().name("ouroborosdb close".to_owned()).spawn(move || drop(database));
    }
}
