//! Finding out what a store holds: from the checkpoint where there is a good one, else from the segments.
//!
//! Reading changes nothing on the disk. What a crash left unfinished is judged here and dealt with by the
//! writer when it opens.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::candidates::{Candidate, HEADER, find_segments};
use super::filling::Filling;
use super::folder;
use super::paths::Paths;
use super::pieces::Stretch;
use super::telling::tell_torn_tail;
use super::tiers::{TierFolder, open_listed};
use crate::error::{ErrorCode, Result};
use crate::index::{Checkpoint, Index, Position};
use crate::log::{
    Damage, FOOTER_BYTES, Footer, OpenFiles, Proven, SEGMENT_HEADER_BYTES, STORE_ID_BYTES, Scan, ScanEnd,
    Scanned, Segment, SegmentHeader, Tally, Window, commit_check_at, is_reserved, proven_end, scan_segment,
};
use crate::logging::tell;
use crate::vfs::{Access, VfsFile};

/// How often a reader reads the list of tiers again when it lacks some.
const LISTS_READ_MAX: usize = 3;
/// How many missing segments in a row are listed as damage, one by one.
pub(super) const MISSING_LISTED_MAX: usize = 1000;
/// A checkpoint is shorter than the segments that it is about. Some of them may be lost; but one that is longer than
/// this many times what is there is none of ours.
const CHECKPOINT_TIMES_MAX: u64 = 16;
/// Nor is one that is longer than this, whatever the files say of their lengths.
const CHECKPOINT_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Shorter ones than this are always looked at.
const CHECKPOINT_BYTES_ALWAYS: u64 = 1024 * 1024;

/// What a store holds.
#[derive(Debug)]
pub(crate) struct Recovered {
    pub(crate) index: Index,
    pub(crate) segments: BTreeMap<u64, Arc<Segment>>,
    /// High-water mark of the clock.
    pub(crate) clock: u64,
    /// The body checksum of the last commit record; 0 where there is none.
    pub(crate) last_commit: u64,
    /// What the last segment holds, where that is known and it may have a footer.
    pub(crate) tally: Option<Tally>,
    /// Up to where the last segment is durable whatever the page cache says.
    pub(crate) proven: Proven,
    /// Segments for whose end nothing behind them vouches, and up to where each is durable: they were the last ones on a
    /// disk that was away when the next one was begun.
    pub(crate) unsure: Vec<(Arc<Segment>, Proven)>,
    /// The number after the last event that is durable whatever the page cache says.
    pub(crate) proven_sequence_end: u64,
    /// Where the log ended when the checkpoint was written, if that is where it still ends.
    pub(crate) checkpoint_end: Option<(u64, u64)>,
    /// Where nothing more may be written to the last segment: what its successor is to say.
    pub(crate) must_roll: Option<MustRoll>,
    /// Files of segments that a crash left without a header, and nothing else in them.
    pub(crate) unmade: Vec<PathBuf>,
    /// Where tiers are made, for a writer.
    pub(crate) tiers: Option<TierFolder>,
}

/// The successor of a segment to which nothing more may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MustRoll {
    /// The number that it follows: of the last segment, or of one behind it that is not there.
    pub(crate) after: u64,
    /// Up to where it vouches for that one; 0 where nobody knows.
    pub(crate) previous_end: u64,
}

/// A checkpoint of this store.
struct Found {
    checkpoint: Checkpoint,
    /// Whether it says what the log holds up to its position. Otherwise that is not in the log, which may have lost
    /// its tail.
    fits: bool,
}

