//! What a store tells from one look to the next: each event once, in order, batches whole, no commit of a thread left
//! out.

use std::collections::HashMap;

use super::mark::{self, Mark};
use crate::database::{ChangeCursor, Database};

/// Events that are taken at once.
const PAGE: usize = 64;

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub(super) cursor: Option<ChangeCursor>,
    /// The last commit of each session and thread, as far as it was seen from the first one on.
    commits: HashMap<(u64, u64), u64>,
    /// Of the batch that the last event was of.
    last: Option<Mark>,
    pub(super) events: u64,
}

impl Story {
    /// From here on; what came before was seen by somebody else.
    pub(super) fn after(cursor: Option<ChangeCursor>) -> Story {
        Story { cursor, ..Story::default() }
    }

    /// The number of the last event that was seen.
    pub(super) fn sequence(&self) -> u64 {
        self.cursor.map_or(0, |cursor| cursor.sequence())
    }

    /// The commits of a thread that are there: as many as this.
    pub(super) fn commits(&self, session: u64, thread: u64) -> u64 {
        self.commits.get(&(session, thread)).copied().unwrap_or(0)
    }

    /// Takes all that is new. An open store ends with a whole batch, whenever it is looked at.
    pub(super) fn go_on(&mut self, db: &Database) -> Result<(), String> {
        let changes = db.changes(self.cursor).map_err(|error| format!("the feed: {error:?}"))?;
        loop {
            let page = changes.page(PAGE).map_err(|error| format!("a page of the feed: {error:?}"))?;
            for (next, event) in (self.sequence() + 1..).zip(&page) {
                if event.sequence() != next {
                    return Err(format!("where {next} should come {} does", event.sequence()));
                }
                if let Some(mark) = mark::check(db, event)? {
                    self.take(mark)?;
                }
            }
            self.events += page.len() as u64;
            self.cursor = Some(changes.cursor());
            if page.is_empty() {
                break;
            }
        }
        match &self.last {
            Some(last) if last.at + 1 != last.of => Err(format!("the batch of {last} has no end")),
            _ => Ok(()),
        }
    }

    fn take(&mut self, mark: Mark) -> Result<(), String> {
        let goes_on = |last: &Mark| Mark { at: last.at + 1, seed: mark.seed, ..*last } == mark;
        let begun = self.last.filter(|last| last.at + 1 != last.of);
        if let Some(last) = begun.filter(|last| !goes_on(last)) {
            return Err(format!("after {last} comes {mark}"));
        }
        if begun.is_none() && mark.at != 0 {
            return Err(format!("the batch of {mark} has no beginning"));
        }
        self.last = Some(mark);
        if mark.at == 0 {
            let before = self.commits.insert((mark.session, mark.thread), mark.commit);
            // Who begins in the middle knows nothing of what was before.
            if before.is_some_and(|before| mark.commit != before + 1) {
                return Err(format!("{mark} comes after commit {before:?} of the same thread"));
            }
        }
        Ok(())
    }
}
