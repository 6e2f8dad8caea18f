//! Whether a store that was recovered holds what it must, and nothing else.

use std::path::Path;

use super::super::tiers::open_listed;
use super::super::{Store, folder};
use super::model::{Committed, Model};
use super::session::{Operation, STORE, Session, Tiers, open};
use crate::content::ContentReader;
use crate::control::Control;
use crate::error::Error;
use crate::event::Event;
use crate::id::EventId;
use crate::index::{Checkpoint, ChunkPlace, Counts, EventRow, Index};
use crate::options::Durability;
use crate::verify::verify;
use crate::vfs::{Access, Chance, Simulator, Vfs};

pub(super) type Outcome<T> = std::result::Result<T, String>;

/// Everything that the index says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answers {
    sequence_end: u64,
    counts: Counts,
    rows: Vec<EventRow>,
    found: Vec<Option<u64>>,
    /// The children of each event, in commit order.
    children: Vec<Vec<u64>>,
    roots: Vec<u64>,
    titles: Vec<(String, Vec<EventId>)>,
    chunks: Vec<ChunkPlace>,
}

impl Answers {
    fn of(index: &Index) -> Answers {
        // Links are of the part of the index that has the row; what they amount to is asked below.
        let unlinked = |row: EventRow| EventRow { first_child: 0, last_child: 0, next_sibling: 0, ..row };
        let rows: Vec<EventRow> = index.rows().map(unlinked).collect();
        let end = index.sequence_end();
        let chain = |first: u64| {
            let next = |at: &u64| Some(index.next_sibling(*at, end)).filter(|next| *next != 0);
            std::iter::successors(Some(first).filter(|first| *first != 0), next).collect()
        };
        let mut titles: Vec<(String, Vec<EventId>)> = Vec::new();
        while let Some(next) = index.next_title(titles.last().map(|(title, _)| title.as_str()), end) {
            titles.push(next);
        }
        let mut chunks: Vec<ChunkPlace> = index.chunks().collect();
        chunks.sort_by_key(|chunk| (chunk.place.segment, chunk.place.offset, chunk.start));
        Answers {
            sequence_end: end,
            counts: index.counts(),
            found: rows.iter().map(|row| index.sequence_of(&row.id)).collect(),
            children: rows.iter().map(|row| chain(index.first_child(row.sequence, end))).collect(),
            roots: (0..).map(|at| index.root_at(at, end)).take_while(|root| *root != 0).collect(),
            rows,
            titles,
            chunks,
        }
    }
}

/// What the store says, where all of it is what was committed.
pub(super) fn look(store: &Store, model: &Model) -> Outcome<Answers> {
    let answers = store.query(Answers::of).map_err(|error| said("asking the index", &error))?;
    let visible = answers.rows.len();
    if answers.sequence_end != visible as u64 + 1 || !model.allows(visible) {
        return Err(format!("{visible} events are there, and {} is next, {model:?}", answers.sequence_end));
    }
    for (at, (row, committed)) in answers.rows.iter().zip(&model.events).enumerate() {
        let sequence = at as u64 + 1;
        if row.id != committed.id || row.sequence != sequence {
            return Err(format!("event {sequence} is another one"));
        }
        if answers.found.get(at) != Some(&Some(sequence)) {
            return Err(format!("event {sequence} is found at {:?}", answers.found.get(at)));
        }
        look_at_event(store, committed, sequence, model)
            .map_err(|what| format!("event {sequence} of {visible}: {what}"))?;
    }
    let damage = store.known_damage();
    if damage.is_empty() { Ok(answers) } else { Err(format!("{damage:?} are called damaged")) }
}

/// Whether an event is what was committed, its parent is there, and its file.
fn look_at_event(store: &Store, committed: &Committed, sequence: u64, model: &Model) -> Outcome<()> {
    let event = store.event(&committed.id).map_err(|error| said("reading it", &error))?;
    if event != committed.event(sequence) {
        return Err("it says something else".to_owned());
    }
    if let Some(parent) = &committed.fields.parent {
        let earlier = model.events.iter().take(sequence as usize - 1).any(|other| other.id == *parent);
        let found =
            store.query(|index| index.parent(sequence)).map_err(|error| said("its parent", &error))?;
        if !earlier
            || found == 0
            || model.events.get(found as usize - 1).map(|parent| parent.id) != Some(*parent)
        {
            return Err("its parent is not there".to_owned());
        }
    }
    match read_file(store, &event).map_err(|error| said("reading its file", &error))? {
        file if file == committed.file => Ok(()),
        _ => Err("its file is another one".to_owned()),
    }
}

