//! `Changes`: the change feed in pages.
//!
//! `lib/changes.cjs` fetches ahead and gives events out one by one, and tells the place behind the last one that it
//! gave out; so each event comes with the place behind it.

use std::sync::Arc;

use napi_derive::napi;
use ouroborosdb::{ChangeCursor, Error, Event, Result};
use parking_lot::Mutex;

use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, run};
use crate::thrown::thrown;

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
        let mut failed = self.failed.lock();
        if let Some(error) = failed.take() {
            return Err(error);
        }
        let mut events = Vec::new();
        for _ in 0..limit {
            match self.changes.page(1) {
                Ok(page) => match page.into_iter().next() {
                    Some(event) => events.push((event, self.changes.cursor().to_string())),
                    None => break,
                },
                Err(error) if events.is_empty() => return Err(error),
                Err(error) => {
                    *failed = Some(error);
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
