//! Tiers answer as the part in memory does, whole or not at all, and lead nobody in a circle.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;

use super::{ChunkPlace, EventRow, Index, Parent, Place, Tier, write_merged};
use crate::event::{EventFields, EventKind, Time};
use crate::id::{ChunkId, EventId};
use crate::vfs::{MemoryVfs, Vfs, VfsFile};

const STORE_ID: [u8; 16] = [8; 16];

fn file() -> Arc<dyn VfsFile> {
    MemoryVfs::new(u64::MAX).create_new(Path::new("/tier")).unwrap()
}

fn open(file: &dyn VfsFile) -> Option<Arc<Tier>> {
    Tier::open(file.map().unwrap()).map(Arc::new)
}

/// Makes a tier of what is in memory.
fn spill(index: &mut Index) {
    let file = file();
    index.write_tier(file.as_ref(), STORE_ID, 1).unwrap();
    index.put_tier(open(file.as_ref()).unwrap());
}

fn merge(index: &mut Index) {
    if let [.., old, new] = index.tiers() {
        let (old, new, file) = (Arc::clone(old), Arc::clone(new), file());
        write_merged(file.as_ref(), 2, &old, &new, &AtomicBool::new(false)).unwrap();
        assert!(index.put_merged(&old, &new, open(file.as_ref()).unwrap()));
        assert!(!index.put_merged(&old, &new, old.clone()), "they are not there any more");
    }
}

/// Ids that often begin alike.
fn id(number: u64) -> [u8; 64] {
    let mut id = [0; 64];
    id[0] = (number % 5 * 50) as u8;
    id[7] = (number % 3) as u8;
    id[20..28].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    id
}

fn place(number: u64) -> Place {
    Place { segment: number % 4 + 1, offset: number * 8, record_bytes: number as u32 + 40 }
}

#[derive(Clone, Debug)]
enum Step {
    /// A parent, as a part of all that are there in 256ths; none for a root of one of a few titles.
    Event {
        parent: Option<u8>,
        title: u8,
        metadata: bool,
    },
    Chunk {
        number: u8,
        temporary: bool,
    },
    Lost(u8),
    Spill,
    Merge,
}

fn step() -> impl Strategy<Value = Step> {
    let event = (proptest::option::weighted(0.9, any::<u8>()), 0u8..4, any::<bool>());
    prop_oneof![
        12 => event.prop_map(|(parent, title, metadata)| Step::Event { parent, title, metadata }),
        6 => (0u8..40, any::<bool>()).prop_map(|(number, temporary)| Step::Chunk { number, temporary }),
        1 => (1u8..4).prop_map(Step::Lost),
        2 => Just(Step::Spill),
        2 => Just(Step::Merge),
    ]
}

fn event(sequence: u64, parent: Parent, metadata: bool) -> EventRow {
    let kind = if parent == Parent::None { EventKind::Root } else { EventKind::Plain };
    let time = Time(sequence.wrapping_mul(7) % 50);
    let metadata = metadata.then(Vec::new);
    let fields = EventFields { time, metadata, ..EventFields::derived(kind) };
    EventRow::new(EventId::new(id(sequence)), sequence, place(sequence), parent, &fields)
}

fn apply(index: &mut Index, step: &Step, at: u64) {
    match step {
        Step::Event { parent, title, metadata } => {
            let sequence = index.sequence_end();
            let known: Vec<u64> = index.rows().map(|row| row.sequence).collect();
            let parent = parent.and_then(|part| known.get(usize::from(part) * known.len() / 256)).copied();
            let parent = parent.map_or(Parent::None, Parent::Known);
            let title = (parent == Parent::None).then(|| format!("title {title}"));
            assert!(index.insert_row(&event(sequence, parent, *metadata), title.as_deref()));
        }
        Step::Chunk { number, temporary } => {
            let chunk = ChunkPlace {
                place: place(at),
                start: 0,
                raw_bytes: u32::from(*number) + 1,
                is_list: number % 7 == 0,
                temporary: *temporary,
            };
            index.insert_chunk(ChunkId::new(id(u64::from(*number))), chunk);
        }
        Step::Lost(count) => index.reserve_sequences(index.sequence_end() + u64::from(*count)),
        Step::Spill | Step::Merge => {}
    }
}

/// Whoever is there has a likely place, and it is that of an event whose id begins alike.
fn assert_likely(index: &Index, sequence: u64, is_there: bool) {
    let likely = index.likely_place(&EventId::new(id(sequence)));
    assert!(likely.is_some() || !is_there, "{sequence}");
    if let Some(place) = likely.flatten() {
        let mut alike = index.rows().filter(|row| row.id.as_bytes()[..8] == id(sequence)[..8]);
        assert!(alike.any(|row| row.place == place), "{sequence}: {place:?}");
    }
}

