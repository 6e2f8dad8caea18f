//! The file that says what a folder is: a store, which one, and of which format.
//!
//! Two slots of 4 KiB hold the same fields; the whole one of the highest generation decides, so a torn write of
//! one slot leaves the other, and a newer version that has written one slot only is not overlooked. The magic has
//! bytes that a text-mode copy changes, as in PNG.

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SuperblockError {
    /// No slot begins with the magic.
    NotAStore,
    /// The slots have the magic, and none is whole.
    Damaged,
    /// The slot that decides has a newer version, or features that this version does not know.
    Newer,
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

    /// What the whole slot of the highest generation says.
    pub(crate) fn decode(bytes: &[u8]) -> std::result::Result<Superblock, SuperblockError> {
        let mut best: Option<Slot> = None;
        let mut error = SuperblockError::NotAStore;
        for slot in bytes.chunks(SLOT_BYTES).take(SLOTS) {
            match Slot::decode(slot) {
                Ok(found) if best.as_ref().is_none_or(|best| best.generation < found.generation) => {
                    best = Some(found);
                }
                Ok(_) => {}
                Err(found) => error = error.max(found),
            }
        }
        best.map_or(Err(error), |best| best.says)
    }
}

/// A slot that is whole.
struct Slot {
    generation: u64,
    says: std::result::Result<Superblock, SuperblockError>,
}

impl Slot {
    fn decode(slot: &[u8]) -> std::result::Result<Slot, SuperblockError> {
        if !slot.starts_with(MAGIC) {
            return Err(SuperblockError::NotAStore);
        }
        let fields = Self::read_fields(slot).map_err(|_| SuperblockError::Damaged)?;
        let (version, check, found) = fields;
        if slot.get(..CHECKED_BYTES).map(xxh3_64) != Some(check) {
            // Where no slot is whole, one that says to be of a newer version is believed that much.
            return Err(if version > VERSION { SuperblockError::Newer } else { SuperblockError::Damaged });
        }
        let generation = found.generation;
        if version > VERSION || found.incompat & !INCOMPAT_KNOWN != 0 {
            return Ok(Slot { generation, says: Err(SuperblockError::Newer) });
        }
        if version != VERSION {
            return Err(SuperblockError::Damaged);
        }
        Ok(Slot { generation, says: Ok(found) })
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
        Ok((
            version,
            check,
            Superblock { store_id, incarnation, generation, compat, read_only_compat, incompat },
        ))
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

    /// A newer version had written one of the two slots when its process was killed, and this version went on with
    /// the older slot as if nothing had happened.
    #[test]
    fn a_newer_slot_decides_even_where_the_older_one_could_be_opened() {
        let old = Superblock::new([1; 16], [2; 16]);
        let mut new = old.clone();
        (new.generation, new.incompat) = (2, 1);
        let mut bytes = old.encode();
        bytes[SLOT_BYTES..].copy_from_slice(&new.encode()[SLOT_BYTES..]);
        assert_eq!(Superblock::decode(&bytes), Err(SuperblockError::Newer));
        // Torn, it does not count.
        bytes[SLOT_BYTES + 90] ^= 1;
        assert_eq!(Superblock::decode(&bytes), Ok(old));
    }
}