/// Reads what the store holds, on several threads where that is to be done `beside`. A writer opens the last segment for
/// writing, and makes tiers.
pub(crate) fn recover(
    files: &Arc<OpenFiles>,
    paths: &Paths,
    store_id: [u8; STORE_ID_BYTES],
    tier_entries: Option<u64>,
    beside: bool,
) -> Result<Recovered> {
    let store = paths.home();
    let mut known = Known::look(files, paths, store_id, tier_entries.is_some())?;
    for _ in 0..LISTS_READ_MAX {
        // A writer merges tiers and removes those that it merged: the next list has them no more.
        if tier_entries.is_some() || !known.lacks_tiers {
            break;
        }
        known = Known::look(files, paths, store_id, false)?;
    }
    if known.lacks_tiers {
        tell!(WARN, store = %store.display(), "the index lacks parts that it lists; the segments are read instead");
    }
    let Known { candidates, unmade, position, ahead, index, .. } = known;
    let tiers =
        tier_entries.map(|entries| TierFolder::new(Arc::clone(files.vfs()), store, store_id, entries));
    let mut recovered = Recovered {
        proven_sequence_end: index.sequence_end(),
        index,
        segments: BTreeMap::new(),
        clock: position.as_ref().map_or(0, |position| position.clock),
        last_commit: position.as_ref().map_or(0, |position| position.commit_check),
        tally: None,
        proven: Proven { end: HEADER, by_commit: false },
        unsure: Vec::new(),
        checkpoint_end: None,
        must_roll: None,
        unmade,
        tiers,
    };
    recovered.index.forget_segments(&|segment| paths.is_nobodys(segment));
    let numbers = candidates.iter().map(|candidate| candidate.segment.number());
    note_missing(numbers, &|segment| paths.is_nobodys(segment), &mut recovered.index);
    let mut closed = false;
    for (at, candidate) in candidates.iter().enumerate() {
        closed = scan_one(candidate, candidates.get(at + 1), position.as_ref(), &mut recovered, beside)?;
    }
    if let Some((position, sequence_end)) = ahead {
        note_lost_tail(&candidates, &position, sequence_end, closed, &mut recovered);
    }
    note_absent(paths, &candidates, &mut recovered);
    if let (Some(position), Some(last)) = (position, candidates.last()) {
        let end = (last.segment.number(), last.segment.end());
        recovered.checkpoint_end = Some(end).filter(|end| *end == (position.segment, position.end));
    }
    for candidate in candidates {
        recovered.segments.insert(candidate.segment.number(), candidate.segment);
    }
    Ok(recovered)
}

/// What can be known without reading records.
struct Known {
    candidates: Vec<Candidate>,
    unmade: Vec<PathBuf>,
    /// Where the index stands, if there is one.
    position: Option<Position>,
    /// Where an index stood that knows more than the log, and the number after its last event.
    ahead: Option<(Position, u64)>,
    index: Index,
    /// Whether the checkpoint lists tiers that are not there, or not whole.
    lacks_tiers: bool,
}

impl Known {
    fn look(
        files: &Arc<OpenFiles>,
        paths: &Paths,
        store_id: [u8; STORE_ID_BYTES],
        write: bool,
    ) -> Result<Known> {
        let store = paths.home();
        // Opened before the segments are listed: what it says was in them by then, whatever a writer does meanwhile.
        let checkpoint = files.vfs().open(&folder::checkpoint(store), Access::Read).ok();
        let (candidates, unmade) = find_segments(files, paths, store_id, write)?;
        let checkpoint =
            checkpoint.and_then(|file| read_checkpoint(file.as_ref(), store_id, paths, &candidates));
        let mut known = Known {
            candidates,
            unmade,
            position: None,
            ahead: None,
            index: Index::default(),
            lacks_tiers: false,
        };
        match checkpoint {
            None => {}
            Some(Found { checkpoint, fits: false }) => {
                known.ahead = Some((checkpoint.position, checkpoint.sequence_end));
            }
            Some(Found { checkpoint, fits: true }) => {
                match open_listed(files.vfs().as_ref(), store, store_id, &checkpoint) {
                    Some(index) => (known.position, known.index) = (Some(checkpoint.position), index),
                    None => known.lacks_tiers = true,
                }
            }
        }
        Ok(known)
    }
}

