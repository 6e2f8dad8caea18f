//! The first pass: every byte of every segment.

use super::{Found, Problem};
use crate::control::Control;
use crate::error::Result;
use crate::hash;
use crate::id::{ChunkId, EventId};
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
    for segment in store.segments() {
        let end = segment.end();
        let file_bytes = segment.file().len().map_err(|error| segment.error("reading", error))?;
        let readable = end.min(file_bytes);
        check_header(store, &segment, file_bytes, found)?;
        let mut window = Window::new(segment.file().as_ref(), readable);
        let from = (SEGMENT_HEADER_BYTES as u64).min(readable);
        let mut visit = |scanned: Scanned| {
            check_open()?;
            control.advance(scanned.header.record_bytes(), 1)?;
            check_record(store, segment.number(), &scanned, found);
            Ok(())
        };
        let (seed, number) = (segment.seed(), segment.number());
        // Everything before the published end was committed: what cannot be read there is damage.
        let scan = scan_segment(&mut window, seed, number, from, readable, Scan::All, &mut visit)?;
        let cut = Damage { segment: number, offset: readable, length: end - readable };
        for damage in scan.damage.into_iter().chain((readable < end).then_some(cut)) {
            name_damage(store, &segment, &damage, found);
        }
        found.report.segments += 1;
        found.report.bytes += readable;
    }
    let known = store.index().damage().to_vec();
    for damage in known.iter().filter(|damage| damage.length == 0) {
        let message = format!("segment {} is missing from the store; take it from a backup", damage.segment);
        found.report.add(Problem { segment: Some(damage.segment), message, ..Problem::default() });
    }
    Ok(())
}

fn check_header(store: &Store, segment: &Segment, file_bytes: u64, found: &mut Found) -> Result<()> {
    let mut bytes = [0; SEGMENT_HEADER_BYTES];
    if file_bytes >= SEGMENT_HEADER_BYTES as u64 {
        segment.file().read_exact_at(&mut bytes, 0).map_err(|error| segment.error("reading", error))?;
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
fn check_record(store: &Store, segment: u64, scanned: &Scanned, found: &mut Found) {
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
                let place = store.index().find(&id).map(|row| (row.place.segment, row.place.offset));
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
                if body.is_none_or(|body| hashed(body) != id) {
                    found.bad_chunks.insert(id);
                }
                if store.index().chunk(&id).is_none() {
                    problem.message = format!("the index does not know chunk {id}; rebuild the index");
                    found.report.add(problem.clone());
                }
            }
        }
    }
}

/// Tells what was in a damaged stretch: what the index has there, else what still stands there.
fn name_damage(store: &Store, segment: &Segment, damage: &Damage, found: &mut Found) {
    let range = damage.offset..damage.offset + damage.length;
    let here = |at: u64, offset: u64| at == damage.segment && range.contains(&offset);
    let base = Problem {
        segment: Some(damage.segment),
        offset: Some(damage.offset),
        length: Some(damage.length),
        ..Problem::default()
    };
    let mut named = false;
    {
        let index = store.index();
        let chunks = index.chunks().filter(|(_, chunk)| here(chunk.place.segment, chunk.place.offset));
        for (id, _) in chunks {
            named = true;
            found.bad_chunks.insert(*id);
        }
        for row in index.rows().filter(|row| here(row.place.segment, row.place.offset)) {
            named = true;
            found.bad_events.insert(row.id);
            let message = format!("event {} (sequence {}) is damaged", row.id, row.sequence);
            found.report.add(Problem { event: Some(row.id), message, ..base.clone() });
        }
    }
    // A chunk is told as the files that it is in, by the second pass.
    if !named || damage_is_of_chunks(store, damage) {
        let event = written_event(segment, damage.offset);
        let what = match &event {
            Some(id) => format!("a record that says to be event {id}"),
            None => "records that no event refers to by place, or the end of a batch".to_owned(),
        };
        let message = format!("{} bytes are damaged: {what}", damage.length);
        found.report.add(Problem { event, message, ..base });
    }
}

fn damage_is_of_chunks(store: &Store, damage: &Damage) -> bool {
    let range = damage.offset..damage.offset + damage.length;
    let index = store.index();
    let mut chunks = index.chunks();
    chunks.any(|(_, chunk)| chunk.place.segment == damage.segment && range.contains(&chunk.place.offset))
}

/// The id of an event as it stands in a damaged record, unproven, where the record still looks like one.
fn written_event(segment: &Segment, offset: u64) -> Option<EventId> {
    const KIND_AT: usize = 8;
    const ID_AT: usize = 40;
    let mut bytes = [0; ID_AT + crate::id::ID_BYTES];
    segment.file().read_exact_at(&mut bytes, offset).ok()?;
    let is_event = bytes.get(KIND_AT).copied() == Some(RecordKind::Event as u8);
    let id = bytes.get(ID_AT..)?.try_into().ok()?;
    is_event.then(|| EventId::new(id))
}
