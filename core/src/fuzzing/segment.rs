//! A segment of records whose checksums are right but for some, walked as recovery, rebuilding and verify do.

use std::path::Path;

use xxhash_rust::xxh3::Xxh3;

use super::input::Input;
use super::record::{parse, records, seed};
use crate::log::{
    Commit, Header, RecordKind, SEGMENT_HEADER_BYTES, Scan, ScanEnd, Window, body_check, last_commit_before,
    padded, proven_end, scan_segment,
};
use crate::vfs::{MemoryVfs, Vfs, VfsFile};

const START: u64 = SEGMENT_HEADER_BYTES as u64;
/// What is longer takes the time of many inputs, and shows nothing more.
const BYTES_MAX: usize = 64 * 1024;

pub(super) fn segment(input: &mut Input<'_>) {
    let (broken, vouched, cut) = (input.u64(), input.u8(), input.u16());
    let rest = std::mem::replace(input, Input::new(&[])).rest();
    let bytes = forge(&rest[..rest.len().min(BYTES_MAX)], broken);
    let file = file_of(&bytes);
    let end = bytes.len() as u64;
    let proven = proven_end(file.as_ref(), end, &seed(), START).unwrap_or_else(|error| {
        unreachable!("memory is readable: {error:?}");
    });
    assert!((START..=end.max(START)).contains(&proven.end), "more is proven than there is");
    // As nothing is known, and as a commit record or the next segment vouches for some of it.
    let vouched = (START + u64::from(vouched) * 8).min(end).max(proven.end);
    for durable_end in [START, vouched] {
        let needed = walk(file.as_ref(), end, durable_end, Scan::Needed);
        let all = walk(file.as_ref(), end, durable_end, Scan::All);
        // Only bodies that do not unpack are seen by one and not by the other, and end the torn tail earlier.
        let offsets = |walk: &Walk| walk.records.iter().map(|record| record.0).collect::<Vec<_>>();
        let (needed_offsets, all_offsets) = (offsets(&needed), offsets(&all));
        assert!(needed_offsets.starts_with(&all_offsets), "{needed_offsets:?} and {all_offsets:?}");
        if durable_end == START {
            is_a_prefix(&bytes, &needed, cut);
        }
    }
}

/// What a walk has visited: the offset of each record and where it ends.
struct Walk {
    records: Vec<(u64, u64)>,
    end: ScanEnd,
}

fn walk(file: &dyn VfsFile, end: u64, durable_end: u64, scan: Scan) -> Walk {
    let mut records: Vec<(u64, u64)> = Vec::new();
    let mut window = Window::new(file, end);
    let mut visit = |scanned: crate::log::Scanned<'_>| {
        let (from, to) = (scanned.offset, scanned.offset + scanned.header.record_bytes());
        assert!(records.last().is_none_or(|last| last.1 <= from) && to <= end, "records lie over each other");
        if let Some(body) = &scanned.body {
            assert_eq!(body.len(), scanned.header.raw_bytes as usize, "a body of another length");
        }
        assert!(scanned.header.kind != RecordKind::Commit, "a commit record is given out");
        records.push((from, to));
        Ok(())
    };
    let found = scan_segment(&mut window, &seed(), 4, START, durable_end, scan, &mut visit)
        .unwrap_or_else(|error| unreachable!("memory is readable: {error:?}"));
    assert!(found.end <= end.max(durable_end), "it ends behind the end");
    let counts = |record: &(u64, u64)| record.1 <= found.end;
    assert!(durable_end > START || records.iter().all(counts), "more is visible than counts");
    assert!(found.damage.is_empty() || durable_end > START, "what nobody vouched for is called damage");
    assert!(found.damage.is_sorted() && found.damage.iter().all(|damage| damage.offset < durable_end));
    assert!(found.durable_sequence_end <= found.sequence_end);
    Walk { records, end: found }
}

