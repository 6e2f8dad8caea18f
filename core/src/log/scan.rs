//! Walking the records of a segment: for recovery, for rebuilding the index, for verify.
//!
//! Before `durable_end` everything was committed: an unreadable stretch there is damage, is reported, and what
//! stands around it is visited. From `durable_end` on only whole batches are visited, up to the first byte
//! that is not one: what follows was never acknowledged.
//!
//! Memory is bounded: a durable record is visited as it comes, so only the last batch waits for its commit record,
//! and no body is unpacked but where all of them are asked for.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::ops::Range;

use xxhash_rust::xxh3::Xxh3;

use super::commit::{COMMIT_RECORD_BYTES, Commit};
use super::record::{HEADER_BYTES, Header, RecordKind, Seed, body_check_matches, decode_body};
use super::tally::Tally;
use super::window::Window;
use crate::codec::malformed;
use crate::error::Result;
use crate::vfs::VfsFile;

/// Records begin at multiples of this; the search for the next one after damage steps by it.
const STEP: u64 = 8;
/// Zeros are looked for in stretches of so many bytes.
const ZEROS_BYTES: u64 = 4096;
/// No writer reserves more room than this.
pub(super) const RESERVED_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A stretch of a segment that cannot be read, though it was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Damage {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// A record that a reader may see.
#[derive(Clone, Debug)]
pub(crate) struct Scanned<'a> {
    pub(crate) offset: u64,
    pub(crate) header: Header,
    /// The raw body, where it was asked for or is needed and is whole.
    pub(crate) body: Option<Cow<'a, [u8]>>,
    /// Whether the body was checked and is damaged.
    lost: bool,
}

impl Scanned<'_> {
    /// The record with a copy of its body, for whoever keeps it.
    pub(crate) fn into_kept(self) -> Scanned<'static> {
        let Scanned { offset, header, body, lost } = self;
        let body = body.map(|body| Cow::Owned(body.into_owned()));
        Scanned { offset, header, body, lost }
    }
}

/// What is done with each record that is visited.
pub(crate) type Visit<'a> = &'a mut dyn FnMut(Scanned<'_>) -> Result<()>;

/// Which bodies a scan reads and checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    /// Those of commit records.
    Commits,
    /// Those of events are given; those of chunks are checked after the durable end, where they decide.
    Needed,
    /// All are checked, and those of commit records given.
    Checked,
    /// All.
    All,
}

/// What is done about a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Nothing,
    Check,
    Give,
}

/// What a scan found.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScanEnd {
    /// Where the visible part ends.
    pub(crate) end: u64,
    /// The next sequence number, as far as the commits of this segment tell.
    pub(crate) sequence_end: u64,
    /// The next sequence number, as far as the commits tell that end before the durable end.
    pub(crate) durable_sequence_end: u64,
    /// High-water mark of the clock.
    pub(crate) clock: u64,
    /// The body checksum of the last commit record.
    pub(crate) last_commit: Option<u64>,
    /// Whether the visible part ends with the commit record of a clean close.
    pub(crate) closed: bool,
    pub(crate) damage: Vec<Damage>,
    /// Where the next record was to begin when the walk ended.
    pub(crate) next: u64,
    /// What was visited.
    pub(crate) tally: Tally,
}

/// Up to where a segment is known to have been durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Proven {
    pub(crate) end: u64,
    /// Whether any commit record says so, and not only the place where the search began.
    pub(crate) by_commit: bool,
}

/// Up to where the segment is known to have been durable, by the commit records from `from` on, in so many bytes of the
/// file.
///
/// It reads for itself. Beside a writer, what a commit record proves was all written when that was, but may have been read
/// before it was: whoever relies on the proof reads once more. In room that is reserved, what was not written yet looks like
/// a hole.
pub(crate) fn proven_end(file: &dyn VfsFile, end: u64, seed: &Seed, from: u64) -> Result<Proven> {
    let window = &mut Window::new(file, end);
    let (mut at, mut proven) = (from, Proven { end: from, by_commit: false });
    while at < window.end() {
        match read_record(window, seed, at, Scan::Commits, true)? {
            Some(record) => {
                if let Some(commit) = commit_of(&record) {
                    proven.by_commit |= commit.synced_to > 0;
                    proven.end = proven.end.max(commit.synced_to);
                }
                at += record.header.record_bytes();
            }
            None => match find_record(window, seed, at + STEP)? {
                Some(next) => at = next,
                None => break,
            },
        }
    }
    proven.end = proven.end.min(window.end());
    Ok(proven)
}

