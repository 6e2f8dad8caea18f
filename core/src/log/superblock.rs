//! The file that says what a folder is: a store, which one, and of which format.
//!
//! Two slots of 4 KiB hold the same fields; the valid one of the highest generation wins, so a torn write of
//! one slot leaves the other. The magic has bytes that a text-mode copy changes, as in PNG.

use xxhash_rust::xxh3::xxh3_64;

use crate::codec::Reader;
use crate::error::Result;

pub(crate) const SUPERBLOCK_NAME: &str = "superblock";
pub(crate) const STORE_ID_BYTES: usize = 16;

const MAGIC: &[u8; 16] = b"OuroborosDB\x1a\n\xa9\r\n";
const VERSION: u32 = 1;
const SLOT_BYTES: usize = 4096;
const SLOTS: usize = 2;
/// Bytes of the file.
pub(crate) const SUPERBLOCK_BYTES: usize = SLOTS * SLOT_BYTES;
/// The bytes that the checksum covers; it follows them.
const CHECKED_BYTES: usize = 88;
const _: () = assert!(CHECKED_BYTES + 8 <= SLOT_BYTES);

/// Feature bits that this version knows: none yet. An unknown bit among `compat` is ignored, among
/// `read_only_compat` it forbids writing, among `incompat` it forbids opening.
const READ_ONLY_COMPAT_KNOWN: u64 = 0;
const INCOMPAT_KNOWN: u64 = 0;

/// What a folder says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Superblock {
    pub(crate) store_id: [u8; STORE_ID_BYTES],
    /// Names this copy of the store in cursors and remotes.
    pub(crate) incarnation: [u8; STORE_ID_BYTES],
    pub(crate) generation: u64,
    pub(crate) compat: u64,
    pub(crate) read_only_compat: u64,
    pub(crate) incompat: u64,
}

/// Why a superblock is not one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SuperblockError {
    /// No slot begins with the magic.
    NotAStore,
    /// A slot has the magic, but a newer version or features that this version does not know.
    Newer,
    /// The slots have the magic, and none is whole.
    Damaged,
}

impl Superblock {
    pub(crate) fn new(store_id: [u8; STORE_ID_BYTES], incarnation: [u8; STORE_ID_BYTES]) -> Superblock {
        Superblock { store_id, incarnation, generation: 1, compat: 0, read_only_compat: 0, incompat: 0 }
    }

    /// Whether this version may write to the store.
    pub(crate) fn writable(&self) -> bool {
        self.read_only_compat & !READ_ONLY_COMPAT_KNOWN == 0
    }

    /// The file's bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut slot = Vec::with_capacity(SLOT_BYTES);
        slot.extend_from_slice(MAGIC);
        slot.extend_from_slice(&VERSION.to_le_bytes());
        slot.extend_from_slice(&[0; 4]);
        for mask in [self.compat, self.read_only_compat, self.incompat] {
            slot.extend_from_slice(&mask.to_le_bytes());
        }
        slot.extend_from_slice(&self.store_id);
        slot.extend_from_slice(&self.incarnation);
        slot.extend_from_slice(&self.generation.to_le_bytes());
        debug_assert_eq!(slot.len(), CHECKED_BYTES);
        let check = xxh3_64(&slot);
        slot.extend_from_slice(&check.to_le_bytes());
        slot.resize(SLOT_BYTES, 0);
        slot.repeat(SLOTS)
    }

    /// The newest whole slot.
    pub(crate) fn decode(bytes: &[u8]) -> std::result::Result<Superblock, SuperblockError> {
        let mut best: Option<Superblock> = None;
        let mut error = SuperblockError::NotAStore;
        for slot in bytes.chunks(SLOT_BYTES).take(SLOTS) {
            match Self::decode_slot(slot) {
                Ok(found) if best.as_ref().is_none_or(|best| best.generation < found.generation) => {
                    best = Some(found);
                }
                Ok(_) => {}
                Err(SuperblockError::NotAStore) => {}
                Err(found) if error != SuperblockError::Newer => error = found,
                Err(_) => {}
            }
        }
        best.ok_or(error)
    }

    fn decode_slot(slot: &[u8]) -> std::result::Result<Superblock, SuperblockError> {
        if !slot.starts_with(MAGIC) {
            return Err(SuperblockError::NotAStore);
        }
        let fields = Self::read_fields(slot).map_err(|_| SuperblockError::Damaged)?;
        let (version, check, found) = fields;
        // The version is read before the checksum, whose place a newer version may have moved.
        if version > VERSION {
            return Err(SuperblockError::Newer);
        }
        if version != VERSION || slot.get(..CHECKED_BYTES).map(xxh3_64) != Some(check) {
            return Err(SuperblockError::Damaged);
        }
        if found.incompat & !INCOMPAT_KNOWN != 0 {
            return Err(SuperblockError::Newer);
        }
        Ok(found)
    }

    fn read_fields(slot: &[u8]) -> Result<(u32, u64, Superblock)> {
        let mut reader = Reader::new(slot);
        reader.bytes(MAGIC.len())?;
        let version = reader.u32()?;
        reader.u32()?;
        let (compat, read_only_compat, incompat) = (reader.u64()?, reader.u64()?, reader.u64()?);
        let (store_id, incarnation) = (reader.array()?, reader.array()?);
        let generation = reader.u64()?;
        let check = reader.u64()?;
        Ok((version, check, Superblock { store_id, incarnation, generation, compat, read_only_compat, incompat }))
    }
}

#[cfg(test)]
mod tests {
    use super::{CHECKED_BYTES, SLOT_BYTES, Superblock, SuperblockError};

    #[test]
    fn one_damaged_slot_is_survived_and_two_are_named() {
        let block = Superblock::new([1; 16], [2; 16]);
        let whole = block.encode();
        for at in 0..CHECKED_BYTES + 8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            assert_eq!(Superblock::decode(&bytes).as_ref(), Ok(&block), "byte {at}");
            bytes[SLOT_BYTES + at] ^= 0x10;
            assert!(Superblock::decode(&bytes).is_err(), "byte {at}");
        }
        assert_eq!(Superblock::decode(b""), Err(SuperblockError::NotAStore));
        assert_eq!(Superblock::decode(&whole[..50]), Err(SuperblockError::Damaged));
    }

    #[test]
    fn newer_versions_and_features_are_told_from_damage() {
        let mut block = Superblock::new([1; 16], [2; 16]);
        let mut bytes = block.encode();
        bytes[16] = 2;
        bytes[SLOT_BYTES + 16] = 2;
        assert_eq!(Superblock::decode(&bytes), Err(SuperblockError::Newer));
        block.incompat = 1;
        assert_eq!(Superblock::decode(&block.encode()), Err(SuperblockError::Newer));
        block.incompat = 0;
        block.read_only_compat = 1;
        assert!(!Superblock::decode(&block.encode()).unwrap().writable());
    }
}
