//! Tiers of the index: one that is damaged, and one that was made to deceive.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::input::Input;
use crate::event::{EventFields, EventKind, Time};
use crate::id::{ChunkId, EventId};
use crate::index::{
    Checkpoint, ChunkPlace, Counts, EventRow, Index, Parent, Place, Position, Tier, forge_tier, write_merged,
};
use crate::vfs::{Mapping, MemoryVfs, Vfs, VfsFile};

const STORE_ID: [u8; 16] = [8; 16];
/// Numbers and entries that are asked for.
const ASKED: u64 = 30;
const STEPS_MAX: usize = 200;
/// Bytes of a forged tier at most.
const FORGED_BYTES_MAX: usize = 64 * 1024;

/// A damaged tier gives no answer that the whole one does not give, and says that it is damaged where one is missing; a
/// forged one leads nobody in a circle.
pub fn tier(data: &[u8]) {
    let mut input = Input::new(data);
    match input.u8() % 3 {
        0 => a_damaged_tier(&mut input),
        1 => a_forged_tier(&mut input),
        _ => drop(Tier::open(Mapping::new(input.rest().to_vec()))),
    }
}

fn a_damaged_tier(input: &mut Input<'_>) {
    let flips: Vec<(u16, u8)> = (0..1 + input.u8() % 4).map(|_| (input.u16(), input.u8())).collect();
    let cut = input.u8();
    let whole = bytes_of(input);
    let mut damaged = whole.clone();
    for (at, mask) in flips {
        // The header and what is at the end are small, and are hit as often as the rest.
        let length = damaged.len();
        let place = match at % 3 {
            0 => usize::from(at / 3) % 128,
            1 => length - 1 - usize::from(at / 3) % 512.min(length),
            _ => usize::from(at / 3) * 4 % length,
        };
        damaged[place] ^= mask;
    }
    if cut == 1 {
        damaged.truncate(whole.len() - 8);
    }
    let is_whole = damaged == whole;
    let (Some(healthy), opened) = (index_of(whole), index_of(damaged)) else { unreachable!("it is whole") };
    let expected = ask(&healthy);
    assert!(!healthy.is_damaged(), "a whole tier says that it is damaged");
    let Some(damaged) = opened else {
        assert!(!is_whole, "a whole tier is refused");
        return;
    };
    let answers = ask(&damaged);
    for (given, wanted) in answers.iter().zip(&expected) {
        assert!(given.is_nothing() || given == wanted || damaged.is_damaged(), "{given:?} for {wanted:?}");
        // Rows and chunks are whole or not given, whatever else is wrong with the tier.
        assert!(given.is_nothing() || given == wanted || !given.is_one_entry(), "{given:?} for {wanted:?}");
    }
    assert!(damaged.is_damaged() || answers == expected, "it lacks something, and does not say so");
}