/// Visits the records from `from` on that a reader may see, in order.
pub(crate) fn scan_segment(
    window: &mut Window<'_>,
    seed: &Seed,
    number: u64,
    from: u64,
    durable_end: u64,
    scan: Scan,
    visit: Visit<'_>,
) -> Result<ScanEnd> {
    scan_piece(window, seed, number, from..u64::MAX, durable_end, scan, visit)
}

/// As [`scan_segment`], of the records that begin in a piece of the segment. Where the piece begins, so does a batch, or
/// all of it is before the durable end.
pub(crate) fn scan_piece(
    window: &mut Window<'_>,
    seed: &Seed,
    number: u64,
    piece: Range<u64>,
    durable_end: u64,
    scan: Scan,
    visit: Visit<'_>,
) -> Result<ScanEnd> {
    let from = piece.start;
    let mut batch = PendingBatch::new(from);
    let mut found = ScanEnd { end: from, ..ScanEnd::default() };
    let mut at = from;
    while at < window.end() && at < piece.end {
        let durable = at < durable_end;
        if !durable {
            batch.catch_up(window, seed, at)?;
        }
        let Some(record) = read_record(window, seed, at, scan, durable)? else {
            if !durable {
                break;
            }
            at = skip_damage(window, seed, number, at, durable_end, &mut found)?;
            batch.visit_all(&mut found.tally, visit)?;
            batch = PendingBatch::new(at);
            found.end = at;
            found.closed = false;
            continue;
        };
        let next = at + record.header.record_bytes();
        if record.lost && !durable {
            break;
        }
        if record.lost {
            found.damage.push(Damage { segment: number, offset: at, length: next - at });
        }
        if record.header.kind == RecordKind::Commit {
            let commit = commit_of(&record);
            if !durable && !commit.is_some_and(|commit| batch.is_ended_by(&commit)) {
                break;
            }
            batch.visit_all(&mut found.tally, visit)?;
            batch = PendingBatch::new(next);
            found.end = if cfg!(ouroboros_seeded_bug = "tail_off_by_one") { next - STEP } else { next };
            found.closed = commit.is_some_and(|commit| commit.is_of_a_close(at));
            if let Some(commit) = commit {
                found.tally.add_commit(at, commit.headers_check);
                found.count(&commit, record.header.body_check, next <= durable_end);
            }
        } else {
            batch.counted += 1;
            if durable {
                batch.behind = true;
                found.tally.add(&record.header);
                visit(record)?;
            } else {
                batch.add_header(&record.header, seed, at);
                batch.records.push(record.into_kept());
            }
        }
        at = next;
    }
    if at <= durable_end {
        found.closed &= found.end == at;
        found.end = found.end.max(at);
    }
    found.next = at;
    Ok(found)
}

impl ScanEnd {
    /// Adds what the next piece of the same segment has, both of them before the durable end.
    pub(crate) fn join(&mut self, next: ScanEnd) {
        let has_end = next.last_commit.is_some() || !next.damage.is_empty();
        self.closed = if has_end { next.closed } else { self.closed && next.next == self.next };
        self.end = self.end.max(next.end);
        self.sequence_end = self.sequence_end.max(next.sequence_end);
        self.durable_sequence_end = self.durable_sequence_end.max(next.durable_sequence_end);
        self.clock = self.clock.max(next.clock);
        self.last_commit = next.last_commit.or(self.last_commit);
        self.damage.extend(next.damage);
        self.tally.join(&next.tally);
        self.next = next.next;
    }

    fn count(&mut self, commit: &Commit, check: u64, durable: bool) {
        self.sequence_end = self.sequence_end.max(commit.sequence_end);
        self.clock = self.clock.max(commit.clock);
        self.last_commit = Some(check);
        if durable {
            self.durable_sequence_end = self.durable_sequence_end.max(commit.sequence_end);
        }
    }
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

/// The first place in a piece of the segment where a record may begin.
pub(crate) fn find_piece(window: &mut Window<'_>, seed: &Seed, piece: &Range<u64>) -> Result<Option<u64>> {
    find_record_before(window, seed, piece.start, piece.end)
}

/// The next place from `from` on where a record begins.
fn find_record(window: &mut Window<'_>, seed: &Seed, from: u64) -> Result<Option<u64>> {
    find_record_before(window, seed, from, u64::MAX)
}

fn find_record_before(window: &mut Window<'_>, seed: &Seed, from: u64, to: u64) -> Result<Option<u64>> {
    let mut at = from;
    while at < window.end().min(to) {
        if at.is_multiple_of(ZEROS_BYTES) {
            // Reserved room, and nothing else, is zeros for long.
            let zeros = window.get(at, ZEROS_BYTES as usize)?;
            if zeros.is_some_and(is_zero) {
                at += ZEROS_BYTES;
                continue;
            }
        }
        if read_header(window, seed, at)?.is_some() {
            return Ok(Some(at));
        }
        at += STEP;
    }
    Ok(None)
}

/// Whether anything was written where a record may begin.
pub(crate) fn is_written(file: &dyn VfsFile, at: u64) -> Result<bool> {
    let mut start = [0; HEADER_BYTES];
    match file.read_exact_at(&mut start, at) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        read => Ok(read.map(|()| !is_zero(&start))?),
    }
}

