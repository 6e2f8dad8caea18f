//! SHA-512 with domains: an event, a chunk and a chunk list of the same bytes have different ids.
//!
//! The id of some bytes is the SHA-512 of them followed by one byte, the domain. Behind and not before them,
//! so that whole blocks are hashed straight from where the bytes are; and two messages of different domains
//! differ in their last byte.

use sha2::{Digest, Sha512};

use crate::id::{ChunkId, EventId, ID_BYTES};

const DOMAIN_EVENT: u8 = 1;
const DOMAIN_CHUNK: u8 = 2;
const DOMAIN_LIST: u8 = 3;

fn digest(bytes: &[u8], domain: u8) -> [u8; ID_BYTES] {
    let mut hasher = Sha512::new();
    hasher.update(bytes);
    hasher.update([domain]);
    hasher.finalize().into()
}

/// The id of an event with this encoding.
pub(crate) fn event_id(encoding: &[u8]) -> EventId {
    EventId::new(digest(encoding, DOMAIN_EVENT))
}

/// The id of a chunk of a file.
pub(crate) fn chunk_id(bytes: &[u8]) -> ChunkId {
    ChunkId::new(digest(bytes, DOMAIN_CHUNK))
}

/// The id of an encoded list of chunks.
pub(crate) fn list_id(encoding: &[u8]) -> ChunkId {
    ChunkId::new(digest(encoding, DOMAIN_LIST))
}