/// Everything that can be asked.
fn answers(index: &Index) -> Vec<String> {
    let end = index.sequence_end();
    let mut answers = vec![format!("{end} {:?}", index.counts())];
    for sequence in 0..end + 2 {
        let row =
            index.row(sequence).map(|row| EventRow { first_child: 0, last_child: 0, next_sibling: 0, ..row });
        let by_id = index.find(&EventId::new(id(sequence))).map(|row| row.sequence);
        assert_likely(index, sequence, by_id.is_some());
        answers.push(format!("{row:?} {by_id:?} {}", index.next_known(sequence)));
        for as_of in [end, end / 2] {
            answers.push(format!(
                "{} {} {:?} {}",
                index.first_child(sequence, as_of),
                index.next_sibling(sequence, as_of),
                index.children_by_time(sequence, as_of),
                index.next_in_tree(1, sequence, as_of),
            ));
        }
        answers.push(format!("{}", index.root_at(sequence as usize, end)));
    }
    for number in 0..45 {
        answers.push(format!("{:?}", index.chunk(&ChunkId::new(id(number)))));
    }
    let mut title = None;
    while let Some((next, roots)) = index.next_title(title.as_deref(), end) {
        answers.push(format!("{next} {roots:?} {:?}", index.titled(&next, end / 2)));
        title = Some(next);
    }
    for (from, to) in [(0, u64::MAX), (0, 0), (50 << 56, 100 << 56)] {
        let ids: BTreeSet<EventId> = index.ids_between(from, to).collect();
        answers.push(format!("{ids:?}"));
    }
    let rows: Vec<u64> = index.rows().map(|row| row.sequence).collect();
    answers.push(format!("{rows:?}"));
    answers
}

fn both(steps: &[Step]) -> (Index, Index) {
    let (mut memory, mut tiers) = (Index::default(), Index::default());
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Spill if tiers.memory_entries() > 0 => spill(&mut tiers),
            Step::Merge => merge(&mut tiers),
            _ => {
                apply(&mut memory, step, at as u64);
                apply(&mut tiers, step, at as u64);
            }
        }
    }
    (memory, tiers)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 64 }))]

    #[test]
    fn tiers_answer_as_memory_does(steps in prop::collection::vec(step(), 1..120)) {
        let (memory, tiers) = both(&steps);
        prop_assert_eq!(answers(&memory), answers(&tiers));
        prop_assert!(!tiers.is_damaged());
    }

    /// Whoever made a tier to deceive cannot make a reader go round and round.
    #[test]
    fn no_walk_goes_on_for_ever(
        links in prop::collection::vec((0u64..30, 0u64..30, 0u64..30), 1..30),
        cut in 0usize..30,
    ) {
        let mut index = Index::default();
        for (at, (parent, first_child, next_sibling)) in links.iter().enumerate() {
            let sequence = at as u64 + 1;
            let row = event(sequence, Parent::Known(*parent), false);
            let lying = EventRow { first_child: *first_child, next_sibling: *next_sibling, ..row };
            index.insert_row(&lying, None);
            if at == cut {
                spill(&mut index);
            }
        }
        spill(&mut index);
        let bound = links.len() as u64 + 2;
        for start in 1..bound {
            let mut steps = 0;
            let mut at = start;
            while at != 0 && steps <= bound {
                at = index.next_in_tree(start, at, u64::MAX);
                steps += 1;
            }
            prop_assert!(steps <= bound, "from {}", start);
            prop_assert!(index.children_by_time(start, u64::MAX).len() as u64 <= bound);
        }
    }
}

/// A tier of more than one block, and one that is merged from two.
fn large() -> (Index, Vec<u8>) {
    let (mut index, mut files) = (Index::default(), Vec::new());
    for part in 0..2u64 {
        for number in 0..600 {
            let end = index.sequence_end();
            let parent = if number == 0 { Parent::None } else { Parent::Known(1 + number * 31 % (end - 1)) };
            let title = (parent == Parent::None).then_some("large");
            assert!(index.insert_row(&event(end, parent, false), title));
            let chunk =
                ChunkPlace { place: place(number), start: 0, raw_bytes: 9, is_list: false, temporary: false };
            index.insert_chunk(ChunkId::new(id(part * 1000 + number)), chunk);
        }
        spill(&mut index);
    }
    if let [old, new] = index.tiers() {
        let file = file();
        write_merged(file.as_ref(), 2, old, new, &AtomicBool::new(false)).unwrap();
        files = vec![0; file.len().unwrap() as usize];
        file.read_exact_at(&mut files, 0).unwrap();
    }
    (index, files)
}

#[test]
fn a_flipped_byte_is_found_and_never_answered_with() {
    let (index, bytes) = large();
    assert!(bytes.len() > 3 * 65_536, "{}", bytes.len());
    let before = answers_of_large(&index);
    for at in (0..bytes.len()).step_by(977).chain([0, 100, 4095, 4096, bytes.len() - 1]) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        let vfs = MemoryVfs::new(u64::MAX);
        let file = vfs.create_new(Path::new("/tier")).unwrap();
        file.write_all_at(&flipped, 0).unwrap();
        let Some(tier) = open(file.as_ref()) else { continue };
        let mut damaged = Index::default();
        damaged.put_tier(tier);
        let after = answers_of_large(&damaged);
        assert!(after == before || damaged.is_damaged(), "byte {at}");
    }
    for length in [0, 1, 4095, 4096, bytes.len() - 1] {
        let file = file();
        file.write_all_at(&bytes[..length], 0).unwrap();
        assert!(open(file.as_ref()).is_none(), "cut to {length} bytes");
    }
}

/// What is asked of both: all that does not depend on counts.
fn answers_of_large(index: &Index) -> Vec<String> {
    let mut answers = Vec::new();
    for sequence in 1..1201u64 {
        let found = index.find(&EventId::new(id(sequence))).map(|row| (row.sequence, row.place, row.parent));
        let children = (index.first_child(sequence, u64::MAX), index.next_sibling(sequence, u64::MAX));
        let chunk = index.chunk(&ChunkId::new(id(sequence)));
        let likely = index.likely_place(&EventId::new(id(sequence)));
        answers.push(format!("{found:?} {children:?} {chunk:?} {likely:?}"));
    }
    answers.push(format!("{:?}", index.next_title(None, u64::MAX)));
    answers
}
