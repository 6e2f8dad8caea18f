//! Walking the records of a segment: for recovery, for rebuilding the index, for verify.
//!
//! Before `durable_end` everything was committed: an unreadable stretch there is damage, is reported, and what
//! stands around it is visited. From `durable_end` on only whole batches are visited, up to the first byte
//! that is not one: what follows was never acknowledged.

use xxhash_rust::xxh3::Xxh3;

use super::commit::{COMMIT_RECORD_BYTES, Commit};
use super::record::{HEADER_BYTES, Header, RecordKind, Seed, decode_body};
use super::window::Window;
use crate::codec::malformed;
use crate::error::Result;

/// Records begin at multiples of this; the search for the next one after damage steps by it.
const STEP: u64 = 8;

/// A stretch of a segment that cannot be read, though it was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// A record that a reader may see.
#[derive(Clone, Debug)]
pub(crate) struct Scanned {
    pub(crate) offset: u64,
    pub(crate) header: Header,
    /// The raw body, where it was asked for or is needed and is whole.
    pub(crate) body: Option<Vec<u8>>,
}

/// Which bodies a scan reads and checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// Those of events, and all after the durable end.
    Needed,
    /// All.
    All,
}

/// What a scan found.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScanEnd {
    /// Where the visible part ends.
    pub(crate) end: u64,
    /// The next sequence number, as far as the commits of this segment tell.
    pub(crate) sequence_end: u64,
    /// High-water mark of the clock.
    pub(crate) clock: u64,
    pub(crate) damage: Vec<Damage>,
}

/// Up to where the segment is known to have been durable, by the commit records from `from` on.
pub(crate) fn durable_end(window: &mut Window<'_>, seed: &Seed, from: u64) -> Result<u64> {
    let (mut at, mut durable) = (from, from);
    while at < window.end() {
        match read_record(window, seed, at, Scan::Needed)? {
            Some(record) => {
                if let Some(commit) = commit_of(&record) {
                    durable = durable.max(commit.synced_to);
                }
                at += record.header.record_bytes();
            }
            None => match find_record(window, seed, at + STEP)? {
                Some(next) => at = next,
                None => break,
            },
        }
    }
    Ok(durable.min(window.end()))
}

/// Visits the records from `from` on that a reader may see, in order.
pub(crate) fn scan_segment(
    window: &mut Window<'_>,
    seed: &Seed,
    number: u64,
    from: u64,
    durable_end: u64,
    scan: Scan,
    visit: &mut dyn FnMut(Scanned) -> Result<()>,
) -> Result<ScanEnd> {
    let mut batch = PendingBatch::new(from);
    let mut found = ScanEnd { end: from, ..ScanEnd::default() };
    let mut at = from;
    while at < window.end() {
        let durable = at < durable_end;
        let mode = if durable { scan } else { Scan::All };
        let Some(record) = read_record(window, seed, at, mode)? else {
            if !durable {
                break;
            }
            at = skip_damage(window, seed, number, at, durable_end, &mut found)?;
            batch.visit_all(visit)?;
            batch = PendingBatch::new(at);
            found.end = at;
            continue;
        };
        let next = at + record.header.record_bytes();
        let body_lost = record.body.is_none() && needs_body(&record.header, mode);
        if body_lost && !durable {
            break;
        }
        if body_lost {
            found.damage.push(Damage { segment: number, offset: at, length: next - at });
        }
        if record.header.kind == RecordKind::Commit {
            let commit = commit_of(&record);
            if !durable && !commit.is_some_and(|commit| batch.is_ended_by(&commit)) {
                break;
            }
            batch.visit_all(visit)?;
            batch = PendingBatch::new(next);
            found.end = next;
            if let Some(commit) = commit {
                found.sequence_end = found.sequence_end.max(commit.sequence_end);
                found.clock = found.clock.max(commit.clock);
            }
        } else {
            batch.push(record, seed);
        }
        at = next;
    }
    if at <= durable_end {
        batch.visit_all(visit)?;
        found.end = found.end.max(at);
    }
    Ok(found)
}

