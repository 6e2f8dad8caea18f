//! SHA-512 with domains: an event, a chunk and a chunk list of the same bytes have different ids.
//!
//! The id of some bytes is the SHA-512 of them followed by one byte, the domain. Behind and not before them,
//! so that whole blocks are hashed straight from where the bytes are; and two messages of different domains
//! differ in their last byte.
//!
//! Whoever has several to hash passes them together: `lanes` hashes four in less time than two.

mod lanes;
#[cfg(test)]
mod lanes_tests;
#[cfg(test)]
mod nist_tests;

use lanes::Message;

use crate::id::{ChunkId, EventId, ID_BYTES};

/// What some bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Domain {
    Event = 1,
    Chunk = 2,
    List = 3,
}

impl Domain {
    fn message(self, bytes: &[u8]) -> Message<'_> {
        Message { bytes, suffix: self as u8 }
    }
}

/// The id of an event with this encoding.
pub(crate) fn event_id(encoding: &[u8]) -> EventId {
    EventId::new(lanes::digest(&Domain::Event.message(encoding)))
}

/// The id of a chunk of a file.
#[cfg(test)]
pub(crate) fn chunk_id(bytes: &[u8]) -> ChunkId {
    ChunkId::new(lanes::digest(&Domain::Chunk.message(bytes)))
}

/// The id of an encoded list of chunks.
pub(crate) fn list_id(encoding: &[u8]) -> ChunkId {
    ChunkId::new(lanes::digest(&Domain::List.message(encoding)))
}

/// The bytes of the ids of all these, in their order.
pub(crate) fn ids<'a>(all: impl Iterator<Item = (Domain, &'a [u8])>) -> Vec<[u8; ID_BYTES]> {
    let messages: Vec<Message<'_>> = all.map(|(domain, bytes)| domain.message(bytes)).collect();
    lanes::digests(&messages)
}

/// The ids of events with these encodings.
pub(crate) fn event_ids<'a>(encodings: impl Iterator<Item = &'a [u8]>) -> Vec<EventId> {
    ids(encodings.map(|bytes| (Domain::Event, bytes))).into_iter().map(EventId::new).collect()
}

/// The ids of chunks of a file.
pub(crate) fn chunk_ids<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<ChunkId> {
    ids(chunks.map(|bytes| (Domain::Chunk, bytes))).into_iter().map(ChunkId::new).collect()
}

#[cfg(test)]
mod tests {
    use super::{Domain, chunk_id, chunk_ids, event_id, event_ids, ids, list_id};

    #[test]
    fn ids_of_many_are_those_of_each() {
        let texts: Vec<Vec<u8>> = (0..50).map(|i| vec![i; 7 * usize::from(i)]).collect();
        let all = || texts.iter().map(Vec::as_slice);
        assert_eq!(event_ids(all()), all().map(event_id).collect::<Vec<_>>());
        assert_eq!(chunk_ids(all()), all().map(chunk_id).collect::<Vec<_>>());
        let domains = [Domain::List, Domain::Chunk, Domain::Event];
        let mixed = ids(all().zip(domains.into_iter().cycle()).map(|(bytes, domain)| (domain, bytes)));
        for ((bytes, domain), id) in all().zip(domains.into_iter().cycle()).zip(mixed) {
            let alone = match domain {
                Domain::Event => *event_id(bytes).as_bytes(),
                Domain::Chunk => *chunk_id(bytes).as_bytes(),
                Domain::List => *list_id(bytes).as_bytes(),
            };
            assert_eq!(id, alone);
        }
    }
}
