//! The first pass: every byte of every segment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Found, Problem, damage};
use crate::control::Control;
use crate::error::{ErrorCode, Result};
use crate::hash;
use crate::id::{ChunkId, EventId};
use crate::limits::PROBLEMS_LISTED_MAX;
use crate::log::{
    Damage, RecordKind, SEGMENT_HEADER_BYTES, Scan, Scanned, Segment, SegmentHeader, Window, scan_segment,
};
use crate::store::Store;

pub(super) fn check(
    store: &Store,
    control: &mut Control<'_>,
    check_open: &dyn Fn() -> Result<()>,
    found: &mut Found,
) -> Result<()> {
    let segments = store.segments();
    let mut damaged = Vec::new();
    for segment in &segments {
        match check_segment(store, segment, control, check_open, found) {
            Ok(damage) => damaged.extend(damage),
            // Removed while the store is open.
            Err(error) if error.code() == ErrorCode::Corrupt => report_missing(segment.number(), found),
            Err(error) => return Err(error),
        }
    }
    damage::name_all(store, &segments, damaged, found)?;
    report_lost(store, &segments, found);
    Ok(())
}

/// Reads a segment up to its published end, and gives what cannot be read.
fn check_segment(
    store: &Store,
    segment: &Segment,
    control: &mut Control<'_>,
    check_open: &dyn Fn() -> Result<()>,
    found: &mut Found,
) -> Result<Vec<Damage>> {
    let (number, end) = (segment.number(), segment.end());
    let (file, file_bytes) = (segment.file()?, segment.file_bytes()?);
    let readable = end.min(file_bytes);
    check_header(store, segment, file_bytes, found)?;
    let mut window = Window::new(file.as_ref(), readable);
    let from = (SEGMENT_HEADER_BYTES as u64).min(readable);
    let mut visit = |scanned: Scanned| {
        check_open()?;
        control.advance(scanned.header.record_bytes(), 1)?;
        check_record(store, number, &scanned, found)?;
        Ok(())
    };
    // Everything before the published end was committed: what cannot be read there is damage.
    let scan = scan_segment(&mut window, segment.seed(), number, from, readable, Scan::All, &mut visit)?;
    let mut damage = scan.damage;
    if readable < end {
        damage.push(Damage { segment: number, offset: readable, length: end - readable });
    }
    found.report.segments += 1;
    found.report.bytes += readable;
    Ok(damage)
}

/// Tells of what is not there to be read: segments that are gone, and what was behind the end of one that was cut.
fn report_lost(store: &Store, segments: &[Arc<Segment>], found: &mut Found) {
    let ends: BTreeMap<u64, u64> = segments.iter().map(|segment| (segment.number(), segment.end())).collect();
    let mut missing = BTreeSet::new();
    let mut expected = 1;
    for number in ends.keys() {
        missing.extend((expected..*number).take(PROBLEMS_LISTED_MAX));
        expected = number + 1;
    }
    let known = store.known_damage();
    for damage in known {
        match ends.get(&damage.segment) {
            None => {
                missing.insert(damage.segment);
            }
            Some(end) if damage.offset >= *end => {
                let message = format!(
                    "{} bytes of segment {}, from offset {} on, are gone; take the segment from a backup",
                    damage.length, damage.segment, damage.offset
                );
                found.report.add(Problem {
                    segment: Some(damage.segment),
                    offset: Some(damage.offset),
                    length: Some(damage.length),
                    message,
                    ..Problem::default()
                });
            }
            Some(_) => {}
        }
    }
    missing.into_iter().for_each(|number| report_missing(number, found));
}

fn report_missing(number: u64, found: &mut Found) {
    let message = format!("segment {number} is missing from the store; take it from a backup");
    found.report.add(Problem { segment: Some(number), message, ..Problem::default() });
}

fn check_header(store: &Store, segment: &Segment, file_bytes: u64, found: &mut Found) -> Result<()> {
    let mut bytes = [0; SEGMENT_HEADER_BYTES];
    if file_bytes >= SEGMENT_HEADER_BYTES as u64 {
        segment.file()?.read_exact_at(&mut bytes, 0).map_err(|error| segment.error("reading", error))?;
    }
    if SegmentHeader::decode(&bytes, segment.number(), store.superblock().store_id).is_none() {
        let message =
            format!("the header of segment {} is damaged; its records are not affected", segment.number());
        found.report.add(Problem {
            segment: Some(segment.number()),
            offset: Some(0),
            length: Some(SEGMENT_HEADER_BYTES as u64),
            message,
            ..Problem::default()
        });
    }
    Ok(())
}

/// Checks that a record holds what its ids name, and that the index knows it.
fn check_record(store: &Store, segment: u64, scanned: &Scanned, found: &mut Found) -> Result<()> {
    let header = &scanned.header;
    let mut problem = Problem {
        segment: Some(segment),
        offset: Some(scanned.offset),
        length: Some(header.record_bytes()),
        ..Problem::default()
    };
    let mut start = 0usize;
    for entry in &header.entries {
        let end = start + entry.raw_bytes as usize;
        // Without a body the record is in the scan's list of damage.
        let body = scanned.body.as_deref().map(|body| body.get(start..end).unwrap_or_default());
        start = end;
        match header.kind {
            RecordKind::Commit => {}
            RecordKind::Event => {
                found.report.events += 1;
                let id = EventId::new(entry.id);
                problem.event = Some(id);
                let named = body.is_none_or(|body| hash::event_id(body) == id);
                let decodes = body.is_none_or(|body| crate::event::decode(body).is_ok());
                if !named || !decodes {
                    problem.message = format!("event {id} is not what its name says");
                    found.report.add(problem.clone());
                }
                if body.is_none() || !named || !decodes {
                    found.bad_events.insert(id);
                }
                let place =
                    store.query(|index| index.find(&id))?.map(|row| (row.place.segment, row.place.offset));
                if place != Some((segment, scanned.offset)) {
                    problem.message = format!("the index does not know event {id} here; rebuild the index");
                    found.report.add(problem.clone());
                }
            }
            RecordKind::Chunks | RecordKind::Lists => {
                found.report.chunks += 1;
                let id = ChunkId::new(entry.id);
                let is_list = header.kind == RecordKind::Lists;
                let hashed = |body: &[u8]| if is_list { hash::list_id(body) } else { hash::chunk_id(body) };
                let known = store.query(|index| index.chunk(&id))?;
                // The same bytes may stand twice, temporary and permanent; files rest on those that the index has.
                let used = known.is_some_and(|chunk| {
                    (chunk.place.segment, chunk.place.offset) == (segment, scanned.offset)
                });
                if used && body.is_none_or(|body| hashed(body) != id) {
                    found.bad_chunks.insert((segment, scanned.offset));
                }
                if known.is_none() {
                    problem.message = format!("the index does not know chunk {id}; rebuild the index");
                    found.report.add(problem.clone());
                }
            }
        }
    }
    Ok(())
}
