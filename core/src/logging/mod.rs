//! What the engine tells of itself: openings, recoveries, damage, failures, upkeep. Never content, titles, metadata,
//! attributes or names of stored files; ids, numbers, and paths of the store. Nothing is told of single calls unless
//! something is wrong.
//!
//! The engine speaks through [`tracing`], target `ouroborosdb`, and there are two ways to listen:
//!
//! - A Rust program may have a subscriber of its own. It is called where things happen, as tracing does, perhaps under a
//!   lock of the engine: so it must not call the database. Where it panics, the event is lost and nothing else.
//! - [`set_log_sink`] makes a subscriber of ours the process's, which puts events into a queue. A thread, started with the
//!   sink and ended with it, takes them out and calls the sink: under no lock, so that it may call the database, wait,
//!   or panic. This is what the other languages have.
//!
//! Both are of the whole process, for tracing is: an option of one database could not say which events are its own
//! before it is open, nor after it has failed to open, which is when a log is read. Each event names its store.
//!
//! Invariants: whoever tells never waits for a sink. The queue has [`LOG_RECORDS_MAX`] places; what does not fit is
//! counted, and the count is told. With no sink and no subscriber an event costs a comparison.
//!
//! A child that was forked has no such thread: there, nothing is told until it sets a sink of its own.

mod drain;
mod record;
mod subscriber;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

pub use drain::LOG_RECORDS_MAX;
use drain::Place;
pub use record::{LogLevel, LogRecord, LogValue};
use subscriber::Subscriber;

use crate::error::{Error, ErrorCode, Result};
use crate::vfs::forks;

/// Up to which level the sink wants to hear; 0 where there is none.
static LEVEL: AtomicU8 = AtomicU8::new(0);

/// Tells an event: a level of tracing, fields, a sentence. The subscriber of a program may panic, and what calls this is
/// in the middle of something.
macro_rules! tell {
    ($level:ident, $($event:tt)+) => {
        $crate::logging::unharmed(|| {
            tracing::event!(target: $crate::logging::TARGET, tracing::Level::$level, $($event)+);
        })
    };
}
pub(crate) use tell;

/// The target of all events.
pub(crate) const TARGET: &str = "ouroborosdb";

pub(crate) fn unharmed(tell: impl FnOnce()) {
    // What a subscriber leaves half done is its own.
    let _ = catch_unwind(AssertUnwindSafe(tell));
}

/// Has `sink` called with what the engine tells from now on, up to `level`, of all databases of this process: in order,
/// on a thread of its own, under no lock. It may call the database, and it may set and clear sinks. Where it panics, the
/// next record comes all the same.
///
/// It takes the place of an earlier sink, which gets what was told before, and may still be running when this returns;
/// clear that one first where this matters.
///
/// ```
/// use std::sync::mpsc;
/// use ouroborosdb::{Database, LogLevel, Options, clear_log_sink, set_log_sink};
///
/// let (sender, records) = mpsc::channel();
/// set_log_sink(LogLevel::Info, move |record| {
///     let _ = sender.send(record.to_string());
/// })?;
/// Database::open_in_memory(Options::new())?.close()?;
/// clear_log_sink();
/// assert!(records.iter().any(|line| line.contains("opened")));
/// # Ok::<(), ouroborosdb::Error>(())
/// ```
///
/// # Errors
///
/// `already_exists` where the program has a subscriber of tracing, which hears everything already; `io` where no thread
/// can be started.
pub fn set_log_sink(level: LogLevel, sink: impl FnMut(&LogRecord) + Send + 'static) -> Result<()> {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    if !INSTALLED.get_or_init(|| tracing::subscriber::set_global_default(Subscriber).is_ok()) {
        let message = "the program has a subscriber of tracing, which gets what the engine tells; use that";
        return Err(Error::new(ErrorCode::AlreadyExists, message));
    }
    forks::watch().map_err(|reason| cannot("watch for forks", &reason))?;
    Place::of_this_process()
        .put(Box::new(sink))
        .map_err(|reason| cannot("start the thread of the log", &reason))?;
    listen(level as u8);
    Ok(())
}

/// Ends the sink: what was told so far is delivered first, and when this returns the sink is gone. From within the sink
/// it returns at once, and the sink ends after what is queued. Do not hold a lock that the sink may wait for.
pub fn clear_log_sink() {
    listen(0);
    if let Some(place) = Place::known() {
        place.clear();
    }
}

/// Sets the level, and has tracing ask again which events are wanted.
fn listen(level: u8) {
    LEVEL.store(level, Ordering::Release);
    tracing::callsite::rebuild_interest_cache();
}

fn cannot(what: &str, reason: &std::io::Error) -> Error {
    Error::new(ErrorCode::Io, format!("the system cannot {what}: {reason}"))
}
