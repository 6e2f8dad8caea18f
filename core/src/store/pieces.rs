//! Reading a segment on all processors at once, in pieces, for the index.
//!
//! Nobody knows where the records of a piece begin but whoever has read the piece before it. So each piece is read from
//! the first place on where a record may begin, and counts only where the piece before it ended there; otherwise, as
//! behind damage, or where a body looks like a record, it is read again from where that ended. What comes out is what
//! reading from front to back gives, in the same order.
//!
//! Memory is bounded: no thread is more than some pieces ahead of whoever takes them.

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use parking_lot::{Condvar, Mutex, RwLock};

use crate::error::Result;
use crate::hands;
use crate::index::{Item, Tier, find_parents, items_of};
use crate::log::{Footer, Scan, ScanEnd, Scanned, Segment, Tally, Window, find_piece, scan_piece};
use crate::vfs::VfsFile;

/// Bytes of a piece: many times what handing it over costs, and so short that what waits is little.
pub(super) const PIECE_BYTES: u64 = 512 * 1024;
/// How many pieces each thread may be ahead.
const AHEAD_MAX: usize = 2;
/// More threads than these would wait for the one that takes.
const THREADS_MAX: usize = 8;

/// Where a footer tells how many records there are, a piece has about so many of them, or of what they hold: of contents
/// of files little more than the headers is looked at.
const PIECE_RECORDS: u64 = 1024;
const PIECE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// The tiers that an index which is being made has come to, so that parents are looked for by the many.
pub(super) type TiersSoFar = RwLock<Arc<[Arc<Tier>]>>;

/// A part of a segment all of which is before the durable end.
pub(super) struct Stretch<'a> {
    pub(super) segment: &'a Segment,
    pub(super) file: Arc<dyn VfsFile>,
    pub(super) from: u64,
    /// Where the readable part ends.
    pub(super) readable: u64,
    pub(super) durable_end: u64,
    /// A multiple of that of which records begin at.
    pub(super) piece_bytes: u64,
}

/// How long the pieces of a segment with this footer are.
fn piece_bytes(footer: &Footer) -> u64 {
    let Tally { records, events, chunks, lists, .. } = footer.tally;
    let items = events.saturating_add(chunks).saturating_add(lists);
    let record = footer.offset / records.max(items).max(1);
    let bytes = record.saturating_mul(PIECE_RECORDS).clamp(PIECE_BYTES, PIECE_BYTES_MAX);
    bytes.next_multiple_of(PIECE_BYTES)
}

/// For whoever forges footers: the plan that is made of one is bounded.
#[cfg(any(test, fuzzing))]
pub(crate) fn check_plan(footer: &Footer) {
    let bytes = piece_bytes(footer);
    assert!((PIECE_BYTES..=PIECE_BYTES_MAX).contains(&bytes) && bytes.is_multiple_of(PIECE_BYTES), "{bytes}");
}

/// What was read of a piece.
struct ReadPiece {
    /// Where its first record begins; none where there is none.
    start: Option<u64>,
    /// The bytes of each record, and how many of the items are of it.
    records: Vec<(u32, u32)>,
    items: Vec<Item>,
    end: ScanEnd,
}

/// Takes the records of a piece, which come in order: the bytes of each, and how many of the items are of it.
pub(super) type Take<'a> = &'a mut dyn FnMut(&[(u32, u32)], Vec<Item>) -> Result<()>;

impl<'a> Stretch<'a> {
    pub(super) fn new(
        segment: &'a Segment,
        file: Arc<dyn VfsFile>,
        bytes: Range<u64>,
        durable_end: u64,
    ) -> Stretch<'a> {
        let Range { start: from, end: readable } = bytes;
        let piece_bytes = if readable == durable_end && readable - from > PIECE_BYTES {
            let footer = Footer::at(file.as_ref(), segment.seed(), readable).ok().flatten();
            footer.map_or(PIECE_BYTES, |footer| piece_bytes(&footer))
        } else {
            PIECE_BYTES
        };
        Stretch { segment, file, from, readable, durable_end, piece_bytes }
    }

    /// Reads it, on as many threads as there are processors where `beside` allows it.
    pub(super) fn read(&self, tiers: &TiersSoFar, beside: bool, take: Take<'_>) -> Result<ScanEnd> {
        let pieces = self.readable.saturating_sub(self.from).div_ceil(self.piece_bytes).max(1);
        let threads = if beside { hands::threads() } else { 1 };
        let threads = threads.min(THREADS_MAX).min(usize::try_from(pieces / 2).unwrap_or(usize::MAX));
        let mut joined = Joined { stretch: self, tiers, at: self.from, end: ScanEnd::default() };
        joined.end.end = self.from;
        if threads < 2 {
            for piece in 0..pieces {
                joined.read_here(self.range(piece), take)?;
            }
            return Ok(joined.end);
        }
        let queue = Queue::new(pieces, threads * AHEAD_MAX);
        thread::scope(|scope| {
            // However this ends, nobody waits for the rest.
            let _end = EndOnDrop(&queue);
            for _ in 0..threads {
                let work = || queue.serve(|piece| self.read_piece(self.range(piece), piece == 0, tiers));
                let named = thread::Builder::new().name("ouroborosdb-read".to_owned());
                if named.spawn_scoped(scope, work).is_err() {
                    // Fewer threads than wished are slower, not wrong.
                    break;
                }
                queue.state.lock().threads += 1;
            }
            for piece in 0..pieces {
                match queue.next() {
                    Some(read) => joined.add(self.range(piece), read?, take)?,
                    None => joined.read_here(self.range(piece), take)?,
                }
            }
            Ok(joined.end)
        })
    }

    fn range(&self, piece: u64) -> Range<u64> {
        let start = self.from + piece * self.piece_bytes;
        start..start + self.piece_bytes
    }

    /// Reads a piece from where a record may begin; from its beginning on where that is known to be one.
    fn read_piece(&self, range: Range<u64>, begins: bool, tiers: &TiersSoFar) -> Result<ReadPiece> {
        let mut window = Window::new(self.file.as_ref(), self.readable);
        let seed = self.segment.seed();
        let start = if begins { Some(range.start) } else { find_piece(&mut window, seed, &range)? };
        let mut read = ReadPiece { start, records: Vec::new(), items: Vec::new(), end: ScanEnd::default() };
        let Some(start) = start else { return Ok(read) };
        let number = self.segment.number();
        let ReadPiece { records, items, .. } = &mut read;
        let mut visit = |scanned: Scanned<'_>| {
            let before = items.len();
            items_of(number, &scanned, |item| items.push(item));
            let bytes = u32::try_from(scanned.header.record_bytes()).unwrap_or(u32::MAX);
            records.push((bytes, (items.len() - before) as u32));
            Ok(())
        };
        let piece = start..range.end;
        read.end = scan_piece(&mut window, seed, number, piece, self.durable_end, Scan::Needed, &mut visit)?;
        find_parents(&mut read.items, &tiers.read().clone());
        Ok(read)
    }
}

