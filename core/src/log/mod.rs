//! The segment log: the only truth of a store. `docs/FORMAT.md` has the byte tables.
//!
//! ```text
//! segment = header record* footer     one file, append-only, read-only once it has a successor
//! record  = header entry* body pad    8-byte aligned
//! batch   = record* commit            there whole or not at all
//! ```
//!
//! Rules that recovery rests on:
//!
//! - The header of a record is checked with a seed of (store, segment, offset): what is stale, moved or from
//!   another store is never taken for a record.
//! - A batch is visible once its commit record is there and covers every header of the batch.
//! - A commit record says up to where its segment was durable when it was written (`synced_to`), and the header
//!   of a segment says where its predecessor ended (`previous_end`). Before that point everything was
//!   committed, so what is unreadable there is *damage*: the rest stays visible and the loss is named. After
//!   that point the first unreadable byte is a *torn tail*: it was never acknowledged, and it is left out.
//! - Nothing is ever overwritten with anything else: after a torn tail, writing goes on in a new segment. Opening
//!   for writing writes what no commit record proves to be durable once more, the same bytes to the same place,
//!   and syncs it: after a failed sync the page cache holds what the disk does not.
//! - A footer behind the last batch says what a sealed segment holds. Nothing needs it, and it proves nothing.
//! - A commit record has the checksum of the one before it, so that one record stands for all of its history.

mod commit;
mod entries;
mod footer;
mod open_files;
mod pack;
mod path_list;
mod path_runs;
mod published;
mod record;
mod scan;
mod segment;
mod superblock;
mod tally;
mod unpack;
mod window;
mod writer;

#[cfg(any(test, fuzzing))]
pub(crate) use commit::Commit;
pub(crate) use entries::Entries;
pub(crate) use footer::{FOOTER_BYTES, Footer};
pub(crate) use open_files::OpenFiles;
pub(crate) use pack::{Frame, Packers, raw_chunk};
pub(crate) use path_list::{PATH_BYTES_MAX, PATH_LIST_BYTES_MAX, PATH_LIST_NAME, PathList};
pub(crate) use record::{
    Codec, ENTRY_RAW_BYTES_MAX, Entry, Header, ONE_ENTRY_HEADER_BYTES, RECORD_BYTES_MAX, RecordKind,
    SEQUENCE_MAX, body_check_matches, padded,
};
#[cfg(any(test, fuzzing))]
pub(crate) use record::{HEADER_BYTES as RECORD_HEADER_BYTES, Seed, body_check, decode_body};
pub(crate) use scan::{
    Damage, Proven, Scan, ScanEnd, Scanned, commit_check_at, find_piece, is_reserved, is_written,
    is_zero_from, last_commit_before, proven_end, scan_piece, scan_segment,
};
pub(crate) use segment::{Bytes, SEGMENT_HEADER_BYTES, Segment, SegmentHeader, file_name, parse_file_name};
pub(crate) use superblock::{STORE_ID_BYTES, SUPERBLOCK_BYTES, SUPERBLOCK_NAME, Superblock, SuperblockError};
pub(crate) use tally::{TALLY_NUMBERS, Tally};
pub(crate) use unpack::decompress_to;
pub(crate) use window::Window;
pub(crate) use writer::{CommitNote, GoOn, Prepared, Reserved, Writer, Written, create_segment};
