//! What becomes of chunks that are committed together, and of those that somebody else has committed meanwhile.

use std::path::Path;
use std::sync::Arc;

use super::Store;
use crate::hash;
use crate::id::ChunkId;
use crate::log::{
    Codec, Frame, Prepared, RecordKind, SEGMENT_HEADER_BYTES, Scan, Scanned, Window, raw_chunk, scan_segment,
};
use crate::options::{Durability, Options};
use crate::vfs::MemoryVfs;

/// Text that shrinks, of a length of its own.
fn chunk(number: usize) -> Vec<u8> {
    format!("line {number} of many that are alike\n").repeat(100 + number).into_bytes()
}

fn id(number: usize) -> ChunkId {
    hash::chunk_ids([&chunk(number)[..]].into_iter())[0]
}

fn store() -> Store {
    Store::open(Arc::new(MemoryVfs::new(u64::MAX)), Path::new("/store"), Options::new()).unwrap()
}

fn pack(store: &Store, numbers: &[usize], temporary: bool) -> Vec<Prepared> {
    let mut frame = Frame::default();
    numbers.iter().for_each(|number| frame.push(&id(*number), &chunk(*number)));
    store.packers().pack(&frame, temporary).unwrap()
}

fn commit(store: &Store, frames: &[(&[usize], bool)]) {
    let records = frames.iter().flat_map(|(numbers, temporary)| pack(store, numbers, *temporary)).collect();
    store.commit(records, Vec::new(), Durability::Buffered).unwrap();
}

/// How many entries of records name chunks, whether they are temporary, and by how many records.
fn stored(store: &Store) -> (Vec<(ChunkId, bool)>, usize) {
    let (mut entries, mut records) = (Vec::new(), 0);
    let segment = store.segment(1).unwrap();
    let file = segment.file().unwrap();
    let (mut window, end) = (Window::new(file.as_ref(), segment.end()), segment.end());
    let mut visit = |scanned: Scanned<'_>| {
        let of_chunks = scanned.header.kind == RecordKind::Chunks;
        records += usize::from(of_chunks);
        let header = scanned.header;
        entries.extend(header.entries.iter().map(|entry| (ChunkId::new(entry.id), header.temporary)));
        Ok(())
    };
    let from = SEGMENT_HEADER_BYTES as u64;
    scan_segment(&mut window, segment.seed(), 1, from, end, Scan::Needed, &mut visit).unwrap();
    (entries, records)
}

fn check(store: &Store, numbers: impl IntoIterator<Item = usize>) {
    for number in numbers {
        let mut read = vec![0; chunk(number).len()];
        store.read_chunk(&id(number), &mut read).unwrap();
        assert!(read == chunk(number), "{number}");
        let found = store.locate_chunk(&id(number), read.len() as u64).unwrap();
        let frame = store.frame(&id(number), &found, false).unwrap();
        // Also while the frame is kept: a list that lies made whoever read a whole file read nothing for ever.
        assert!(store.frame(&id(number + 100), &found, false).is_err());
        assert_eq!(frame.chunk(&id(number), &found), Some(&read[..]));
    }
}

/// The first chunk of a frame was taken for one that is stored alone: each frame was decompressed twice.
#[test]
fn what_is_in_a_frame_is_not_alone() {
    let store = store();
    commit(&store, &[(&[1, 2, 3], false), (&[4], false)]);
    let raw: Vec<u8> = (0..9000u64).map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
    let raw_id = hash::chunk_ids([&raw[..]].into_iter())[0];
    store.commit(vec![raw_chunk(&raw_id, &raw, false)], Vec::new(), Durability::Buffered).unwrap();
    let alone =
        |id: &ChunkId, bytes: &[u8]| Store::is_alone(&store.locate_chunk(id, bytes.len() as u64).unwrap());
    assert_eq!([1, 2, 3, 4].map(|number| alone(&id(number), &chunk(number))), [false; 4]);
    assert!(alone(&raw_id, &raw));
}

/// Two callers stored files that had some chunks in common, and both had framed those with others.
#[test]
fn of_a_frame_only_what_is_new_is_stored() {
    let store = store();
    commit(&store, &[(&[1, 2, 3], false)]);
    commit(&store, &[(&[2, 3, 4, 5], false), (&[1, 3], false)]);
    commit(&store, &[(&[5, 6], false), (&[6, 7], false)]);
    let (entries, records) = stored(&store);
    let expected: Vec<(ChunkId, bool)> = (1..=7).map(|number| (id(number), false)).collect();
    assert_eq!((entries, records), (expected, 4));
    check(&store, 1..=7);
}

#[test]
fn a_permanent_chunk_serves_temporary_ones_and_not_the_other_way() {
    let store = store();
    commit(&store, &[(&[1, 2], true), (&[2, 3], false)]);
    commit(&store, &[(&[1, 3, 4], true), (&[1], false)]);
    let (entries, _) = stored(&store);
    let expected = [(1, true), (2, false), (3, false), (4, true), (1, false)];
    assert_eq!(entries, expected.map(|(number, temporary)| (id(number), temporary)));
    check(&store, 1..=4);
}

#[test]
fn what_does_not_shrink_is_stored_as_it_is() {
    let store = store();
    let mut state = 7u64;
    let mut random = |bytes: usize| -> Vec<u8> {
        let step = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        };
        (0..bytes).map(step).collect()
    };
    // Long enough for a sample, and not.
    for bytes in [10_000, 1_000] {
        let mut frame = Frame::default();
        let chunks: Vec<Vec<u8>> = (0..8).map(|_| random(bytes)).collect();
        let ids = hash::chunk_ids(chunks.iter().map(Vec::as_slice));
        ids.iter().zip(&chunks).for_each(|(id, chunk)| frame.push(id, chunk));
        let records = store.packers().pack(&frame, false).unwrap();
        let named: Vec<_> =
            records.iter().map(|record| ChunkId::new(record.header().entries[0].id)).collect();
        assert_eq!(named, ids);
        assert!(records.iter().all(|record| record.header().codec == Codec::Raw));
    }
    let shrinks = pack(&store, &[1, 2, 3, 4, 5, 6, 7, 8], false);
    assert_eq!(
        shrinks
            .iter()
            .map(|record| (record.header().codec, record.header().entries.len()))
            .collect::<Vec<_>>(),
        [(Codec::Zstd, 8)]
    );
    assert!(store.packers().pack(&Frame::default(), false).unwrap().is_empty());
}

#[test]
fn a_frame_ends_where_the_format_says() {
    let mut frame = Frame::default();
    assert!(frame.has_room(65_536));
    frame.push(&id(1), &vec![0; 65_536]);
    assert!(frame.has_room(65_536) && !frame.has_room(65_537));
    let mut small = Frame::default();
    for number in 0..64 {
        assert!(small.has_room(200), "{number}");
        small.push(&id(number), &[0; 200]);
    }
    assert!(!small.has_room(200), "a record has 64 entries");
}
