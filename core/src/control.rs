//! Cancelling a long call, and watching it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Cancels the calls that it was given to, from any thread. A cancelled call answers `cancelled`.
///
/// Clones cancel together. A token stays cancelled.
#[derive(Clone, Debug, Default)]
pub struct CancelToken {
    cancelled: Arc<AtomicBool>,
}

impl CancelToken {
    /// A token that is not cancelled.
    #[must_use]
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Cancels the calls that hold this token, and those that will get it.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Whether [`cancel`](CancelToken::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }
}

/// How far a long call has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes read, written or checked so far.
    pub bytes: u64,
    /// Files, events or segments done so far; what is counted is said by the call.
    pub items: u64,
}

/// How a long call is cancelled and watched.
///
/// The progress function runs on the calling thread, only during the call, never under a lock: it may call
/// back into the database. It runs at most about 20 times a second, and once at the end.
#[derive(Default)]
pub struct Control<'a> {
    cancel: Option<CancelToken>,
    progress: Option<Box<dyn FnMut(Progress) + 'a>>,
    done: Progress,
    reported_at: Option<Instant>,
}

/// Shortest time between two calls of a progress function.
const REPORT_INTERVAL: Duration = Duration::from_millis(50);

impl<'a> Control<'a> {
    /// Neither cancelled nor watched.
    #[must_use]
    pub fn new() -> Control<'a> {
        Control::default()
    }

    /// Cancels the call when this token is cancelled.
    #[must_use]
    pub fn cancel(mut self, token: &CancelToken) -> Control<'a> {
        self.cancel = Some(token.clone());
        self
    }

    /// Calls `progress` now and then.
    #[must_use]
    pub fn on_progress(mut self, progress: impl FnMut(Progress) + 'a) -> Control<'a> {
        self.progress = Some(Box::new(progress));
        self
    }

    /// `cancelled` if the token says so.
    pub(crate) fn check(&self) -> Result<()> {
        match &self.cancel {
            Some(token) if token.is_cancelled() => Err(Error::cancelled()),
            _ => Ok(()),
        }
    }

    /// Counts what was done, reports it when it is time, and checks the token.
    pub(crate) fn advance(&mut self, bytes: u64, items: u64) -> Result<()> {
        self.done.bytes += bytes;
        self.done.items += items;
        if self.progress.is_some() {
            let now = Instant::now();
            if self.reported_at.is_none_or(|at| now.duration_since(at) >= REPORT_INTERVAL) {
                self.reported_at = Some(now);
                self.report();
            }
        }
        self.check()
    }

    /// The last report.
    pub(crate) fn finish(&mut self) {
        self.report();
    }

    fn report(&mut self) {
        let done = self.done;
        if let Some(progress) = self.progress.as_mut() {
            progress(done);
        }
    }
}

impl fmt::Debug for Control<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("done", &self.done).finish_non_exhaustive()
    }
}
