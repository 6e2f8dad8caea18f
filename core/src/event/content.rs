//! How an event refers to the file that it carries.

use super::encoding::{FORM_CHUNK, FORM_INLINE, FORM_TREE};
use crate::chunk::{LEVELS_MAX, profile};
use crate::codec::{Reader, malformed};
use crate::error::Result;
use crate::id::ChunkId;
use crate::limits;

/// The reference of an event to its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    /// Number of the format profile that fixed the cuts.
    pub(crate) profile: u16,
    /// Length of the file in bytes.
    pub(crate) length: u64,
    /// Where the bytes are.
    pub(crate) form: ContentForm,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ContentForm {
    /// In the event itself.
    Inline(Vec<u8>),
    /// In one chunk.
    Chunk(ChunkId),
    /// In the chunks that a tree of lists names. `levels` counts the levels of lists, at least one.
    Tree { levels: u8, root: ChunkId },
}

impl Content {
    /// The reference of these bytes; `corrupt` if they are not exactly what is written for one.
    pub(super) fn decode(bytes: &[u8]) -> Result<Content> {
        let mut reader = Reader::new(bytes);
        let form = reader.u8()?;
        let profile =
            u16::try_from(reader.varint()?).map_err(|_| malformed("a format profile has a wrong number"))?;
        let length = reader.varint()?;
        if length > limits::FILE_BYTES_MAX {
            return Err(malformed("a file is larger than a file can be"));
        }
        let form = match form {
            FORM_INLINE => ContentForm::Inline(reader.rest().to_vec()),
            FORM_CHUNK => ContentForm::Chunk(ChunkId::new(reader.array()?)),
            FORM_TREE => {
                let levels = reader.u8()?;
                ContentForm::Tree { levels, root: ChunkId::new(reader.array()?) }
            }
            _ => return Err(malformed("the content has an unknown form")),
        };
        let content = Content { profile, length, form };
        if !reader.is_empty() || !content_is_whole(&content) {
            return Err(malformed("the content does not fit its length"));
        }
        Ok(content)
    }

    /// The length of the file, from the bytes of a reference to it that are known to be whole.
    pub(super) fn length_of(bytes: &[u8]) -> Option<u64> {
        let mut reader = Reader::new(bytes.get(1..)?);
        reader.varint().ok()?;
        reader.varint().ok()
    }
}

/// Whether the form is one that a file of this length can have.
fn content_is_whole(content: &Content) -> bool {
    let ours = content.profile == profile::NUMBER;
    let inline_max = profile::INLINE_BYTES_MAX as u64;
    match &content.form {
        ContentForm::Inline(bytes) => {
            content.length == bytes.len() as u64 && (!ours || content.length <= inline_max)
        }
        ContentForm::Chunk(_) => {
            content.length > 0
                && (!ours
                    || (content.length > inline_max && content.length <= profile::CHUNK_BYTES_MAX as u64))
        }
        ContentForm::Tree { levels, .. } => {
            (1..=LEVELS_MAX).contains(levels) && (!ours || content.length > chunks_bytes_min(*levels))
        }
    }
}

/// What all chunks but the last one of a file with so many levels of lists hold at least: one chunk with one level,
/// and with each level more as many times as a list that ends early has entries at least.
fn chunks_bytes_min(levels: u8) -> u64 {
    let lists = (profile::LIST_ENTRIES_MIN as u64).saturating_pow(u32::from(levels) - 1);
    (profile::CHUNK_BYTES_MIN as u64).saturating_mul(lists)
}
