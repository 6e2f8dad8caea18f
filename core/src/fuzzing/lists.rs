//! What says which store a folder is, and what lies in it: the superblock, the header of a segment, the list of tiers, that of folders.

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::input::Input;
use crate::index::{Checkpoint, Counts, CoveredSegment, ListedTier, Position};
use crate::log::{
    Damage, PathList, SEGMENT_HEADER_BYTES, SUPERBLOCK_BYTES, SegmentHeader, Superblock, Tally,
};

const STORE_ID: [u8; 16] = [6; 16];
const CHECKED_OF_SUPERBLOCK: usize = 88;

/// What is decoded encodes to the same, and nothing is taken whose checksum does not match.
pub fn lists(data: &[u8]) {
    let mut input = Input::new(data);
    match input.u8() % 8 {
        0 => a_superblock(input.rest()),
        1 => a_superblock(&forged_superblock(&mut input)),
        2 => a_segment_header(input.rest(), 7),
        3 => a_segment_header(&forged_segment_header(input.rest()), 7),
        4 => a_checkpoint(input.rest()),
        5 => a_checkpoint(&with_check(input.rest())),
        6 => a_path_list(input.rest()),
        _ => a_path_list(&with_check(input.rest())),
    }
}

fn with_check(bytes: &[u8]) -> Vec<u8> {
    [bytes, &xxh3_64(bytes).to_le_bytes()].concat()
}

/// Two slots, each of them whole or not.
fn forged_superblock(input: &mut Input<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    for _ in 0..2 {
        let whole = input.u8();
        let mut slot = Superblock::new(STORE_ID, [0; 16]).encode();
        slot.truncate(SUPERBLOCK_BYTES / 2);
        // Behind the magic everything is as the input says, most of the version but for one in eight.
        let fields = input.array::<{ CHECKED_OF_SUPERBLOCK - 16 }>();
        slot[16..CHECKED_OF_SUPERBLOCK].copy_from_slice(&fields);
        if !whole.is_multiple_of(8) {
            slot[16..20].copy_from_slice(&1u32.to_le_bytes());
        }
        if !whole.is_multiple_of(3) {
            let check = xxh3_64(&slot[..CHECKED_OF_SUPERBLOCK]);
            slot[CHECKED_OF_SUPERBLOCK..CHECKED_OF_SUPERBLOCK + 8].copy_from_slice(&check.to_le_bytes());
        }
        file.extend_from_slice(&slot);
    }
    file
}

fn a_path_list(bytes: &[u8]) {
    let Ok(mut found) = PathList::decode(bytes, STORE_ID) else { return };
    assert_eq!(found.encode(STORE_ID), bytes, "it encodes to something else");
    for segment in [0, 1, found.last, found.last.saturating_add(1)] {
        assert!(found.path_of(segment).is_none_or(|path| path < found.paths.len()));
    }
    let next = found.last + 1;
    if found.begin(next, found.last_sequence, found.own) {
        assert_eq!(found.path_of(next), Some(found.own));
    }
}

fn a_superblock(bytes: &[u8]) {
    let Ok(found) = Superblock::decode(bytes) else { return };
    assert_eq!(found.incompat, 0, "a feature that nobody knows");
    assert_eq!(Superblock::decode(&found.encode()).as_ref(), Ok(&found), "it encodes to something else");
    let whole = |slot: &[u8]| {
        let check = slot.get(CHECKED_OF_SUPERBLOCK..CHECKED_OF_SUPERBLOCK + 8);
        check.is_some_and(|check| check == xxh3_64(&slot[..CHECKED_OF_SUPERBLOCK]).to_le_bytes())
    };
    let slots = bytes.chunks(SUPERBLOCK_BYTES / 2).take(2);
    let generations = slots.filter(|slot| whole(slot)).map(|slot| {
        let bytes = slot[CHECKED_OF_SUPERBLOCK - 8..CHECKED_OF_SUPERBLOCK].first_chunk();
        bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
    });
    // A slot that is whole and has another magic, or a version before the first, does not count.
    assert!(
        generations.into_iter().any(|generation| generation == found.generation),
        "of no slot that is whole"
    );
}

fn forged_segment_header(bytes: &[u8]) -> Vec<u8> {
    let mut input = Input::new(bytes);
    let mut header = SegmentHeader {
        number: 7,
        store_id: STORE_ID,
        previous_end: 0,
        sequence_start: 0,
        previous_footer: false,
    }
    .encode();
    header[32..56].copy_from_slice(&input.array::<24>());
    let check = xxh3_64_with_seed(&header[..56], 7);
    header[56..].copy_from_slice(&check.to_le_bytes());
    header
}

fn a_segment_header(bytes: &[u8], number: u64) {
    let Some(header) = SegmentHeader::decode(bytes, number, STORE_ID) else { return };
    assert_eq!((header.number, header.store_id), (number, STORE_ID));
    let again = header.encode();
    assert_eq!(again.len(), SEGMENT_HEADER_BYTES);
    assert_eq!(again[..48], bytes[..48], "it encodes to something else");
    assert_eq!(SegmentHeader::decode(&again, number, STORE_ID), Some(header));
    assert_eq!(SegmentHeader::decode(bytes, number + 1, STORE_ID), None, "it is two segments");
}

fn a_checkpoint(bytes: &[u8]) {
    let store_id = bytes.get(8..24).and_then(|id| id.first_chunk()).copied().unwrap_or(STORE_ID);
    let Ok(found) = Checkpoint::decode(bytes, store_id) else { return };
    assert_eq!(found.encode(store_id), bytes, "a list of tiers has two forms");
    assert!(Checkpoint::decode(bytes, [!store_id[0]; 16]).is_err(), "it is of two stores");
    for covered in &found.position.segments {
        assert_eq!(found.position.covered(covered.number), Some(covered));
    }
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let segments = vec![
        CoveredSegment { number: 1, end: 500, file_bytes: 600 },
        CoveredSegment { number: 2, end: 90, file_bytes: 90 },
    ];
    let checkpoint = Checkpoint {
        position: Position {
            segment: 2,
            end: 90,
            commit_offset: 4,
            commit_check: 77,
            clock: 8,
            tally: Some(Tally { records: 5, commits: 2, events: 3, ..Tally::default() }),
            segments,
        },
        sequence_end: 12,
        counts: Counts { events: 3, roots: 1, content_bytes: 70, chunks: 2, chunk_bytes: 60 },
        tiers: vec![ListedTier { number: 4, check: 99 }, ListedTier { number: 7, check: 98 }],
        damage: [
            Damage { segment: 1, offset: 64, length: 100 },
            Damage { segment: 1, offset: 300, length: 8 },
        ]
        .into(),
    }
    .encode(STORE_ID);
    let superblock = Superblock::new(STORE_ID, [9; 16]).encode();
    let fields = &superblock[16..CHECKED_OF_SUPERBLOCK];
    let mut header = SegmentHeader {
        number: 7,
        store_id: STORE_ID,
        previous_end: 999,
        sequence_start: 5,
        previous_footer: false,
    }
    .encode();
    vec![
        [&[0][..], &superblock].concat(),
        [&[1, 1][..], fields, &[2], fields].concat(),
        [&[2][..], &header].concat(),
        [&[3][..], &header.split_off(32)[..24]].concat(),
        [&[4][..], &checkpoint].concat(),
        [&[5][..], &checkpoint[..checkpoint.len() - 8]].concat(),
    ]
}
