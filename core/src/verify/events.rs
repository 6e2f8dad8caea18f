//! The second pass: every event has its parent, and its file every list and chunk.

use std::collections::HashMap;
use std::ops::Range;

use super::{Found, Problem};
use crate::chunk::{ListEntry, decode_list};
use crate::control::Control;
use crate::error::Result;
use crate::event::{Content, ContentForm, Event, EventKind};
use crate::id::ChunkId;
use crate::index::{EventRow, Index, Parent};
use crate::store::Store;

/// How many rows are taken from the index at once.
const PAGE: u64 = 256;
/// How many files are remembered as whole or not, for those who carry the same one.
const FILES_REMEMBERED_MAX: usize = 100_000;

/// What is known of trees of lists that were walked already.
type Walked = HashMap<ChunkId, Option<String>>;

pub(super) fn check(
    store: &Store,
    control: &mut Control<'_>,
    check_open: &dyn Fn() -> Result<()>,
    found: &mut Found,
) -> Result<()> {
    let end = store.sequence_end();
    let mut walked = Walked::new();
    let mut from = 1;
    while from < end {
        let (known, rows): (u64, Vec<EventRow>) = store.query(|index| {
            let known = index.next_known(from).min(end);
            let page = known..(known + PAGE).min(end);
            (known, page.map_while(|sequence| index.row(sequence)).collect())
        })?;
        // Once a page at least, however little is in it.
        check_open()?;
        control.advance(0, 0)?;
        if known > from {
            report_gap(from..known, found);
        }
        // Whatever the index says, it goes on.
        from = known + rows.len().max(1) as u64;
        for row in rows {
            check_open()?;
            control.advance(0, 0)?;
            check_event(store, &row, &mut walked, found)?;
        }
    }
    Ok(())
}

/// Tells of numbers that have no event, but for those that were left out.
fn report_gap(gap: Range<u64>, found: &mut Found) {
    let mut from = gap.start;
    for left_out in found.left_out.clone() {
        if left_out.start >= gap.end || left_out.end <= from {
            continue;
        }
        if left_out.start > from {
            report_lost(from, left_out.start - 1, found);
        }
        from = left_out.end;
    }
    if from < gap.end {
        report_lost(from, gap.end - 1, found);
    }
}

fn report_lost(first: u64, last: u64, found: &mut Found) {
    let message = if first == last {
        format!("the event of sequence number {first} is lost")
    } else {
        format!("the events of sequence numbers {first} to {last} are lost")
    };
    found.report.add(Problem { message, ..Problem::default() });
}

fn check_event(store: &Store, row: &EventRow, walked: &mut Walked, found: &mut Found) -> Result<()> {
    let base = Problem {
        event: Some(row.id),
        segment: Some(row.place.segment),
        offset: Some(row.place.offset),
        length: Some(u64::from(row.place.record_bytes)),
        ..Problem::default()
    };
    let event = match store.read_event(row) {
        Ok(event) => event,
        Err(error) => {
            found.report.add(Problem { message: error.message().to_owned(), ..base });
            return Ok(());
        }
    };
    let file_name = event.attribute("file.name").map(<[u8]>::to_vec);
    if !store.query(|index| agrees(index, row, &event))? {
        let message =
            format!("the index does not say of event {} what it says itself; rebuild the index", row.id);
        found.report.add(Problem { message, file_name: file_name.clone(), ..base.clone() });
    }
    if let Some(parent) = event.parent()
        && store.query(|index| index.find(&parent))?.is_none()
    {
        let message = format!("event {}: its parent {parent} is lost", row.id);
        found.report.add(Problem { message, file_name: file_name.clone(), ..base.clone() });
    }
    if let Some(problem) = check_content(store, &event, walked, found)? {
        let message = format!("the file of event {}: {problem}", row.id);
        found.report.add(Problem { message, file_name, ..base });
    }
    Ok(())
}

