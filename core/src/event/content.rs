//! How an event refers to the file that it carries.

use crate::id::ChunkId;

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
