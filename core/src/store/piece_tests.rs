//! Reading in pieces gives what reading from front to back does, whatever is damaged, and whatever a body looks like.

use std::path::Path;
use std::sync::Arc;

use parking_lot::RwLock;

use super::pieces::{Stretch, TiersSoFar};
use super::{PreparedEvent, Store};
use crate::event::{EventFields, EventKind};
use crate::index::items_of;
use crate::log::{
    Codec, Entry, Header, Prepared, RecordKind, SEGMENT_HEADER_BYTES, Scan, ScanEnd, Segment, Window,
    body_check, padded, scan_segment,
};
use crate::options::{Durability, Options};
use crate::vfs::MemoryVfs;

const FROM: u64 = SEGMENT_HEADER_BYTES as u64;

/// What was read: each thing that goes into the index, the bytes of each record, and how it ended.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    items: Vec<String>,
    records: Vec<u32>,
    end: String,
}

fn end_of(end: &ScanEnd) -> String {
    format!("{end:?}")
}

fn from_front_to_back(segment: &Segment, readable: u64, durable_end: u64) -> Read {
    let file = segment.file().unwrap();
    let mut window = Window::new(file.as_ref(), readable);
    let (mut items, mut records) = (Vec::new(), Vec::new());
    let mut visit = |scanned: crate::log::Scanned<'_>| {
        items_of(1, &scanned, |item| items.push(format!("{item:?}")));
        records.push(scanned.header.record_bytes() as u32);
        Ok(())
    };
    let (from, seed) = (FROM.min(readable), segment.seed());
    let end = scan_segment(&mut window, seed, 1, from, durable_end, Scan::Needed, &mut visit).unwrap();
    Read { items, records, end: end_of(&end) }
}

fn in_pieces(segment: &Segment, readable: u64, durable_end: u64, piece_bytes: u64, beside: bool) -> Read {
    let tiers: TiersSoFar = RwLock::new(Arc::new([]));
    let file = segment.file().unwrap();
    let stretch = Stretch::new(segment, file, FROM.min(readable)..readable, durable_end);
    let stretch = Stretch { piece_bytes, ..stretch };
    let (mut all, mut records) = (Vec::new(), Vec::new());
    let end = stretch.read(&tiers, beside, &mut |read, items| {
        assert_eq!(read.iter().map(|record| record.1 as usize).sum::<usize>(), items.len());
        all.extend(items.iter().map(|item| format!("{item:?}")));
        records.extend(read.iter().map(|record| record.0));
        Ok(())
    });
    Read { items: all, records, end: end_of(&end.unwrap()) }
}

/// Events of some lengths, chunks, and an event that carries a record which is right for where it stands.
fn store() -> Store {
    let vfs = Arc::new(MemoryVfs::new(u64::MAX));
    let store = Store::open(vfs, Path::new("/store"), Options::new()).unwrap();
    let event = |number: u64, metadata: Vec<u8>| {
        let title = Some(number.to_string());
        PreparedEvent::new(EventFields {
            title,
            metadata: Some(metadata),
            ..EventFields::derived(EventKind::Root)
        })
    };
    let put = |chunks, events| store.commit(chunks, events, Durability::Buffered).unwrap();
    for number in 0..40u64 {
        let chunk = |at: u8| {
            let bytes = vec![at; 50 + number as usize];
            let mut id = [at; 64];
            id[..8].copy_from_slice(&number.to_le_bytes());
            Prepared::new(RecordKind::Chunks, at == 1, id, bytes.len(), Codec::Raw, bytes)
        };
        let chunks = if number % 5 == 0 { vec![chunk(1), chunk(2)] } else { Vec::new() };
        put(chunks, vec![event(number, vec![7; (number * number * 3) as usize])]);
        if number % 10 == 0 {
            // Where the record begins, its header has 108 bytes; where a body lies as records do, one may be in it.
            let segment = store.segments().remove(0);
            let mut metadata = Vec::new();
            for at in 0..400u64 {
                let body = vec![9; 16];
                let entry = Entry { id: [at as u8; 64], raw_bytes: 16 };
                let header = Header {
                    kind: RecordKind::Chunks,
                    codec: Codec::Raw,
                    temporary: false,
                    stored_bytes: 16,
                    raw_bytes: 16,
                    sequence: 0,
                    parent: 0,
                    body_check: body_check(&body),
                    entries: entry.into(),
                };
                // Of all places one fits: the body begins 108 bytes behind, and the metadata some more.
                let before = 108 + 27 + 2 + (1000 + number).to_string().len() as u64 + 1 + 3;
                let wanted = padded(before);
                if at == 0 {
                    metadata.resize((wanted - before) as usize, 0);
                }
                let place = segment.end() + before + metadata.len() as u64;
                header.encode(segment.seed(), place, &mut metadata);
                metadata.extend_from_slice(&body);
                let next = padded(before + metadata.len() as u64) - before;
                metadata.resize(next as usize, 0);
            }
            put(Vec::new(), vec![event(1000 + number, metadata)]);
        }
    }
    store
}

#[test]
fn pieces_give_what_reading_from_front_to_back_does() {
    let store = store();
    let segment = store.segments().remove(0);
    let (end, file) = (segment.end(), segment.file().unwrap());
    let mut state = 88_172_645_463_325_252u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut found_in_a_body = false;
    for round in 0..24 {
        let (at, length) = (FROM + random(end - FROM - 600), 1 + random(500));
        let mut before = vec![0; length as usize];
        file.read_exact_at(&mut before, at).unwrap();
        if round > 0 {
            file.write_all_at(&vec![0xa5; length as usize], at).unwrap();
        }
        let readable = if round % 7 == 3 { end - random(end / 2) } else { end };
        let expected = from_front_to_back(&segment, readable, end);
        found_in_a_body |= expected.records.len() > 150;
        for piece_bytes in [104, 1000, 4096, 30_000, 1 << 30] {
            for beside in [false, true] {
                let read = in_pieces(&segment, readable, end, piece_bytes, beside);
                assert_eq!(read, expected, "round {round}, pieces of {piece_bytes}, beside {beside}");
            }
        }
        file.write_all_at(&before, at).unwrap();
    }
    assert!(found_in_a_body, "no body looked like records");
}