/// The checkpoint, where it is whole and of this store.
fn read_checkpoint(
    file: &dyn VfsFile,
    store_id: [u8; STORE_ID_BYTES],
    paths: &Paths,
    candidates: &[Candidate],
) -> Option<Found> {
    let length = file.len().ok()?;
    let stored: u64 = candidates.iter().map(|candidate| candidate.file_bytes).sum();
    let longest = stored.saturating_mul(CHECKPOINT_TIMES_MAX).max(CHECKPOINT_BYTES_ALWAYS);
    if length > longest.min(CHECKPOINT_BYTES_MAX) {
        return None;
    }
    let length = usize::try_from(length).ok()?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).ok()?;
    bytes.resize(length, 0);
    file.read_exact_at(&mut bytes, 0).ok()?;
    let checkpoint = Checkpoint::decode(&bytes, store_id).ok()?;
    let position = &checkpoint.position;
    // Where its segment is in a folder that is not there, what it says of that is all that there is.
    if paths.absent_folder_of(position.segment).is_none() && !is_in_the_log(position, candidates)? {
        return Some(Found { checkpoint, fits: false });
    }
    // A segment that it does not know, or knows a part of, was put back since. One that is gone, or was cut, is
    // known from it and from nowhere else.
    let known = candidates.iter().filter(|candidate| candidate.segment.number() < position.segment).all(
        |candidate| {
            let covered = position.covered(candidate.segment.number());
            covered.is_some_and(|covered| candidate.file_bytes <= covered.file_bytes)
        },
    );
    known.then_some(Found { checkpoint, fits: true })
}

/// Whether the commit record that the checkpoint names stands where it says.
fn is_in_the_log(position: &Position, candidates: &[Candidate]) -> Option<bool> {
    let found = candidates.iter().find(|candidate| candidate.segment.number() == position.segment);
    let Some(candidate) = found.filter(|candidate| candidate.file_bytes >= position.end) else {
        return Some(false);
    };
    let file = candidate.segment.file().ok()?;
    let mut window = Window::new(file.as_ref(), position.end);
    let check = commit_check_at(&mut window, candidate.segment.seed(), position.commit_offset).ok()?;
    Some(check == Some((position.end, position.commit_check)))
}

/// Segments are numbered without gaps but for what is nobody's: a gap is a file that someone lost.
fn note_missing(numbers: impl Iterator<Item = u64>, is_nobodys: &dyn Fn(u64) -> bool, index: &mut Index) {
    let mut expected = 1;
    for number in numbers {
        let missing = (expected..number).take(MISSING_LISTED_MAX).filter(|segment| !is_nobodys(*segment));
        missing.for_each(|segment| index.add_damage(Damage { segment, offset: 0, length: 0 }));
        expected = number + 1;
    }
}

/// Takes in what a segment says before its first record.
pub(super) fn begin(index: &mut Index, header: &SegmentHeader) {
    index.reserve_sequences(header.sequence_start);
    if header.number > 1 && header.previous_end < HEADER {
        // The one before was not there: what it may have made was made once more.
        index.expect_repeats();
    }
}

