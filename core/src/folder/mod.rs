//! Folders in and out.
//!
//! An import makes an event of every entry, under the event of the folder that it is in, with the attributes
//! that [`entry`] lists; an export makes the folder again. Invariants:
//!
//! - nothing recurses: a folder may be as deep as paths are long;
//! - an import shows nothing of itself before its commit;
//! - an export writes nowhere but below its target, never through a symbolic link, whatever the events say.
//!
//! The calling thread walks; a [`crew`](crate::crew) of threads reads or writes the files. What goes wrong with a path names
//! it. The folders are the user's own, so `std::fs` is used here: the `Vfs` is for the files of the store.

mod entry;
mod export;
mod import;
mod options;
mod platform;
mod store_folders;
mod time;
mod write_file;

pub(crate) use export::export;
pub(crate) use import::import;
pub use options::{ExportOptions, ExportReport, ImportOptions, ImportReport};
pub(crate) use write_file::write_file;
