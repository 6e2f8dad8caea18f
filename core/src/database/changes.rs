//! The change feed: what was committed, in the order in which it was.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::cursor::told_once;
use super::{Database, Shared};
use crate::control::Control;
use crate::error::{Error, ErrorCode, Result};
use crate::event::Event;
use crate::id::EventId;
use crate::store::Store;

const INCARNATION_BYTES: usize = 16;
/// 32 hexadecimal digits, a hyphen, 16 digits, a hyphen, 16 digits.
const TEXT_BYTES: usize = 2 * INCARNATION_BYTES + 2 * (1 + 16);

/// How long a watcher waits before it looks again: at first, and when nothing has come for a while.
const PAUSE_MIN: Duration = Duration::from_millis(1);
const PAUSE_MAX: Duration = Duration::from_millis(50);

/// A place in the change feed of one store.
///
/// Its text, by `Display` and `FromStr`, is 32 hexadecimal digits, a hyphen, 16 digits, a hyphen and 16 more; keep
/// it to go on later. It belongs to one store: another one, and a copy that has gone its own way since, refuses it
/// rather than misreading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChangeCursor {
    incarnation: [u8; INCARNATION_BYTES],
    sequence: u64,
    /// The beginning of the id of the event of this number; 0 at the beginning. Two copies of a store give the
    /// same number to different events.
    check: u64,
}

impl ChangeCursor {
    /// The sequence number of the last event before this place; 0 at the beginning.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

impl fmt::Display for ChangeCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let incarnation = u128::from_be_bytes(self.incarnation);
        write!(f, "{incarnation:032x}-{:016x}-{:016x}", self.sequence, self.check)
    }
}

impl FromStr for ChangeCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<ChangeCursor> {
        parse(text).ok_or_else(|| {
            let message = "a change cursor is 32 hexadecimal digits, a hyphen, 16 digits, a hyphen and 16 more; \
                           this text is not";
            Error::new(ErrorCode::InvalidCursor, message)
        })
    }
}

fn parse(text: &str) -> Option<ChangeCursor> {
    let hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    if text.len() != TEXT_BYTES || !text.bytes().all(hex) {
        return None;
    }
    let mut parts = text.split('-');
    let (incarnation, sequence, check) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || incarnation.len() != 2 * INCARNATION_BYTES || sequence.len() != 16 {
        return None;
    }
    Some(ChangeCursor {
        incarnation: u128::from_str_radix(incarnation, 16).ok()?.to_be_bytes(),
        sequence: u64::from_str_radix(sequence, 16).ok()?,
        check: u64::from_str_radix(check, 16).ok()?,
    })
}

/// The events behind a place in the feed, in commit order.
///
/// It ends at the last durable event, and goes on from there when it is asked again later. Threads may share
/// it; each event goes to one of them.
pub struct Changes {
    shared: Arc<Shared>,
    /// The place behind the last event given out.
    after: Mutex<ChangeCursor>,
    told_closed: bool,
}

impl Database {
    /// The durable events after this place in commit order; from the beginning without one.
    ///
    /// # Errors
    ///
    /// `cursor_of_another_store`; `closed`.
    pub fn changes(&self, after: Option<ChangeCursor>) -> Result<Changes> {
        let store = self.enter()?;
        let incarnation = store.superblock().incarnation;
        let after = match after {
            None => ChangeCursor { incarnation, sequence: 0, check: 0 },
            Some(cursor) if is_ours(&store, &cursor)? => cursor,
            // One that a reader has not come to yet.
            Some(cursor) if store.refresh()? && is_ours(&store, &cursor)? => cursor,
            Some(_) => {
                let message = "the change cursor is of another store, or of a later state of this one; \
                               begin without a cursor";
                return Err(Error::new(ErrorCode::CursorOfAnotherStore, message));
            }
        };
        Ok(Changes { shared: Arc::clone(&self.shared), after: Mutex::new(after), told_closed: false })
    }
}

/// Whether this store gave the cursor out.
fn is_ours(store: &Store, cursor: &ChangeCursor) -> Result<bool> {
    let known = cursor.incarnation == store.superblock().incarnation
        && cursor.sequence < store.durable_sequence_end();
    // An event that was lost to damage since cannot be compared.
    Ok(known && check_at(store, cursor.sequence)?.is_none_or(|check| check == cursor.check))
}

