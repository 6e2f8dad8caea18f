//! Records of a segment, checked by the many, because ids are hashed cheaper by the many.
//!
//! Memory is bounded: those that wait are checked when they are [`WAITING_BYTES_MAX`] or more, so that one record at
//! most comes on top.

use super::{Found, Problem};
use crate::error::Result;
use crate::hash::{self, Domain};
use crate::id::{ChunkId, EventId, ID_BYTES};
use crate::index::EventRow;
use crate::log::{RecordKind, Scanned};
use crate::store::Store;

/// How much waits, counted as it lies in the segment and unpacked.
const WAITING_BYTES_MAX: u64 = 1024 * 1024;

/// The records of one segment, on their way.
pub(super) struct Records<'a> {
    store: &'a Store,
    segment: u64,
    found: &'a mut Found,
    waiting: Vec<Scanned<'static>>,
    bytes: u64,
}

/// One of the things that a record holds.
struct Entry<'a> {
    id: [u8; ID_BYTES],
    /// None where the record cannot be read: then it is in the scan's list of damage.
    body: Option<&'a [u8]>,
    /// The id that the body has.
    hashed: Option<[u8; ID_BYTES]>,
}

impl Entry<'_> {
    fn is_what_its_name_says(&self) -> bool {
        self.hashed == Some(self.id)
    }
}

impl<'a> Records<'a> {
    pub(super) fn new(store: &'a Store, segment: u64, found: &'a mut Found) -> Records<'a> {
        Records { store, segment, found, waiting: Vec::new(), bytes: 0 }
    }

    /// Adds a record, and checks those that wait if it is much.
    pub(super) fn push(&mut self, scanned: Scanned<'_>) -> Result<()> {
        let unpacked = scanned.body.as_ref().map_or(0, |body| body.len()) as u64;
        self.bytes += scanned.header.record_bytes() + unpacked;
        self.waiting.push(scanned.into_kept());
        if self.bytes >= WAITING_BYTES_MAX { self.check() } else { Ok(()) }
    }

    /// Checks those that wait: that each holds what its ids name, and that the index knows it.
    pub(super) fn check(&mut self) -> Result<()> {
        self.bytes = 0;
        let waiting = std::mem::take(&mut self.waiting);
        let bodies = waiting.iter().filter_map(|scanned| Some((domain(scanned.header.kind)?, scanned)));
        let bodies = bodies.flat_map(|(domain, scanned)| {
            bodies_of(scanned).filter_map(move |(_, body)| Some((domain, body?)))
        });
        let mut hashed = hash::ids(bodies).into_iter();
        for scanned in waiting.iter().filter(|scanned| domain(scanned.header.kind).is_some()) {
            for (id, body) in bodies_of(scanned) {
                let hashed = body.and_then(|_| hashed.next());
                self.check_entry(scanned, &Entry { id, body, hashed })?;
            }
        }
        Ok(())
    }

    fn check_entry(&mut self, scanned: &Scanned<'_>, entry: &Entry<'_>) -> Result<()> {
        let problem = Problem {
            segment: Some(self.segment),
            offset: Some(scanned.offset),
            length: Some(scanned.header.record_bytes()),
            ..Problem::default()
        };
        match scanned.header.kind {
            RecordKind::Commit => Ok(()),
            RecordKind::Event => self.check_event(scanned, entry, problem),
            RecordKind::Chunks | RecordKind::Lists => self.check_chunk(scanned, entry, problem),
        }
    }

    fn check_event(&mut self, scanned: &Scanned<'_>, entry: &Entry<'_>, mut problem: Problem) -> Result<()> {
        self.found.report.events += 1;
        let id = EventId::new(entry.id);
        problem.event = Some(id);
        let whole = |body| entry.is_what_its_name_says() && crate::event::decode(body).is_ok();
        let is_whole = entry.body.map(whole);
        if is_whole == Some(false) {
            problem.message = format!("event {id} is not what its name says");
            self.found.report.add(problem.clone());
        }
        if is_whole != Some(true) {
            self.found.bad_events.insert(id);
        }
        let row = self.store.query(|index| index.find(&id))?;
        if row.map(|row| (row.place.segment, row.place.offset)) != Some((self.segment, scanned.offset)) {
            let number = scanned.header.sequence;
            // A derived event that was on a disk that was away, and was made once more: the first one counts.
            let is_second = |row: &EventRow| {
                self.found.left_out.iter().any(|gap| row.sequence < gap.start && gap.end <= number)
            };
            if row.as_ref().is_some_and(is_second) {
                self.found.left_out.push(number..number + 1);
                return Ok(());
            }
            problem.message = format!("the index does not know event {id} here; rebuild the index");
            self.found.report.add(problem);
        }
        Ok(())
    }

    fn check_chunk(&mut self, scanned: &Scanned<'_>, entry: &Entry<'_>, mut problem: Problem) -> Result<()> {
        self.found.report.chunks += 1;
        let id = ChunkId::new(entry.id);
        let here = (self.segment, scanned.offset);
        let known = self.store.query(|index| index.chunk(&id))?;
        // The same bytes may stand twice, temporary and permanent; files rest on those that the index has.
        let used = known.is_some_and(|chunk| (chunk.place.segment, chunk.place.offset) == here);
        if used && !entry.is_what_its_name_says() {
            self.found.bad_chunks.insert(here);
        }
        if known.is_none() {
            problem.message = format!("the index does not know chunk {id}; rebuild the index");
            self.found.report.add(problem);
        }
        Ok(())
    }
}

/// What the ids of a record of this kind are hashed as; none where it has none.
fn domain(kind: RecordKind) -> Option<Domain> {
    match kind {
        RecordKind::Commit => None,
        RecordKind::Event => Some(Domain::Event),
        RecordKind::Chunks => Some(Domain::Chunk),
        RecordKind::Lists => Some(Domain::List),
    }
}

/// What a record holds: its names, and what they name where it can be read.
fn bodies_of<'s>(scanned: &'s Scanned<'_>) -> impl Iterator<Item = ([u8; ID_BYTES], Option<&'s [u8]>)> {
    let mut start = 0usize;
    scanned.header.entries.iter().map(move |entry| {
        let range = start..start + entry.raw_bytes as usize;
        start = range.end;
        (entry.id, scanned.body.as_deref().map(|body| body.get(range).unwrap_or_default()))
    })
}