/// Records the damage at `at` and gives the place where reading goes on.
fn skip_damage(
    window: &mut Window<'_>,
    seed: &Seed,
    number: u64,
    at: u64,
    durable_end: u64,
    found: &mut ScanEnd,
) -> Result<u64> {
    let next = find_record(window, seed, at + STEP)?.unwrap_or(durable_end).min(durable_end);
    found.damage.push(Damage { segment: number, offset: at, length: next - at });
    Ok(next)
}

/// The next place from `from` on where a record begins.
fn find_record(window: &mut Window<'_>, seed: &Seed, from: u64) -> Result<Option<u64>> {
    let mut at = from;
    while at < window.end() {
        if read_header(window, seed, at)?.is_some() {
            return Ok(Some(at));
        }
        at += STEP;
    }
    Ok(None)
}

fn read_header(window: &mut Window<'_>, seed: &Seed, at: u64) -> Result<Option<Header>> {
    let Some(length) = window.get(at, HEADER_BYTES)?.and_then(Header::peek) else {
        return Ok(None);
    };
    let Some(bytes) = window.get(at, length)? else { return Ok(None) };
    let header = Header::decode(bytes, seed, at);
    let end = window.end();
    Ok(header.filter(|header| at + header.record_bytes() <= end))
}

fn read_record(window: &mut Window<'_>, seed: &Seed, at: u64, scan: Scan) -> Result<Option<Scanned>> {
    let Some(header) = read_header(window, seed, at)? else { return Ok(None) };
    let mut body = None;
    if needs_body(&header, scan) {
        let stored = window.get(at + header.header_bytes() as u64, header.stored_bytes as usize)?;
        body = stored.and_then(|stored| decode_body(&header, stored).ok());
    }
    Ok(Some(Scanned { offset: at, header, body }))
}

fn needs_body(header: &Header, scan: Scan) -> bool {
    scan == Scan::All || matches!(header.kind, RecordKind::Event | RecordKind::Commit)
}

fn commit_of(record: &Scanned) -> Option<Commit> {
    if record.header.kind != RecordKind::Commit {
        return None;
    }
    Commit::decode(record.body.as_ref()?).ok()
}

/// Records that wait for their commit.
struct PendingBatch {
    start: u64,
    records: Vec<Scanned>,
    headers: Xxh3,
}

impl PendingBatch {
    fn new(start: u64) -> PendingBatch {
        PendingBatch { start, records: Vec::new(), headers: Xxh3::new() }
    }

    fn push(&mut self, record: Scanned, seed: &Seed) {
        let mut bytes = Vec::with_capacity(record.header.header_bytes());
        record.header.encode(seed, record.offset, &mut bytes);
        self.headers.update(&bytes);
        self.records.push(record);
    }

    fn is_ended_by(&self, commit: &Commit) -> bool {
        commit.batch_start == self.start
            && commit.records as usize == self.records.len()
            && commit.headers_check == self.headers.digest()
    }

    fn visit_all(&mut self, visit: &mut dyn FnMut(Scanned) -> Result<()>) -> Result<()> {
        self.records.drain(..).try_for_each(visit)
    }
}

/// Where the commit record at `offset` ends, and its body's checksum; none where no whole one stands there.
pub(crate) fn commit_check_at(window: &mut Window<'_>, seed: &Seed, offset: u64) -> Result<Option<(u64, u64)>> {
    let record = read_record(window, seed, offset, Scan::Needed)?;
    let record = record.filter(|record| record.header.kind == RecordKind::Commit && record.body.is_some());
    Ok(record.map(|record| (offset + record.header.record_bytes(), record.header.body_check)))
}

/// The commit record that ends at `end`: its offset and its body's checksum.
pub(crate) fn last_commit_before(window: &mut Window<'_>, seed: &Seed, end: u64) -> Result<(u64, u64)> {
    let offset = end.saturating_sub(COMMIT_RECORD_BYTES);
    match commit_check_at(window, seed, offset)? {
        Some((found_end, check)) if found_end == end => Ok((offset, check)),
        _ => Err(malformed("no commit record stands at the end of the log")),
    }
}
