//! What the index takes of a record, apart from all other records: whoever reads the log may make it of many records at
//! once, on whichever thread.

use std::sync::Arc;

use super::{ChunkPlace, EventRow, Index, Parent, Place, Tier};
use crate::event::{EventFields, EventKind, View};
use crate::id::{ChunkId, EventId};
use crate::log::{Header, RecordKind, Scanned};

/// Of so many items what they need is touched before the first is worked at: many more than a processor waits for at
/// once, and few enough to be in its cache still.
const GROUP: usize = 64;

/// An event, or one of the chunks and lists of a record.
#[derive(Debug)]
pub(crate) enum Item {
    Event(EventItem),
    Chunk(ChunkId, ChunkPlace),
}

#[derive(Debug)]
pub(crate) struct EventItem {
    /// The parent in it counts where there is no `hangs`.
    pub(super) row: EventRow,
    /// Whether others may make it too.
    pub(super) is_derived: bool,
    pub(super) hangs: Option<Hangs>,
    pub(super) title: Option<Box<str>>,
}

/// The parent that an event names, and the number that its record tells of it; 0 where it tells none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hangs {
    pub(super) parent: EventId,
    pub(super) told: u64,
}

/// Gives what the index takes of a record.
pub(crate) fn items_of(segment: u64, scanned: &Scanned<'_>, mut take: impl FnMut(Item)) {
    let header = &scanned.header;
    let record_bytes = u32::try_from(header.record_bytes()).unwrap_or(u32::MAX);
    let place = Place { segment, offset: scanned.offset, record_bytes };
    match header.kind {
        RecordKind::Commit => {}
        RecordKind::Event => {
            if let Some(entry) = header.entries.first() {
                let body = scanned.body.as_deref().and_then(|body| View::of(body).ok());
                take(Item::Event(EventItem::of(EventId::new(entry.id), place, header, body)));
            }
        }
        RecordKind::Chunks | RecordKind::Lists => {
            chunks_of(place, header, |id, chunk| take(Item::Chunk(id, chunk)));
        }
    }
}

/// Gives the chunks or lists that a record carries.
pub(super) fn chunks_of(place: Place, header: &Header, mut take: impl FnMut(ChunkId, ChunkPlace)) {
    let (is_list, temporary) = (header.kind == RecordKind::Lists, header.temporary);
    let mut start = 0u32;
    for entry in header.entries.iter() {
        let raw_bytes = entry.raw_bytes;
        take(ChunkId::new(entry.id), ChunkPlace { place, start, raw_bytes, is_list, temporary });
        start = start.saturating_add(raw_bytes);
    }
}

impl EventItem {
    fn of(id: EventId, place: Place, header: &Header, body: Option<View<'_>>) -> EventItem {
        let sequence = header.sequence;
        let Some(view) = body else {
            // It is known to be there, and nothing else is known of it but what the header of its record says.
            let kind = EventKind::Unknown(u8::MAX);
            let fields = EventFields { temporary: header.temporary, ..EventFields::derived(kind) };
            let row = EventRow::new(id, sequence, place, Parent::Lost, &fields);
            let row = EventRow { damaged: true, ..row };
            return EventItem { row, is_derived: false, hangs: None, title: None };
        };
        let row = EventRow::of_view(id, sequence, place, &view);
        let hangs = view.parent.map(|parent| Hangs { parent, told: header.parent });
        let is_derived = view.head.origin.iter().all(|byte| *byte == 0);
        EventItem { row, is_derived, hangs, title: view.title.map(Box::from) }
    }

    /// Looks for the parent where the record says that it is, if one of these tiers has it. The id counts: where another
    /// event has the number, it is looked for when the event is entered.
    fn find_parent(&mut self, tiers: &Tiers<'_>) {
        let Some(Hangs { parent, told }) = self.hangs else { return };
        if tiers.with(told).is_some_and(|tier| tier.has_id_at(told, &parent)) {
            (self.row.parent, self.hangs) = (Parent::Known(told), None);
        }
    }
}

/// Finds the parents of many events, as far as these tiers have them.
///
/// Parents are anywhere, and each is waited for as long as memory takes. So of a group of them the rows are touched
/// first, which are waited for together, and compared then.
pub(crate) fn find_parents(items: &mut [Item], tiers: &[Arc<Tier>]) {
    let tiers = Tiers::new(tiers);
    for group in items.chunks_mut(GROUP) {
        let touched = group.iter().fold(0u8, |sum, item| match item {
            Item::Event(EventItem { hangs: Some(Hangs { told, .. }), .. }) => {
                sum.wrapping_add(tiers.with(*told).map_or(0, |tier| tier.touch_row(*told)))
            }
            _ => sum,
        });
        std::hint::black_box(touched);
        for item in group {
            if let Item::Event(event) = item {
                event.find_parent(&tiers);
            }
        }
    }
}

/// Tiers, and beside them where each ends, so that finding the one that has a number looks into no other.
struct Tiers<'t> {
    tiers: &'t [Arc<Tier>],
    ends: Vec<u64>,
}

impl<'t> Tiers<'t> {
    fn new(tiers: &'t [Arc<Tier>]) -> Tiers<'t> {
        Tiers { tiers, ends: tiers.iter().map(|tier| tier.header().sequence_end).collect() }
    }

    /// The one that has a number, if one has.
    fn with(&self, sequence: u64) -> Option<&'t Tier> {
        self.tiers.get(self.ends.partition_point(|end| *end <= sequence)).map(AsRef::as_ref)
    }
}

impl Index {
    /// Brings near what entering the first of these items reads, all of it at once. Gives of how many.
    pub(crate) fn touch(&self, items: &[Item]) -> usize {
        let group = items.get(..GROUP).unwrap_or(items);
        let touched = group.iter().fold(0, |sum, item| match item {
            Item::Event(EventItem { row, hangs, .. }) => {
                let parent = hangs.as_ref().map_or(row.known_parent(), |hangs| hangs.told);
                let there = self.parts().fold(0, |sum, part| sum ^ part.touch(&row.id));
                sum ^ u64::from(there) ^ self.memory.touch_parent(parent)
            }
            Item::Chunk(..) => sum,
        });
        std::hint::black_box(touched);
        group.len()
    }

    /// Adds what a record of the log carries. Events come in commit order.
    pub(crate) fn insert_scanned(&mut self, segment: u64, scanned: &Scanned<'_>) {
        items_of(segment, scanned, |mut item| self.insert_item(&mut item));
    }

    /// Adds what a record of the log carries, or a part of it. Events come in commit order.
    /// The item is used up; it is large, and so not moved.
    pub(crate) fn insert_item(&mut self, item: &mut Item) {
        let EventItem { row, is_derived, hangs, title } = match item {
            Item::Chunk(id, place) => return self.insert_chunk(*id, *place),
            Item::Event(item) => item,
        };
        if *is_derived && self.is_repeated(row) {
            return;
        }
        if let Some(hangs) = hangs {
            row.parent = self.parent_told(hangs);
        }
        let taken = if row.damaged {
            self.insert_row(row, None)
        } else {
            // The tiers are not asked for each: verify tells of an event that is there twice.
            !self.is_in_memory(&row.id) && self.insert_new_row(row, title.as_deref())
        };
        if !taken {
            // No writer of ours gives a number or an id twice.
            self.add_damage(row.place.stretch());
        }
    }
}