/// Reads what a segment has beyond the checkpoint. Gives whether it ends with a clean close, and nothing behind it.
fn scan_one(
    candidate: &Candidate,
    successor: Option<&Candidate>,
    position: Option<&Position>,
    recovered: &mut Recovered,
    beside: bool,
) -> Result<bool> {
    let segment = &candidate.segment;
    let number = segment.number();
    // Only the next one vouches for this one's end: the successor of a lost segment speaks of that.
    let next = successor.filter(|next| next.segment.number() == number + 1);
    let previous_end = next.and_then(|next| next.header).map(|header| header.previous_end);
    // Less than a header says nothing: it was begun while this one was not there.
    let previous_end = previous_end.filter(|end| *end >= HEADER);
    let (from, known_end) = match position.filter(|position| number <= position.segment) {
        Some(position) if number == position.segment => (position.end, previous_end),
        Some(position) => {
            let listed = position.covered(number).map(|covered| covered.end);
            let end = previous_end.or(listed).unwrap_or(candidate.file_bytes);
            (end, Some(end))
        }
        None => (HEADER, previous_end),
    };
    let readable = known_end.unwrap_or(u64::MAX).min(candidate.file_bytes);
    let file = segment.file()?;
    let proven = match known_end {
        Some(end) => Proven { end, by_commit: true },
        None => {
            let found = proven_end(file.as_ref(), readable, segment.seed(), from)?;
            Proven { by_commit: found.by_commit || from > HEADER, ..found }
        }
    };
    let index = &mut recovered.index;
    match candidate.header {
        Some(header) => {
            begin(index, &header);
        }
        None => index.add_damage(Damage { segment: number, offset: 0, length: HEADER }),
    }
    recovered.proven_sequence_end = recovered.proven_sequence_end.max(index.sequence_end());
    let from = from.min(readable);
    let mut window = Window::new(file.as_ref(), readable);
    let mut advance = |_| Ok(());
    let mut filling = Filling::new(index, recovered.tiers.as_mut(), beside, &mut advance);
    let end = if readable <= proven.end {
        filling.read(&Stretch::new(segment, Arc::clone(&file), from..readable, proven.end))?
    } else {
        let mut visit = |scanned: Scanned<'_>| filling.insert(number, &scanned);
        scan_segment(&mut window, segment.seed(), number, from, proven.end, Scan::Needed, &mut visit)?
    };
    drop(filling);
    if readable < proven.end {
        index.add_damage(Damage { segment: number, offset: readable, length: proven.end - readable });
    }
    segment.publish_end(end.end.max(HEADER));
    // Of those before, the checkpoint tells.
    let footer = match position.is_none_or(|position| number >= position.segment) {
        true => Footer::at(file.as_ref(), segment.seed(), segment.end())?,
        false => None,
    };
    let nothing_behind = successor.is_some() || is_reserved(&mut window, end.end)?;
    let closed = end.closed && nothing_behind && window.end() == candidate.file_bytes;
    if recovered.tiers.is_some() && !nothing_behind {
        // A segment that was ended by its footer, before there was a next one, has no torn tail.
        let behind = segment.end() + FOOTER_BYTES as u64;
        if footer.is_none() || !is_reserved(&mut window, behind)? {
            tell_torn_tail(segment, candidate.file_bytes);
        }
    }
    let before = match position {
        Some(position) if number == position.segment => position.tally,
        _ => Some(Tally::default()).filter(|_| from <= HEADER),
    };
    recovered.tally = before.map(|mut tally| {
        tally.join(&end.tally);
        tally
    });
    let sure = known_end.is_some() || candidate.sealed;
    recovered.add(end, successor.is_some() && sure);
    if let Some(footer) = footer.filter(|_| successor.is_some() && sure) {
        // What its last commit record said, where damage took that.
        recovered.clock = recovered.clock.max(footer.clock);
        recovered.last_commit = footer.commit_check;
    }
    if successor.is_some() && !sure {
        recovered.unsure.push((Arc::clone(segment), proven));
    }
    if successor.is_some() {
        segment.seal();
    } else {
        let whole = candidate.header.is_some()
            && nothing_behind
            && (segment.end()..=window.end()).contains(&candidate.file_bytes);
        let must_roll = MustRoll { after: number, previous_end: segment.end() };
        recovered.must_roll = (!whole || candidate.sealed).then_some(must_roll);
        let damaged = recovered.index.damage().iter().any(|damage| damage.segment == number);
        if damaged || recovered.must_roll.is_some() {
            recovered.tally = None;
        }
        recovered.proven = proven;
    }
    Ok(closed)
}

impl Recovered {
    fn add(&mut self, end: ScanEnd, durable: bool) {
        end.damage.into_iter().for_each(|damage| self.index.add_damage(damage));
        self.index.reserve_sequences(end.sequence_end);
        self.clock = self.clock.max(end.clock);
        self.last_commit = end.last_commit.unwrap_or(self.last_commit);
        let proven = if durable { self.index.sequence_end() } else { end.durable_sequence_end };
        self.proven_sequence_end = self.proven_sequence_end.max(proven);
    }
}