/// A segment that was cut shows a part of what the whole one does, from the front, in whole batches; and where
/// something is visible, a commit record ends it.
fn is_a_prefix(bytes: &[u8], whole: &Walk, cut: u16) {
    let seed = seed();
    let cut = START + u64::from(cut) % (bytes.len() as u64 - START + 1);
    let file = file_of(&bytes[..cut as usize]);
    let part = walk(file.as_ref(), cut, START, Scan::Needed);
    assert!(whole.records.starts_with(&part.records), "cut at {cut}, other records are visible");
    assert!(part.end.end <= whole.end.end);
    for (file, walk) in [(file_of(bytes), whole), (file, &part)] {
        if walk.end.end > START {
            let mut window = Window::new(file.as_ref(), walk.end.end);
            let last = last_commit_before(&mut window, &seed, walk.end.end);
            assert!(
                last.is_ok_and(|(_, check)| Some(check) == walk.end.last_commit),
                "no commit record ends it"
            );
        }
    }
}

fn file_of(bytes: &[u8]) -> std::sync::Arc<dyn VfsFile> {
    let file = MemoryVfs::new(u64::MAX).create_new(Path::new("/segment"));
    let file = file.unwrap_or_else(|error| unreachable!("memory takes a file: {error}"));
    file.write_all_at(bytes, 0).unwrap_or_else(|error| unreachable!("memory takes bytes: {error}"));
    file
}

/// Puts the right checksums into what looks like records. Each bit of `broken` leaves the checksums of one record as they
/// are.
fn forge(bytes: &[u8], broken: u64) -> Vec<u8> {
    let mut out = vec![0; START as usize];
    out.extend_from_slice(bytes);
    let (mut at, mut number) = (START as usize, 0u32);
    let (mut batch_start, mut records, mut headers) = (at, 0u32, Xxh3::new());
    while let Some(rest) = out.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(mut header) = parse(rest) else {
            at += 8;
            continue;
        };
        let broken = broken >> (number % 64) & 1 == 1;
        number += 1;
        let (body, end) = (at + header.header_bytes(), at + header.record_bytes() as usize);
        if end > out.len() {
            break;
        }
        let stored = body..body + header.stored_bytes as usize;
        if header.kind == RecordKind::Commit && !broken {
            let commit = Commit::decode(&out[stored.clone()]).map(|commit| Commit {
                batch_start: batch_start as u64,
                records,
                headers_check: headers.digest(),
                ..commit
            });
            let commit = commit.unwrap_or_else(|error| unreachable!("it is long enough: {error:?}"));
            out[stored.clone()].copy_from_slice(&commit.encode());
        }
        if !broken {
            header.body_check = body_check(&out[stored]);
        }
        put(&mut out, at, &header, broken);
        if header.kind == RecordKind::Commit {
            (batch_start, records, headers) = (end, 0, Xxh3::new());
        } else {
            records += 1;
            headers.update(&out[at..body]);
        }
        at = end;
    }
    out
}

fn put(out: &mut [u8], at: usize, header: &Header, broken: bool) {
    let mut encoded = Vec::new();
    header.encode(&seed(), at as u64, &mut encoded);
    if !broken {
        out[at..at + encoded.len()].copy_from_slice(&encoded);
    }
}

/// Two batches, and records without an end.
pub(super) fn seeds() -> Vec<Vec<u8>> {
    let commit = Commit {
        batch_start: 0,
        records: 0,
        sequence_start: 1,
        sequence_end: 2,
        clock: 3,
        synced_to: 0,
        headers_check: 0,
        previous_check: 0,
    };
    let mut log = Vec::new();
    let mut put = |header: &Header, body: &[u8]| {
        header.encode(&seed(), 0, &mut log);
        log.extend_from_slice(body);
        log.resize(padded(log.len() as u64) as usize, 0);
    };
    for synced_to in [0, 400, 0] {
        records().iter().for_each(|(header, body)| put(header, body));
        let body = Commit { synced_to, ..commit }.encode();
        let header = Header {
            kind: RecordKind::Commit,
            stored_bytes: body.len() as u32,
            raw_bytes: body.len() as u32,
            sequence: 0,
            entries: crate::log::Entries::NONE,
            ..records().swap_remove(1).0
        };
        put(&header, &body);
    }
    let with = |broken: u64, vouched: u8, cut: u16, log: &[u8]| {
        let mut seed = vec![2];
        seed.extend_from_slice(&broken.to_le_bytes());
        seed.push(vouched);
        seed.extend_from_slice(&cut.to_le_bytes());
        seed.extend_from_slice(log);
        seed
    };
    let short = log.len() - 120;
    vec![with(0, 0, 300, &log), with(0b100, 255, 900, &log), with(0b1_0000, 60, 77, &log[..short])]
}
