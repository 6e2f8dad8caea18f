//! The token of one call: cancels it when JavaScript says so, or is gone; and says what JavaScript has heard of it.

use std::sync::Arc;
use std::time::Duration;

use napi_derive::napi;
use parking_lot::{Condvar, Mutex};

/// How long a call waits for JavaScript to hear of its progress. Whoever holds up JavaScript's thread may be waiting
/// for this very call, so it is not waited for without end.
const HEARING_TIME_MAX: Duration = Duration::from_millis(100);

/// `lib/call.cjs` holds it for as long as the call runs. If it is dropped before, the worker or the process ends, and
/// nobody waits for the call any more.
#[napi]
pub struct CallToken {
    pub(crate) inner: ouroborosdb::CancelToken,
    pub(crate) heard: Arc<Heard>,
}

#[napi]
impl CallToken {
    /// A token that is not cancelled.
    #[napi(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript has no Default")]
    pub fn new() -> CallToken {
        CallToken { inner: ouroborosdb::CancelToken::new(), heard: Arc::default() }
    }

    /// Cancels the call.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.inner.cancel();
    }

    /// The function that watches the call has run.
    #[napi(catch_unwind)]
    pub fn heard(&self) {
        self.heard.tell();
    }
}

impl Drop for CallToken {
    fn drop(&mut self) {
        self.inner.cancel();
        self.heard.tell();
    }
}

/// How often JavaScript has heard of a call's progress.
#[derive(Default)]
pub(crate) struct Heard {
    times: Mutex<u64>,
    changed: Condvar,
}

impl Heard {
    fn tell(&self) {
        *self.times.lock() += 1;
        self.changed.notify_all();
    }

    /// Sends, and waits until JavaScript has heard it.
    pub(crate) fn after(&self, send: impl FnOnce()) {
        let mut times = self.times.lock();
        let before = *times;
        send();
        self.changed.wait_while_for(&mut times, |times| *times == before, HEARING_TIME_MAX);
    }
}
