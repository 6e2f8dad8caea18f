//! The change feed: what was committed, in the order in which it was.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use parking_lot::Mutex;

use super::{Database, Shared};
use crate::error::{Error, ErrorCode, Result};
use crate::event::Event;
use crate::store::Store;

const INCARNATION_BYTES: usize = 16;
/// 32 hexadecimal digits, a hyphen, 16 hexadecimal digits.
const TEXT_BYTES: usize = 2 * INCARNATION_BYTES + 1 + 16;

/// A place in the change feed of one store.
///
/// Its text, by `Display` and `FromStr`, is 32 hexadecimal digits, a hyphen and 16 more; keep it to go on
/// later. It belongs to one store: another one, a copy included, refuses it rather than misreading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChangeCursor {
    incarnation: [u8; INCARNATION_BYTES],
    sequence: u64,
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
        write!(f, "{:032x}-{:016x}", u128::from_be_bytes(self.incarnation), self.sequence)
    }
}

impl FromStr for ChangeCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<ChangeCursor> {
        let parse = || {
            let hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
            if text.len() != TEXT_BYTES || !text.bytes().all(hex) {
                return None;
            }
            let (incarnation, sequence) = text.split_once('-')?;
            if incarnation.len() != 2 * INCARNATION_BYTES {
                return None;
            }
            Some(ChangeCursor {
                incarnation: u128::from_str_radix(incarnation, 16).ok()?.to_be_bytes(),
                sequence: u64::from_str_radix(sequence, 16).ok()?,
            })
        };
        parse().ok_or_else(|| {
            let message = "a change cursor is 32 hexadecimal digits, a hyphen and 16 more; this text is not";
            Error::new(ErrorCode::InvalidCursor, message)
        })
    }
}

/// The events behind a place in the feed, in commit order.
///
/// It ends at the last durable event, and goes on from there when it is asked again later. Threads may share
/// it; each event goes to one of them.
pub struct Changes {
    shared: Arc<Shared>,
    incarnation: [u8; INCARNATION_BYTES],
    /// The sequence number of the last event given out.
    after: Mutex<u64>,
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
        let sequence = match after {
            None => 0,
            Some(cursor) => {
                let ours = cursor.incarnation == incarnation;
                if !ours || cursor.sequence >= store.durable_sequence_end() {
                    let message = "the change cursor is of another store, or of a later state of this one; \
                                   begin without a cursor";
                    return Err(Error::new(ErrorCode::CursorOfAnotherStore, message));
                }
                cursor.sequence
            }
        };
        Ok(Changes { shared: Arc::clone(&self.shared), incarnation, after: Mutex::new(sequence) })
    }
}

impl Changes {
    /// The next events, at most `limit`; none where there are none yet.
    ///
    /// # Errors
    ///
    /// `corrupt` for an event that cannot be read; the feed goes on behind it. `closed`.
    pub fn page(&self, limit: usize) -> Result<Vec<Event>> {
        let store = self.shared.enter()?;
        let mut after = self.after.lock();
        let mut events = Vec::new();
        while events.len() < limit {
            let sequence = *after + 1;
            if sequence >= store.durable_sequence_end() {
                break;
            }
            match read(&store, sequence) {
                Ok(event) => events.push(event),
                Err(_) if !events.is_empty() => break,
                Err(error) => {
                    *after = sequence;
                    return Err(error);
                }
            }
            *after = sequence;
        }
        Ok(events)
    }

    /// The place behind the last event given out.
    #[must_use]
    pub fn cursor(&self) -> ChangeCursor {
        ChangeCursor { incarnation: self.incarnation, sequence: *self.after.lock() }
    }
}

fn read(store: &Store, sequence: u64) -> Result<Event> {
    let row = store.index().row(sequence).cloned();
    match row {
        Some(row) => store.read_event(&row),
        None => {
            let message = format!("the event of sequence number {sequence} is lost to damage; run verify");
            Err(Error::new(ErrorCode::Corrupt, message))
        }
    }
}

impl Iterator for Changes {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Result<Event>> {
        self.page(1).map(|page| page.into_iter().next()).transpose()
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("cursor", &self.cursor().to_string()).finish_non_exhaustive()
    }
}