/// Whether the index says of an event what its record does.
fn agrees(index: &Index, row: &EventRow, event: &Event) -> bool {
    let parent = match (row.parent, event.parent()) {
        (Parent::None, None) => true,
        (Parent::Known(sequence), Some(id)) => index.row(sequence).is_some_and(|parent| parent.id == id),
        (Parent::Lost, Some(id)) => index.find(&id).is_none(),
        _ => false,
    };
    let title = event.title().unwrap_or_default();
    parent
        && !row.damaged
        && (row.kind, row.temporary) == (event.kind(), event.temporary())
        && (row.time.ms(), row.time.counter()) == (event.time_ms(), event.time_counter())
        && row.has_metadata == event.metadata().is_some()
        && row.content_bytes == event.content_length().unwrap_or(0)
        && (event.kind() != EventKind::Root || index.has_title(title, row.sequence))
}

fn check_content(store: &Store, event: &Event, walked: &mut Walked, found: &Found) -> Result<Option<String>> {
    let Some(content) = event.content() else { return Ok(None) };
    let key = match &content.form {
        ContentForm::Inline(_) => return Ok(None),
        ContentForm::Chunk(id) => return check_chunk(store, found, id, content.length),
        ContentForm::Tree { root, .. } => *root,
    };
    if let Some(known) = walked.get(&key) {
        return Ok(known.clone());
    }
    let problem = walk(store, &content, found).err();
    if walked.len() < FILES_REMEMBERED_MAX {
        walked.insert(key, problem.clone());
    }
    Ok(problem)
}

fn check_chunk(store: &Store, found: &Found, id: &ChunkId, length: u64) -> Result<Option<String>> {
    let place = store.query(|index| index.chunk(id))?.filter(|chunk| !chunk.is_list);
    Ok(match place {
        None => Some(format!("chunk {id} is missing")),
        Some(place) if !store.stands(&place.place) => Some(format!(
            "chunk {id} is gone, from segment {} at offset {}",
            place.place.segment, place.place.offset
        )),
        Some(place) if found.is_bad(&place) => Some(format!(
            "chunk {id} is damaged, in segment {} at offset {}",
            place.place.segment, place.place.offset
        )),
        Some(place) if u64::from(place.raw_bytes) != length => {
            Some(format!("chunk {id} has {} bytes and should have {length}", place.raw_bytes))
        }
        Some(_) => None,
    })
}

/// Walks a tree of lists to the first thing that is wrong. One open list a level.
fn walk(store: &Store, content: &Content, found: &Found) -> std::result::Result<(), String> {
    let ContentForm::Tree { levels, root } = content.form else { return Ok(()) };
    let open = |entry: ListEntry, level: u8| -> std::result::Result<_, String> {
        let place =
            store.query(|index| index.chunk(&entry.id)).map_err(|error| error.message().to_owned())?;
        if place.is_some_and(|place| found.is_bad(&place)) {
            return Err(format!("chunk list {} is damaged", entry.id));
        }
        let list = store.read_list(&entry.id, false).map_err(|error| error.message().to_owned())?;
        let entries = decode_list(list.bytes(), level).map_err(|error| error.message().to_owned())?;
        if entries.iter().map(|entry| entry.length).sum::<u64>() != entry.length {
            return Err(format!("chunk list {} has another length than its parent says", entry.id));
        }
        Ok(entries.into_iter())
    };
    let top = levels.checked_sub(1).ok_or("a tree of lists has no level")?;
    let mut path = vec![open(ListEntry { id: root, length: content.length }, top)?];
    while let Some(list) = path.last_mut() {
        let Some(entry) = list.next() else {
            path.pop();
            continue;
        };
        match top.checked_sub(path.len() as u8) {
            Some(level) => path.push(open(entry, level)?),
            None => {
                let checked = check_chunk(store, found, &entry.id, entry.length);
                if let Some(problem) = checked.map_err(|error| error.message().to_owned())? {
                    return Err(problem);
                }
            }
        }
    }
    Ok(())
}
