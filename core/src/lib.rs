//! An embedded database of event trees.
//!
//! An event is immutable, is named by the SHA-512 of its content, hangs under one parent, and can carry a file
//! of any size. Nothing stored is ever altered or lost; the same bytes are stored once; every byte read is
//! checked. [`Database`] is the place to begin:
//!
//! ```
//! use ouroborosdb::{Database, NewEvent, Options};
//!
//! let db = Database::open_in_memory(Options::new())?;
//! let album = db.create_root("album")?;
//! let photo = db.put_file(album, &b"...bytes..."[..], NewEvent::new().attribute("name", "sea.jpg"))?;
//! assert_eq!(db.event(photo)?.content_length(), Some(11));
//! # Ok::<(), ouroborosdb::Error>(())
//! ```
//!
//! Every operation answers a [`Result`] whose [`Error`] has a stable [`ErrorCode`] and a message that says what
//! to do. Nothing that a caller passes makes the library panic. Every handle may be shared between threads.
//!
//! The modules, from the bottom up: `vfs` (files) ← `log` (the segments, the only truth) ← `index` (where
//! everything is, derived) ← `store` (both together, opened) ← `content` (files cut into chunks) ← `verify` ←
//! `database` (the public face) ← `folder` (import and export).
#![deny(unsafe_code)]

mod backup;
mod chunk;
mod codec;
mod content;
mod control;
mod crew;
mod database;
mod error;
mod event;
mod folder;
#[cfg(fuzzing)]
pub mod fuzzing;
#[cfg(test)]
#[cfg(not(fuzzing))]
mod fuzzing;
mod hands;
mod hash;
mod id;
mod index;
mod latency;
pub mod limits;
mod log;
mod logging;
mod options;
mod store;
mod sync;
mod verify;
mod vfs;

pub use backup::BackupReport;
pub use control::{CancelToken, Control, Progress};
pub use database::{
    Batch, BatchParent, ChangeCursor, Changes, Database, EventCursor, FileReader, FileWriter, IdCursor,
    Member, NewFile, Order, PutFilesOptions, RootCursor, Stats,
};
pub use error::{Error, ErrorCode, Result, guarded};
pub use event::{Event, EventKind, NewEvent, ORIGIN_BYTES, text};
pub use folder::{ExportOptions, ExportReport, ImportOptions, ImportReport};
pub use id::{ChunkId, EventId, ID_BYTES};
pub use latency::{Latency, Operation};
pub use logging::{LOG_RECORDS_MAX, LogLevel, LogRecord, LogValue, clear_log_sink, set_log_sink};
pub use options::{Compression, Durability, Options};
pub use verify::{Problem, VerifyOptions, VerifyReport};