fn a_forged_tier(input: &mut Input<'_>) {
    let start = u64::from(input.u8());
    let span = u64::from(input.u16());
    let sizes = std::array::from_fn(|_| u64::from(input.u16() % 300));
    let rest = std::mem::replace(input, Input::new(&[])).rest();
    let Some(bytes) = forge_tier(STORE_ID, start, start + span, sizes, rest, FORGED_BYTES_MAX) else {
        return;
    };
    let Some(index) = index_of(bytes.clone()) else { unreachable!("all of its checksums are right") };
    ask(&index);
    // Merging reads everything too, and makes a tier of it that can be opened, or none.
    let (Some(old), Some(new)) = (tier_of(bytes), tier_of(tier_behind(start + span))) else {
        unreachable!("both open")
    };
    let file = empty_file();
    if write_merged(file.as_ref(), 2, &old, &new, &AtomicBool::new(false)).is_ok() {
        let merged = file.map().ok().and_then(Tier::open);
        ask(&index_with(vec![Arc::new(merged.unwrap_or_else(|| unreachable!("it was written whole")))]));
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Row(Option<EventRow>),
    Chunk(Option<ChunkPlace>),
    Place(Option<Option<Place>>),
    Number(u64),
    Numbers(Vec<u64>),
    Title(Option<(String, Vec<EventId>)>),
}

impl Answer {
    fn is_nothing(&self) -> bool {
        match self {
            Answer::Row(row) => row.is_none(),
            Answer::Chunk(chunk) => chunk.is_none(),
            Answer::Place(place) => place.is_none(),
            Answer::Number(number) => *number == 0,
            Answer::Numbers(numbers) => numbers.is_empty(),
            Answer::Title(title) => title.is_none(),
        }
    }

    /// Whether it is one entry of the tier, and no conclusion from several.
    fn is_one_entry(&self) -> bool {
        matches!(self, Answer::Row(_))
    }
}

/// Everything that can be asked, of the first numbers. Every walk must end.
fn ask(index: &Index) -> Vec<Answer> {
    let end = index.sequence_end();
    let first = index.next_known(0).min(end);
    let most = index.tiers().iter().map(|tier| tier.entries() as usize).sum::<usize>() + 1;
    let mut answers = Vec::new();
    for sequence in (0..ASKED).chain(first.saturating_sub(1)..first.saturating_add(ASKED)) {
        let row = index.row(sequence);
        assert!(row.is_none_or(|row| row.sequence == sequence && row.known_parent() < sequence.max(1)));
        answers.push(Answer::Row(row));
        answers.push(Answer::Number(index.next_known(sequence)));
        let children = index.children_by_time(sequence, end);
        assert!(children.len() <= most, "more children than events");
        assert!(children.iter().all(|child| *child > sequence && index.parent(*child) == sequence));
        answers.push(Answer::Numbers(children));
        answers.push(Answer::Number(index.root_at(sequence as usize, end)));
    }
    let mut walk = Vec::new();
    let mut at = first;
    while at != 0 && walk.len() <= most {
        walk.push(at);
        at = index.next_in_tree(first, at, end);
    }
    assert!(walk.len() <= most, "a walk has no end");
    answers.push(Answer::Numbers(walk));
    for number in 0..ASKED {
        answers.push(Answer::Chunk(index.chunk(&ChunkId::new(id(number)))));
        answers.push(Answer::Row(index.find(&EventId::new(id(number)))));
        answers.push(Answer::Place(index.likely_place(&EventId::new(id(number)))));
    }
    let mut title: Option<String> = None;
    while let Some((next, roots)) = index.next_title(title.as_deref(), end) {
        assert!(title.as_ref().is_none_or(|last| *last < next), "titles lead back");
        title = Some(next.clone());
        answers.push(Answer::Title(Some((next, roots))));
    }
    answers.push(Answer::Title(None));
    assert!(index.rows().count() < most && index.chunks().count() < most, "more than there is");
    assert!(index.ids_between(0, u64::MAX).count() < most, "more ids than events");
    answers
}

fn empty_file() -> Arc<dyn VfsFile> {
    let file = MemoryVfs::new(u64::MAX).create_new(Path::new("/tier"));
    file.unwrap_or_else(|error| unreachable!("memory takes a file: {error}"))
}

/// Ids that often begin alike.
fn id(number: u64) -> [u8; 64] {
    let mut id = [0; 64];
    id[0] = (number % 5 * 50) as u8;
    id[7] = (number % 3) as u8;
    id[20..28].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    id
}

/// A part of an index as the input says.
fn build(input: &mut Input<'_>) -> Index {
    let mut index = Index::default();
    let mut steps = 0;
    while !input.is_empty() && steps < STEPS_MAX {
        steps += 1;
        let (what, of) = (input.u8(), input.u8());
        let place = Place { segment: u64::from(of % 4) + 1, offset: steps as u64 * 8, record_bytes: 77 };
        match what % 8 {
            0 => index.reserve_sequences(index.sequence_end() + u64::from(of)),
            1 | 2 => {
                let (is_list, temporary) = (what & 16 != 0, what & 32 != 0);
                let chunk = ChunkPlace { place, start: 3, raw_bytes: u32::from(of) + 1, is_list, temporary };
                index.insert_chunk(ChunkId::new(id(u64::from(of % 64))), chunk);
            }
            _ => {
                let sequence = index.sequence_end();
                let parent = index.rows().map(|row| row.sequence).find(|row| row % 256 >= u64::from(of));
                let parent = parent.filter(|_| what & 64 == 0).map_or(Parent::None, Parent::Known);
                let kind = if parent == Parent::None { EventKind::Root } else { EventKind::Plain };
                let fields = EventFields { time: Time(u64::from(of)), ..EventFields::derived(kind) };
                let title = (parent == Parent::None).then(|| format!("title {}", of % 8));
                let row = EventRow::new(EventId::new(id(sequence)), sequence, place, parent, &fields);
                index.insert_row(&row, title.as_deref());
            }
        }
    }
    index
}

fn bytes_of(input: &mut Input<'_>) -> Vec<u8> {
    write(&build(input))
}

fn write(index: &Index) -> Vec<u8> {
    let file = empty_file();
    let written = index.write_tier(file.as_ref(), STORE_ID, 1);
    written.unwrap_or_else(|error| unreachable!("memory takes a tier: {error}"));
    file.map().map_or_else(|error| unreachable!("memory is mapped: {error}"), |bytes| bytes.to_vec())
}

/// A small tier whose numbers are behind this one.
fn tier_behind(sequence: u64) -> Vec<u8> {
    let checkpoint = Checkpoint { sequence_end: sequence.max(1), ..checkpoint() };
    let mut index =
        Index::of_checkpoint(Vec::new(), &checkpoint).unwrap_or_else(|| unreachable!("it has no tiers"));
    let place = Place { segment: 1, offset: 64, record_bytes: 77 };
    let (at, fields) = (index.sequence_end(), EventFields::derived(EventKind::Root));
    let row = EventRow::new(EventId::new(id(at)), at, place, Parent::None, &fields);
    index.insert_row(&row, Some("t"));
    write(&index)
}

fn tier_of(bytes: Vec<u8>) -> Option<Arc<Tier>> {
    Tier::open(Mapping::new(bytes)).map(Arc::new)
}

fn index_of(bytes: Vec<u8>) -> Option<Index> {
    Some(index_with(vec![tier_of(bytes)?]))
}

fn index_with(tiers: Vec<Arc<Tier>>) -> Index {
    let checkpoint = Checkpoint { sequence_end: u64::MAX, ..checkpoint() };
    Index::of_checkpoint(tiers, &checkpoint).unwrap_or_else(|| unreachable!("no number is behind the last"))
}

fn checkpoint() -> Checkpoint {
    let (segment, end, commit_offset, commit_check, clock) = (1, 64, 0, 0, 0);
    let position =
        Position { segment, end, commit_offset, commit_check, clock, tally: None, segments: Vec::new() };
    let (counts, tiers, damage) = (Counts::default(), Vec::new(), Default::default());
    Checkpoint { position, sequence_end: 1, counts, tiers, damage }
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    // A root, children of it and of each other, chunks, a gap.
    let steps: Vec<u8> =
        (0..120u8).flat_map(|at| [at.wrapping_mul(7) | u8::from(at % 9 == 0), at / 2]).collect();
    let damaged = |flips: &[u8]| [&[0][..], flips, &steps].concat();
    let whole = bytes_of(&mut Input::new(&steps));
    let number = |at: usize| u16::from_le_bytes([whole[24 + at * 8], whole[25 + at * 8]]);
    let mut forged = vec![1, number(1) as u8];
    forged.extend_from_slice(&(number(2) - number(1)).to_le_bytes());
    (3..9).for_each(|at| forged.extend_from_slice(&number(at).to_le_bytes()));
    forged.extend_from_slice(&whole[4096..]);
    vec![
        damaged(&[0, 2, 1, 1, 0]),
        damaged(&[0, 3, 1, 4, 0]),
        damaged(&[0, 1, 9, 255, 1]),
        damaged(&[1, 5, 0, 0, 8, 4, 1, 0]),
        forged,
        [&[2][..], &whole].concat(),
    ]
}
