//! The first pass: every byte of every segment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::records::Records;
use super::{Found, Problem, damage, footers};
use crate::control::Control;
use crate::error::{ErrorCode, Result};
use crate::limits::PROBLEMS_LISTED_MAX;
use crate::log::{Damage, SEGMENT_HEADER_BYTES, Scan, Scanned, Segment, SegmentHeader, Window, scan_segment};
use crate::store::Store;

pub(super) fn check(
    store: &Store,
    control: &mut Control<'_>,
    check_open: &dyn Fn() -> Result<()>,
    found: &mut Found,
) -> Result<()> {
    let segments = store.segments();
    let mut damaged = Vec::new();
    // The next sequence number, as far as the segments tell.
    let mut next = 1;
    for (at, segment) in segments.iter().enumerate() {
        let successor = segments.get(at + 1).filter(|next| next.number() == segment.number() + 1);
        match check_segment(store, segment, successor, control, check_open, &mut next, found) {
            Ok(damage) => damaged.extend(damage),
            // Removed while the store is open.
            Err(error) if error.code() == ErrorCode::Corrupt => {
                report_missing(store, segment.number(), found)
            }
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
    successor: Option<&Arc<Segment>>,
    control: &mut Control<'_>,
    check_open: &dyn Fn() -> Result<()>,
    next: &mut u64,
    found: &mut Found,
) -> Result<Vec<Damage>> {
    let (number, end) = (segment.number(), segment.end());
    let (file, file_bytes) = (segment.file()?, segment.file_bytes()?);
    let readable = end.min(file_bytes);
    let header = check_header(store, segment, file_bytes, found)?;
    if let Some(header) = header {
        if number > 1 && header.previous_end < SEGMENT_HEADER_BYTES as u64 && *next < header.sequence_start {
            found.left_out.push(*next..header.sequence_start);
        }
        *next = (*next).max(header.sequence_start);
    }
    let mut window = Window::new(file.as_ref(), readable);
    let from = (SEGMENT_HEADER_BYTES as u64).min(readable);
    let mut records = Records::new(store, number, found);
    let mut visit = |scanned: Scanned<'_>| {
        check_open()?;
        control.advance(scanned.header.record_bytes(), 1)?;
        records.push(scanned)
    };
    // Everything before the published end was committed: what cannot be read there is damage.
    let scan = scan_segment(&mut window, segment.seed(), number, from, readable, Scan::All, &mut visit)?;
    records.check()?;
    *next = (*next).max(scan.sequence_end);
    if readable == end {
        let expected = successor.is_some_and(|next| has_footer_before(store, next));
        footers::check(segment, header.as_ref(), expected, file.as_ref(), &scan, found)?;
    }
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
    missing.retain(|number| !store.is_nobodys(*number));
    missing.into_iter().for_each(|number| report_missing(store, number, found));
}

fn report_missing(store: &Store, number: u64, found: &mut Found) {
    let message = store.missing_segment(number, "; take it from a backup");
    found.report.add(Problem { segment: Some(number), message, ..Problem::default() });
}

/// The header, where it is whole.
fn check_header(
    store: &Store,
    segment: &Segment,
    file_bytes: u64,
    found: &mut Found,
) -> Result<Option<SegmentHeader>> {
    let header = read_header(store, segment, file_bytes)?;
    if header.is_none() {
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
    Ok(header)
}

fn read_header(store: &Store, segment: &Segment, file_bytes: u64) -> Result<Option<SegmentHeader>> {
    let mut bytes = [0; SEGMENT_HEADER_BYTES];
    if file_bytes >= SEGMENT_HEADER_BYTES as u64 {
        segment.file()?.read_exact_at(&mut bytes, 0).map_err(|error| segment.error("reading", error))?;
    }
    Ok(SegmentHeader::decode(&bytes, segment.number(), store.superblock().store_id))
}

/// Whether a segment says that the one before it has a footer.
fn has_footer_before(store: &Store, segment: &Segment) -> bool {
    let header = segment.file_bytes().and_then(|bytes| read_header(store, segment, bytes));
    header.ok().flatten().is_some_and(|header| header.previous_footer)
}