/// The pieces so far, as if they had been read as one.
struct Joined<'a> {
    stretch: &'a Stretch<'a>,
    tiers: &'a TiersSoFar,
    /// Where the next record is to begin.
    at: u64,
    end: ScanEnd,
}

impl Joined<'_> {
    fn add(&mut self, range: Range<u64>, read: ReadPiece, take: Take<'_>) -> Result<()> {
        if self.at >= range.end {
            // A long record, or a long stretch of damage.
            return Ok(());
        }
        if read.start != Some(self.at) {
            return self.read_here(range, take);
        }
        self.join(read, take)
    }

    /// Reads the rest of a piece from where the one before it ended.
    fn read_here(&mut self, range: Range<u64>, take: Take<'_>) -> Result<()> {
        if self.at >= range.end {
            return Ok(());
        }
        let read = self.stretch.read_piece(self.at..range.end, true, self.tiers)?;
        self.join(read, take)
    }

    fn join(&mut self, read: ReadPiece, take: Take<'_>) -> Result<()> {
        take(&read.records, read.items)?;
        self.at = read.end.next;
        self.end.join(read.end);
        Ok(())
    }
}

/// Pieces that are read by the many and taken by one, in order.
struct Queue {
    state: Mutex<State>,
    /// A piece is there.
    news: Condvar,
    /// There is room for another one.
    room: Condvar,
    pieces: u64,
    ahead_max: u64,
}

struct State {
    threads: usize,
    /// The next piece that is to be read, and the next one that is to be taken.
    unread: u64,
    untaken: u64,
    ended: bool,
    read: std::collections::BTreeMap<u64, Result<ReadPiece>>,
}

impl Queue {
    fn new(pieces: u64, ahead_max: usize) -> Queue {
        let state = State { threads: 0, unread: 0, untaken: 0, ended: false, read: Default::default() };
        let (news, room) = (Condvar::new(), Condvar::new());
        Queue { state: Mutex::new(state), news, room, pieces, ahead_max: ahead_max as u64 }
    }

    fn serve(&self, read: impl Fn(u64) -> Result<ReadPiece>) {
        let _end = EndOnPanic(self);
        loop {
            let mut state = self.state.lock();
            while !state.ended && state.unread < self.pieces && state.unread >= state.untaken + self.ahead_max
            {
                self.room.wait(&mut state);
            }
            if state.ended || state.unread >= self.pieces {
                return;
            }
            let piece = state.unread;
            state.unread += 1;
            drop(state);
            let read = read(piece);
            self.state.lock().read.insert(piece, read);
            self.news.notify_one();
        }
    }

    /// The next piece; none where nobody reads it.
    fn next(&self) -> Option<Result<ReadPiece>> {
        let mut state = self.state.lock();
        let piece = state.untaken;
        state.untaken += 1;
        self.room.notify_all();
        loop {
            if let Some(read) = state.read.remove(&piece) {
                return Some(read);
            }
            if state.threads == 0 || state.ended {
                return None;
            }
            self.news.wait(&mut state);
        }
    }

    fn end(&self) {
        self.state.lock().ended = true;
        self.room.notify_all();
        self.news.notify_all();
    }
}

struct EndOnDrop<'a>(&'a Queue);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Whoever waits for a piece of a thread that is gone would wait for ever.
struct EndOnPanic<'a>(&'a Queue);

impl Drop for EndOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end();
        }
    }
}