/// Whether nothing but zeros stands from `from` on, and not too many of them: room that a writer had reserved.
pub(crate) fn is_reserved(window: &mut Window<'_>, from: u64) -> Result<bool> {
    Ok(window.end().saturating_sub(from) <= RESERVED_BYTES_MAX && is_zero_from(window, from)?)
}

/// Whether nothing but zeros stands from `from` on.
pub(crate) fn is_zero_from(window: &mut Window<'_>, from: u64) -> Result<bool> {
    const STEP_BYTES: u64 = 64 * 1024;
    let mut at = from;
    while at < window.end() {
        let length = STEP_BYTES.min(window.end() - at);
        if !is_zero(window.get(at, length as usize)?.unwrap_or_default()) {
            return Ok(false);
        }
        at += length;
    }
    Ok(true)
}

fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
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

fn read_record<'w>(
    window: &'w mut Window<'_>,
    seed: &Seed,
    at: u64,
    scan: Scan,
    durable: bool,
) -> Result<Option<Scanned<'w>>> {
    let Some(header) = read_header(window, seed, at)? else { return Ok(None) };
    let need = need(header.kind, scan, durable);
    let (mut body, mut lost) = (None, false);
    if need != Need::Nothing {
        let stored = window.get(at + header.header_bytes() as u64, header.stored_bytes as usize)?;
        let stored = stored.unwrap_or_default();
        if need == Need::Give {
            body = decode_body(&header, stored).ok();
            lost = body.is_none();
        } else {
            lost = body_check_matches(&header, stored).is_err();
        }
    }
    Ok(Some(Scanned { offset: at, header, body, lost }))
}

fn need(kind: RecordKind, scan: Scan, durable: bool) -> Need {
    match (scan, kind) {
        (Scan::All, _) | (_, RecordKind::Commit) | (Scan::Needed, RecordKind::Event) => Need::Give,
        (Scan::Checked, _) => Need::Check,
        (Scan::Needed, _) if !durable && !cfg!(ouroboros_seeded_bug = "chunks_unchecked") => Need::Check,
        _ => Need::Nothing,
    }
}

fn commit_of(record: &Scanned<'_>) -> Option<Commit> {
    if record.header.kind != RecordKind::Commit {
        return None;
    }
    Commit::decode(record.body.as_ref()?).ok()
}

/// Records that wait for their commit.
struct PendingBatch {
    start: u64,
    /// All records of the batch, visited ones included.
    counted: u32,
    records: Vec<Scanned<'static>>,
    headers: Xxh3,
    /// Whether the headers so far are not in the checksum. Before the durable end nothing depends on it.
    behind: bool,
}

impl PendingBatch {
    fn new(start: u64) -> PendingBatch {
        PendingBatch { start, counted: 0, records: Vec::new(), headers: Xxh3::new(), behind: false }
    }

    fn add_header(&mut self, header: &Header, seed: &Seed, offset: u64) {
        let mut bytes = Vec::with_capacity(header.header_bytes());
        header.encode(seed, offset, &mut bytes);
        self.headers.update(&bytes);
    }

    /// Puts the headers into the checksum that were read before the durable end, which is `end`, or in front of it.
    fn catch_up(&mut self, window: &mut Window<'_>, seed: &Seed, end: u64) -> Result<()> {
        if !std::mem::take(&mut self.behind) {
            return Ok(());
        }
        let mut at = self.start;
        while at < end
            && let Some(header) = read_header(window, seed, at)?
        {
            self.add_header(&header, seed, at);
            at += header.record_bytes();
        }
        Ok(())
    }

    fn is_ended_by(&self, commit: &Commit) -> bool {
        commit.batch_start == self.start
            && commit.records == self.counted
            && commit.headers_check == self.headers.digest()
    }

    fn visit_all(&mut self, tally: &mut Tally, visit: Visit<'_>) -> Result<()> {
        self.records.drain(..).try_for_each(|record| {
            tally.add(&record.header);
            visit(record)
        })
    }
}

/// Where the commit record at `offset` ends, and its body's checksum; none where no whole one stands there.
pub(crate) fn commit_check_at(
    window: &mut Window<'_>,
    seed: &Seed,
    offset: u64,
) -> Result<Option<(u64, u64)>> {
    let record = read_record(window, seed, offset, Scan::Commits, true)?;
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