pub(super) fn read_file(store: &Store, event: &Event) -> crate::error::Result<Option<Vec<u8>>> {
    let Some(content) = event.content() else { return Ok(None) };
    let mut reader = ContentReader::new(content)?;
    let mut bytes = vec![0; reader.length() as usize];
    let read = reader.read_full_at(store, 0, &mut bytes)?;
    bytes.truncate(read);
    Ok(Some(bytes))
}

fn said(doing: &str, error: &Error) -> String {
    format!("{doing}: {error:?}")
}

/// Recovers the store of this machine, and holds it against what was committed: what it says, that it says the same
/// after it was rebuilt, and after it was opened again, and that what is committed next survives.
pub(super) fn check(machine: &Simulator, tiers: Tiers, model: &Model) -> Outcome<()> {
    let store = open(machine, tiers).map_err(|error| said("opening", &error))?;
    let first = look(&store, model)?;
    let report = verify(&store, &mut Control::new(), &|| Ok(())).map_err(|error| said("verify", &error))?;
    if !report.is_clean() {
        return Err(format!("verify finds {:?}", report.problems));
    }
    // Some begin to be written to beside the index that was found, and some beside one that was made anew.
    let rebuilt_first = first.rows.len().is_multiple_of(2);
    if rebuilt_first {
        rebuild(&store, model, &first)?;
    }
    store.close().map_err(|error| said("closing", &error))?;
    let mut session = Session::new(machine.clone(), tiers, model.clone());
    session.run(Operation::Append(Durability::Durable)).map_err(|error| said("going on", &error))?;
    let again = look(session.store().ok_or("it is closed")?, &session.model)?;
    if again.rows.get(..first.rows.len()) != Some(first.rows.as_slice())
        || again.rows.len() != first.rows.len() + 1
    {
        return Err("opened again, it says something else".to_owned());
    }
    let (model, machine) = (session.model, machine.power_loss(Chance::none()));
    let store = open(&machine, tiers).map_err(|error| said("opening after the next loss", &error))?;
    let last = look(&store, &model).map_err(|what| format!("after the next commit and loss: {what}"))?;
    if last != again {
        return Err("after the next loss it says something else".to_owned());
    }
    if rebuilt_first { Ok(()) } else { rebuild(&store, &model, &last) }
}

/// Whether the list of the tiers is whole, where there is one, and so are all the tiers that it names. The index is
/// derived, and a store whose list lies is as good as one without: but it was to be opened at once.
pub(super) fn check_index_files(machine: &Simulator) -> Outcome<()> {
    let store = Path::new(STORE);
    let Ok(superblock) = folder::read_superblock(machine, store) else { return Ok(()) };
    let Ok(file) = machine.open(&folder::checkpoint(store), Access::Read) else { return Ok(()) };
    let mut bytes = vec![0; file.len().unwrap_or_default() as usize];
    file.read_exact_at(&mut bytes, 0).map_err(|error| format!("the list of tiers: {error}"))?;
    let id = superblock.store_id;
    let list = Checkpoint::decode(&bytes, id).map_err(|error| said("the list of tiers", &error))?;
    let index = open_listed(machine, store, id, &list).ok_or("the list names tiers that are not there")?;
    Answers::of(&index);
    if index.is_damaged() { Err("the list names a tier that is not whole".to_owned()) } else { Ok(()) }
}

fn rebuild(store: &Store, model: &Model, before: &Answers) -> Outcome<()> {
    store.rebuild_index(|_| Ok(())).map_err(|error| said("rebuilding", &error))?;
    let after = look(store, model).map_err(|what| format!("rebuilt: {what}"))?;
    if after == *before { Ok(()) } else { Err(format!("rebuilt, {before:?} became {after:?}")) }
}
