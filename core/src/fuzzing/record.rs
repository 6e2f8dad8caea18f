//! Records: one by itself, and a segment full of them.

use super::input::Input;
use super::segment;
use crate::log::{Codec, Entry, Header, Prepared, RECORD_BYTES_MAX, RECORD_HEADER_BYTES, RecordKind, Seed};
use crate::log::{body_check, decode_body};

/// A header has one form, and a body that is given out is as long as its header says. A segment is walked to the same
/// end, whatever it holds.
pub fn record(data: &[u8]) {
    let mut input = Input::new(data);
    match input.u8() % 4 {
        0 => a_header(input.rest(), &seed(), 64),
        1 => a_record(input.rest()),
        _ => segment::segment(&mut input),
    }
}

pub(super) fn seed() -> Seed {
    Seed::new([3; 16], 4)
}

fn a_header(bytes: &[u8], seed: &Seed, offset: u64) {
    let peeked = bytes.get(..RECORD_HEADER_BYTES).and_then(Header::peek);
    let Some(header) = Header::decode(bytes, seed, offset) else { return };
    assert_eq!(peeked, Some(bytes.len()), "what is taken whole is refused at its beginning");
    let mut again = Vec::new();
    header.encode(seed, offset, &mut again);
    assert_eq!(again, bytes, "a header has two forms");
    assert!(header.record_bytes() <= RECORD_BYTES_MAX as u64 && header.record_bytes().is_multiple_of(8));
}

/// A record whose checksums are right, whatever else it says.
fn a_record(bytes: &[u8]) {
    let Some(mut header) = parse(bytes) else { return };
    let body = &bytes[header.header_bytes()..];
    let stored = &body[..body.len().min(header.stored_bytes as usize)];
    header.body_check = body_check(stored);
    let mut encoded = Vec::new();
    header.encode(&seed(), 64, &mut encoded);
    a_header(&encoded, &seed(), 64);
    if Header::decode(&encoded, &seed(), 64).is_none() {
        return;
    }
    match decode_body(&header, stored) {
        Ok(raw) => {
            assert_eq!(raw.len(), header.raw_bytes as usize, "a body of another length");
            assert_eq!(stored.len(), header.stored_bytes as usize, "a body that was cut");
        }
        Err(_) => assert!(stored.len() < header.stored_bytes as usize || header.codec == Codec::Zstd),
    }
    let other = Header { body_check: !header.body_check, ..header };
    assert!(decode_body(&other, stored).is_err(), "a body that its checksum does not match");
}

/// The header that begins these bytes, but for its checksum.
pub(super) fn parse(bytes: &[u8]) -> Option<Header> {
    let length = Header::peek(bytes.get(..RECORD_HEADER_BYTES)?)?;
    let mut input = Input::new(bytes.get(..length)?);
    input.array::<8>();
    let kind = match input.u8() {
        1 => RecordKind::Event,
        2 => RecordKind::Chunks,
        3 => RecordKind::Lists,
        _ => RecordKind::Commit,
    };
    let codec = if input.u8() == 0 { Codec::Raw } else { Codec::Zstd };
    let count = input.u16();
    let flags = u32::from_le_bytes(input.array());
    let (stored_bytes, raw_bytes) = (u32::from_le_bytes(input.array()), u32::from_le_bytes(input.array()));
    let (sequence, body_check) = (input.u64(), input.u64());
    let entries =
        (0..count).map(|_| Entry { id: input.array(), raw_bytes: u32::from_le_bytes(input.array()) });
    let entries = entries.collect::<Vec<_>>().into();
    let (temporary, parent) = (flags & 1 != 0, if flags & 2 == 0 { 0 } else { input.u64() });
    // No parent is another form, one byte of flags away.
    let told = flags & 2 == 0 || parent != 0;
    let header =
        Header { kind, codec, temporary, stored_bytes, raw_bytes, sequence, parent, body_check, entries };
    told.then_some(header)
}

/// Records as a writer makes them: an event, a chunk that is compressed, and one that is not.
pub(super) fn records() -> Vec<(Header, Vec<u8>)> {
    let text = b"the same words, the same words, the same words, the same words".repeat(4);
    let packed = zstd::bulk::compress(&text, 3).unwrap_or_default();
    let event = b"an event in its encoding".to_vec();
    let mut made = Prepared::new(RecordKind::Event, false, [5; 64], event.len(), Codec::Raw, event.clone());
    made.set_sequence(2, 1);
    let chunk = Prepared::new(RecordKind::Chunks, false, [6; 64], text.len(), Codec::Zstd, packed.clone());
    let raw = Prepared::new(RecordKind::Chunks, true, [7; 64], text.len(), Codec::Raw, text.clone());
    let header = |record: &Prepared| record.header().clone();
    vec![(header(&chunk), packed), (header(&made), event), (header(&raw), text)]
}

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (mode, (header, body)) in [1, 0, 1].into_iter().zip(records()) {
        let mut bytes = vec![mode];
        header.encode(&seed(), 64, &mut bytes);
        if mode == 1 {
            bytes.extend_from_slice(&body);
        }
        seeds.push(bytes);
    }
    seeds.extend(segment::seeds());
    seeds
}