/// Tells what the checkpoint knows of and the log has no more. A log that was closed where it ends is an older copy
/// of the store, beside which someone put a newer index.
fn note_lost_tail(
    candidates: &[Candidate],
    position: &Position,
    sequence_end: u64,
    closed: bool,
    recovered: &mut Recovered,
) {
    let Some(last) = candidates.last().map(|candidate| &candidate.segment) else { return };
    let missing: Vec<u64> = position.numbers().filter(|number| *number > last.number()).collect();
    let cut = last.number() == position.segment && last.end() < position.end && !closed;
    for segment in missing.iter().take(MISSING_LISTED_MAX) {
        recovered.index.add_damage(Damage { segment: *segment, offset: 0, length: 0 });
    }
    if cut {
        let (segment, offset) = (last.number(), last.end());
        recovered.index.add_damage(Damage { segment, offset, length: position.end - offset });
        // So that the loss is told by the log from now on, and what is put back is seen.
        recovered.must_roll = Some(MustRoll { after: segment, previous_end: position.end });
        recovered.tally = None;
    }
    if cut || !missing.is_empty() {
        recovered.index.reserve_sequences(sequence_end);
        recovered.clock = recovered.clock.max(position.clock);
    }
}

/// Tells of the segments behind the last one that are in folders that are not there. A writer goes on behind them, with
/// numbers that none of them has.
fn note_absent(paths: &Paths, candidates: &[Candidate], recovered: &mut Recovered) {
    let Some(last) = candidates.last().map(|candidate| candidate.segment.number()) else { return };
    let Some(behind) = paths.behind(last) else { return };
    for segment in paths.begun_behind(last).take(MISSING_LISTED_MAX) {
        if paths.absent_folder_of(segment).is_some() {
            recovered.index.add_damage(Damage { segment, offset: 0, length: 0 });
        }
    }
    if recovered.tiers.is_some() {
        recovered.index.reserve_sequences(behind.sequence_end);
        // Its last segment was ended before, and is never written.
        recovered.tally = None;
        recovered.must_roll = Some(MustRoll { after: behind.last, previous_end: 0 });
    }
}

/// Up to where each segment is in an index.
pub(crate) type Covered = BTreeMap<u64, u64>;

/// Adds to an index what the segments have beyond what it covers, up to their published ends: all of that was
/// committed.
pub(crate) fn index_segments(
    segments: &[Arc<Segment>],
    paths: &Paths,
    store_id: [u8; STORE_ID_BYTES],
    covered: &mut Covered,
    filling: &mut Filling<'_>,
) -> Result<()> {
    let numbers = segments.iter().map(|segment| segment.number());
    note_missing(numbers, &|segment| paths.is_nobodys(segment), filling.index);
    for segment in segments {
        let (number, end) = (segment.number(), segment.end());
        let file = match segment.file() {
            Ok(file) => file,
            Err(error) if error.code() == ErrorCode::Corrupt => {
                filling.index.add_damage(Damage { segment: number, offset: 0, length: 0 });
                continue;
            }
            Err(error) => return Err(error),
        };
        let readable = end.min(segment.file_bytes()?);
        let mut window = Window::new(file.as_ref(), readable);
        if !covered.contains_key(&number) {
            let bytes = window.get(0, SEGMENT_HEADER_BYTES)?;
            match bytes.and_then(|bytes| SegmentHeader::decode(bytes, number, store_id)) {
                Some(header) => {
                    begin(filling.index, &header);
                }
                None => filling.index.add_damage(Damage { segment: number, offset: 0, length: HEADER }),
            }
        }
        let from = covered.get(&number).copied().unwrap_or(HEADER.min(readable));
        let found = filling.read(&Stretch::new(segment, file, from..readable, end))?;
        found.damage.into_iter().for_each(|damage| filling.index.add_damage(damage));
        filling.index.reserve_sequences(found.sequence_end);
        covered.insert(number, end);
    }
    Ok(())
}

/// Keeps of an older index what the segments that are there cannot tell: what is lost, and which numbers were
/// given out.
pub(crate) fn keep_losses(segments: &[Arc<Segment>], old: &Index, index: &mut Index) {
    let ends: BTreeMap<u64, u64> = segments.iter().map(|segment| (segment.number(), segment.end())).collect();
    for damage in old.damage() {
        if ends.get(&damage.segment).is_none_or(|end| damage.offset >= *end) {
            index.add_damage(*damage);
        }
    }
    index.reserve_sequences(old.sequence_end());
}
