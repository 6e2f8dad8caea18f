//! Format profile 1: the numbers that decide how a file becomes chunks, and so its id.
//!
//! They never change; other numbers are another profile. On eight releases of one npm package these sizes
//! store 63 % of the bytes where chunks of 1 MiB store 91 %.

/// The profile's number in the encoding of events.
pub(crate) const NUMBER: u16 = 1;

/// Files up to this length are kept in their event: there they cost no more than the 104 bytes and more of a
/// record's header, and the 64 of the id that would refer to it.
pub(crate) const INLINE_BYTES_MAX: usize = 168;

/// No chunk but a file's last is this short or shorter.
pub(crate) const CHUNK_BYTES_MIN: usize = 4 * 1024;

/// Before this length a cut is four times as rare, after it four times as frequent, as one in 16 KiB.
pub(crate) const CHUNK_BYTES_NORMAL: usize = 16 * 1024;

/// No chunk is longer.
pub(crate) const CHUNK_BYTES_MAX: usize = 64 * 1024;

/// A cut is where so many of the highest bits of the Gear hash are zero, before the normal length and after
/// it.
pub(crate) const CUT_BITS_BEFORE: u32 = 16;
pub(crate) const CUT_BITS_AFTER: u32 = 12;

/// A list of chunks ends no sooner and no later than this; only the last of a level may have fewer entries.
pub(crate) const LIST_ENTRIES_MIN: usize = 32;
pub(crate) const LIST_ENTRIES_MAX: usize = 512;

/// A list ends behind an id in whose first byte these bits are zero.
pub(crate) const LIST_CUT_MASK: u8 = 0x7f;
