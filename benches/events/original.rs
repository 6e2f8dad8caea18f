//! The rows of the benchmark table of the original Go project, of ours. `go/` is the same in Go.
//!
//! A tree has 10,000 events in three levels: 2,500 roots, under each two events, and then two more under each event in
//! the order in which they were made, until there are enough. What is read is a random one.

use std::hint::black_box;
use std::path::Path;

use ouroborosdb::{Database, Durability, EventId, NewEvent, Options, Order};

use crate::Result;
use crate::measure::{Random, measure};

const EVENTS: usize = 10_000;
const ROOTS: usize = EVENTS / 4;
const TITLED: usize = 1000;
/// Bytes of a file, and of the metadata beside it.
const FILE_BYTES: usize = 100;
/// More than any list here.
const PAGE: usize = 1 << 20;

/// How often a row is called in a slice, so that both sides do the same.
#[derive(Clone, Copy)]
struct Calls {
    reads: usize,
    writes: usize,
    /// Of what goes through the whole tree.
    wholes: usize,
}

/// All rows, in new stores.
pub(crate) fn rows(folder: &Path, calls: usize) -> Result<()> {
    let calls = Calls { reads: calls * 20, writes: calls, wholes: (calls / 100).max(1) };
    of_a_tree(&folder.join("tree"), calls)?;
    of_files(&folder.join("files"), calls)?;
    of_roots(&folder.join("roots"), calls)
}

fn open(folder: &Path) -> Result<Database> {
    std::fs::create_dir_all(folder)?;
    Ok(Database::open(folder, Options::new().durability(Durability::Buffered))?)
}

/// The ids in the order in which the events were made.
fn build(
    db: &Database,
    mut child: impl FnMut(&Database, EventId) -> Result<EventId>,
) -> Result<Vec<EventId>> {
    let mut ids = Vec::with_capacity(EVENTS);
    for root in 0..ROOTS {
        ids.push(db.create_root(&format!("root {root}"))?);
    }
    while ids.len() < EVENTS {
        for parent in ids.clone() {
            for _ in 0..2.min(EVENTS - ids.len()) {
                ids.push(child(db, parent)?);
            }
        }
    }
    Ok(ids)
}

fn of_a_tree(folder: &Path, calls: Calls) -> Result<()> {
    let db = open(folder)?;
    let ids = build(&db, |db, parent| Ok(db.append(parent, NewEvent::new())?))?;
    let mut random = Random::new(11);
    measure("go.RebuildIndex", calls.wholes, 1, || Ok(db.rebuild_index()?))?;
    let children = |id: &EventId| Ok(db.children(*id, Order::Commit)?.page(PAGE)?.len());
    let hashes = |id: &EventId| Ok(db.child_ids(*id, Order::Commit)?.page(PAGE)?.len());
    expect("the children of all", sum(&ids, children)?, EVENTS - ROOTS)?;
    expect("the children's ids of all", sum(&ids, hashes)?, EVENTS - ROOTS)?;
    measure("go.GetDirectChildrenOfEvent", calls.reads, 1, || {
        black_box(db.children(*any(&ids, &mut random), Order::Commit)?.page(PAGE)?);
        Ok(())
    })?;
    measure("go.GetChildrenHashesOfEvent", calls.reads, 1, || {
        black_box(db.child_ids(*any(&ids, &mut random), Order::Commit)?.page(PAGE)?);
        Ok(())
    })?;
    measure("go.GetEvent", calls.reads, 1, || {
        black_box(db.event(*any(&ids, &mut random))?);
        Ok(())
    })?;
    expect("the roots", db.roots()?.page(PAGE)?.len(), ROOTS)?;
    measure("go.GetAllRootEvents", calls.wholes, 1, || {
        black_box(db.roots()?.page(PAGE)?);
        Ok(())
    })?;
    expect("the index of roots", db.root_index()?.page(PAGE)?.len(), ROOTS)?;
    measure("go.GetRootIndex", calls.wholes, 1, || {
        black_box(db.root_index()?.page(PAGE)?);
        Ok(())
    })?;
    measure("go.StoreFile", calls.writes, 1, || {
        black_box(put_file(&db, *any(&ids, &mut random), &text(&mut random), &text(&mut random))?);
        Ok(())
    })?;
    measure("go.CreateNewEvent", calls.writes, 1, || {
        black_box(db.append(*any(&ids, &mut random), NewEvent::new())?);
        Ok(())
    })?;
    let titles: Vec<String> = (0..TITLED).map(|number| format!("test-{number}")).collect();
    for title in &titles {
        db.create_root(title)?;
    }
    let titled = |title: &String| Ok(db.roots_titled(title)?.page(PAGE)?.len());
    expect("the roots of all titles", sum(&titles, titled)?, TITLED)?;
    measure("go.GetRootEventsWithTitle", calls.reads, 1, || {
        black_box(db.roots_titled(any::<String>(&titles, &mut random))?.page(PAGE)?);
        Ok(())
    })?;
    Ok(db.close()?)
}

/// Each event but the roots has a file and metadata.
fn of_files(folder: &Path, calls: Calls) -> Result<()> {
    let db = open(folder)?;
    let (mut random, mut files) = (Random::new(12), Vec::new());
    build(&db, |db, parent| {
        let (metadata, file) = (text(&mut random), text(&mut random));
        let id = put_file(db, parent, &metadata, &file)?;
        files.push((id, metadata, file));
        Ok(id)
    })?;
    for (id, metadata, file) in &files {
        let same = db.read_file(*id)? == file && db.metadata(*id)?.as_deref() == Some(metadata);
        expect("files and metadata that are the same", usize::from(same), 1)?;
    }
    measure("go.GetFile", calls.reads, 1, || {
        black_box(db.read_file(any(&files, &mut random).0)?);
        Ok(())
    })?;
    measure("go.GetMetadata", calls.reads, 1, || {
        black_box(db.metadata(any(&files, &mut random).0)?);
        Ok(())
    })?;
    Ok(db.close()?)
}

fn of_roots(folder: &Path, calls: Calls) -> Result<()> {
    let db = open(folder)?;
    db.create_root("root")?;
    let mut number = 0;
    measure("go.CreateRootEvent", calls.writes, 1, || {
        number += 1;
        black_box(db.create_root(&format!("test-{number}"))?);
        Ok(())
    })?;
    Ok(db.close()?)
}

fn put_file(db: &Database, parent: EventId, metadata: &[u8], file: &[u8]) -> Result<EventId> {
    Ok(db.put_file(parent, file, NewEvent::new().metadata(metadata))?)
}

/// Letters, as the files and metadata of the original's benchmark are.
fn text(random: &mut Random) -> [u8; FILE_BYTES] {
    const LETTERS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    std::array::from_fn(|_| LETTERS[random.below(LETTERS.len())])
}

fn any<'a, T>(all: &'a [T], random: &mut Random) -> &'a T {
    &all[random.below(all.len())]
}

fn sum<T>(all: &[T], each: impl Fn(&T) -> Result<usize>) -> Result<usize> {
    all.iter().map(each).sum()
}

fn expect(what: &str, found: usize, wanted: usize) -> Result<()> {
    if found == wanted { Ok(()) } else { Err(format!("{what} are {found}, not {wanted}").into()) }
}
