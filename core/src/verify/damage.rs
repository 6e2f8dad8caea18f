//! Telling what was in the stretches that cannot be read: what the index has there, else what still stands there.
//!
//! All stretches are named in one walk through the index, however many there are.

use std::sync::Arc;

use super::{Found, Problem};
use crate::error::Result;
use crate::id::EventId;
use crate::index::Place;
use crate::log::{Damage, RecordKind, Segment};
use crate::store::Store;

/// A stretch, and what the index has there.
struct Hit {
    damage: Damage,
    chunks: bool,
    events: Vec<(u64, EventId)>,
}

pub(super) fn name_all(
    store: &Store,
    segments: &[Arc<Segment>],
    mut damaged: Vec<Damage>,
    found: &mut Found,
) -> Result<()> {
    if damaged.is_empty() {
        return Ok(());
    }
    damaged.sort_unstable();
    let hit = |damage| Hit { damage, chunks: false, events: Vec::new() };
    let mut hits: Vec<Hit> = damaged.into_iter().map(hit).collect();
    let (chunks, events) = store.query(|index| {
        let chunks: Vec<Place> =
            index.chunks().map(|chunk| chunk.place).filter(|place| at(&hits, place).is_some()).collect();
        let events = index.rows().filter(|row| at(&hits, &row.place).is_some());
        (chunks, events.map(|row| (row.place, row.sequence, row.id)).collect::<Vec<_>>())
    })?;
    for place in chunks {
        found.bad_chunks.insert((place.segment, place.offset));
        at(&hits, &place).and_then(|at| hits.get_mut(at)).into_iter().for_each(|hit| hit.chunks = true);
    }
    for (place, sequence, id) in events {
        found.bad_events.insert(id);
        let hit = at(&hits, &place).and_then(|at| hits.get_mut(at));
        hit.into_iter().for_each(|hit| hit.events.push((sequence, id)));
    }
    for hit in hits {
        name(segments, hit, found);
    }
    Ok(())
}

/// The stretch in which a record begins.
fn at(hits: &[Hit], place: &Place) -> Option<usize> {
    let key = (place.segment, place.offset);
    let at = hits.partition_point(|hit| (hit.damage.segment, hit.damage.offset) <= key).checked_sub(1)?;
    let hit = hits.get(at)?;
    let inside = hit.damage.segment == place.segment && place.offset - hit.damage.offset < hit.damage.length;
    inside.then_some(at)
}

fn name(segments: &[Arc<Segment>], hit: Hit, found: &mut Found) {
    let damage = hit.damage;
    let base = Problem {
        segment: Some(damage.segment),
        offset: Some(damage.offset),
        length: Some(damage.length),
        ..Problem::default()
    };
    for (sequence, id) in &hit.events {
        let message = format!("event {id} (sequence {sequence}) is damaged");
        found.report.add(Problem { event: Some(*id), message, ..base.clone() });
    }
    if !hit.events.is_empty() && !hit.chunks {
        return;
    }
    let segment = segments.iter().find(|segment| segment.number() == damage.segment);
    let event = segment.filter(|_| !hit.chunks).and_then(|segment| written_event(segment, damage.offset));
    let what = match &event {
        Some(id) => format!("they say to be event {id}"),
        // The second pass names the files.
        None if hit.chunks => "contents of files, which are named below".to_owned(),
        None => "nothing tells any more what they were".to_owned(),
    };
    let message = format!(
        "{} bytes of segment {}, from offset {} on, are damaged: {what}",
        damage.length, damage.segment, damage.offset
    );
    found.report.add(Problem { event, message, ..base });
}

/// The id of an event as it stands in a damaged record, unproven, where the record still looks like one.
fn written_event(segment: &Segment, offset: u64) -> Option<EventId> {
    const KIND_AT: usize = 8;
    const ID_AT: usize = 40;
    let mut bytes = [0; ID_AT + crate::id::ID_BYTES];
    segment.file().ok()?.read_exact_at(&mut bytes, offset).ok()?;
    let is_event = bytes.get(KIND_AT).copied() == Some(RecordKind::Event as u8);
    let id = bytes.get(ID_AT..)?.try_into().ok()?;
    is_event.then(|| EventId::new(id))
}