/// The check of a cursor behind this number; none where its event is lost.
fn check_at(store: &Store, sequence: u64) -> Result<Option<u64>> {
    if sequence == 0 {
        return Ok(Some(0));
    }
    store.query(|index| index.row(sequence).map(|row| check_of(&row.id)))
}

/// The beginning of an id.
fn check_of(id: &EventId) -> u64 {
    id.as_bytes().first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

impl Changes {
    /// The next events, at most `limit`; none where there are none yet.
    ///
    /// # Errors
    ///
    /// `corrupt` for an event that is damaged; the feed goes on behind it. `io`, after which it goes on where it was.
    /// `closed`.
    pub fn page(&self, limit: usize) -> Result<Vec<Event>> {
        let store = self.shared.enter()?;
        let mut after = self.after.lock();
        let mut events = Vec::new();
        while events.len() < limit {
            self.shared.check_open()?;
            let sequence = after.sequence + 1;
            if sequence >= store.durable_sequence_end() {
                break;
            }
            match read(&store, sequence) {
                Ok(event) => {
                    after.sequence = sequence;
                    after.check = check_of(&event.id());
                    events.push(event);
                }
                Err(_) if !events.is_empty() => break,
                Err(error) if error.code() == ErrorCode::Corrupt => {
                    after.sequence = last_lost(&store, sequence)?;
                    after.check = check_at(&store, after.sequence)?.unwrap_or(0);
                    return Err(error);
                }
                // It may be there the next time.
                Err(error) => return Err(error),
            }
        }
        Ok(events)
    }

    /// The next events, at most `limit`; where there are none yet, it waits for them, at most so long. A database that
    /// was opened read-only looks at what its writer has committed meanwhile, in whichever process that is; it looks
    /// once where it may not wait at all.
    ///
    /// # Errors
    ///
    /// As [`page`](Changes::page); `cancelled`.
    pub fn watch(&self, limit: usize, at_most: Duration, mut control: Control<'_>) -> Result<Vec<Event>> {
        let start = Instant::now();
        let mut pause = PAUSE_MIN;
        loop {
            control.check()?;
            let events = self.page(limit)?;
            if !events.is_empty() || limit == 0 {
                return Ok(events);
            }
            // The store is left between two looks, so that it can be closed.
            let store = self.shared.enter()?;
            self.shared.check_open()?;
            let is_fresh = store.refresh()?;
            let left = at_most.saturating_sub(start.elapsed());
            if left.is_zero() {
                return self.page(limit);
            }
            if !is_fresh {
                let next = self.after.lock().sequence + 1;
                store.wait_durable(next, pause.min(left));
                pause = (pause * 2).min(PAUSE_MAX);
            }
            // Cancelled by a signal or a token, which nobody tells of.
            control.advance(0, 0)?;
        }
    }

    /// The place behind the last event given out.
    #[must_use]
    pub fn cursor(&self) -> ChangeCursor {
        *self.after.lock()
    }
}

/// The last of the events in a row that damage took, from this one on: they are told at once, however many there are.
fn last_lost(store: &Store, sequence: u64) -> Result<u64> {
    let next = store.query(|index| index.next_known(sequence))?.min(store.durable_sequence_end());
    Ok(next.saturating_sub(1).max(sequence))
}

fn read(store: &Store, sequence: u64) -> Result<Event> {
    match store.query(|index| index.row(sequence))? {
        Some(row) => store.read_event(&row),
        None => {
            let last = last_lost(store, sequence)?;
            let which = if last == sequence { String::new() } else { format!(" and all up to {last}") };
            let message =
                format!("the event of sequence number {sequence}{which} is lost to damage; run verify");
            Err(Error::new(ErrorCode::Corrupt, message))
        }
    }
}

impl Iterator for Changes {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Result<Event>> {
        match self.page(1) {
            Err(error) if error.code() == ErrorCode::Closed => told_once(&mut self.told_closed, error),
            other => other.map(|page| page.into_iter().next()).transpose(),
        }
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("cursor", &self.cursor().to_string()).finish_non_exhaustive()
    }
}
