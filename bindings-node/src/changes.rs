//! `Changes`: the change feed in pages.
//!
//! `lib/changes.cjs` fetches ahead and gives events out one by one, and tells the place behind the last one that it
//! gave out; so each event comes with the place behind it.

use std::sync::Arc;
use std::time::Duration;

use napi_derive::napi;
use ouroborosdb::{CancelToken, ChangeCursor, Control, Error, Event, Result};
use parking_lot::Mutex;

use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, run};
use crate::thrown::thrown;
use crate::token::CallToken;

/// A way through the change feed.
#[napi]
pub struct Changes {
    feed: Arc<Feed>,
    shared: Shared,
}

struct Feed {
    changes: ouroborosdb::Changes,
    /// The error of an event behind those of the last page, to be given in its place.
    failed: Mutex<Option<Error>>,
}

impl Feed {
    fn page(&self, limit: u32) -> Result<Vec<(Event, String)>> {
        let failed = self.failed.lock().take();
        failed.map_or_else(|| self.fill(Vec::new(), limit), Err)
    }

    /// As `page`, but where there are no events yet it waits for the first.
    fn watch(&self, limit: u32, at_most: Duration, cancel: &CancelToken) -> Result<Vec<(Event, String)>> {
        if !cancel.is_cancelled() {
            let failed = self.failed.lock().take();
            failed.map_or(Ok(()), Err)?;
        }
        let control = Control::new().cancel(cancel);
        let first = self.changes.watch(limit.min(1) as usize, at_most, control)?.into_iter().next();
        match first {
            Some(event) => self.fill(vec![(event, self.changes.cursor().to_string())], limit),
            None => Ok(Vec::new()),
        }
    }

    /// Adds events that are there, up to `limit`.
    fn fill(&self, mut events: Vec<(Event, String)>, limit: u32) -> Result<Vec<(Event, String)>> {
        while events.len() < limit as usize {
            match self.changes.page(1) {
                Ok(page) => match page.into_iter().next() {
                    Some(event) => events.push((event, self.changes.cursor().to_string())),
                    None => break,
                },
                Err(error) if events.is_empty() => return Err(error),
                Err(error) => {
                    *self.failed.lock() = Some(error);
                    break;
                }
            }
        }
        Ok(events)
    }
}

impl Changes {
    pub(crate) fn reply(changes: ouroborosdb::Changes, shared: &Shared) -> Reply {
        let feed = Arc::new(Feed { changes, failed: Mutex::new(None) });
        Reply::Changes(Changes { feed, shared: shared.clone() })
    }
}

#[napi]
impl Changes {
    /// The next events, at most `limit`, each with the place behind it.
    #[napi(catch_unwind)]
    pub fn page(&self, how: u32, limit: u32) -> napi::Result<Answer> {
        let (feed, shared) = (Arc::clone(&self.feed), self.shared.clone());
        run(how, move || {
            let page = feed.page(limit).map(Reply::Feed);
            drop((feed, shared));
            page
        })
    }

    /// The next events as by `page`; waits for them up to so many milliseconds.
    #[napi(catch_unwind)]
    pub fn watch(&self, how: u32, token: &CallToken, limit: u32, timeout_ms: f64) -> napi::Result<Answer> {
        let (feed, shared) = (Arc::clone(&self.feed), self.shared.clone());
        let cancel = token.inner.clone();
        // Only an infinite time is too long for a Duration.
        let at_most = Duration::try_from_secs_f64(timeout_ms / 1000.0).unwrap_or(Duration::MAX);
        run(how, move || {
            let page = feed.watch(limit, at_most, &cancel).map(Reply::Feed);
            drop((feed, shared));
            page
        })
    }

    /// Where the feed begins, asked before the first page.
    #[napi(catch_unwind)]
    pub fn cursor(&self) -> String {
        self.feed.changes.cursor().to_string()
    }
}

/// The sequence number of a change cursor's text.
#[napi(catch_unwind)]
pub fn change_cursor_sequence(text: String) -> napi::Result<napi::bindgen_prelude::BigInt> {
    let cursor = text.parse::<ChangeCursor>().map_err(|error| thrown(&error))?;
    Ok(cursor.sequence().into())
}
