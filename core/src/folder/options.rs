//! What an import or export is asked for, and what it reports.

use std::path::PathBuf;

use crate::control::Control;
use crate::id::EventId;
use crate::options::Durability;

/// How [`Database::import_path`](crate::Database::import_path) goes about it.
///
/// ```
/// use ouroborosdb::{CancelToken, Control, ImportOptions};
/// let token = CancelToken::new();
/// let options = ImportOptions::new().control(Control::new().cancel(&token));
/// # drop(options);
/// ```
#[derive(Debug, Default)]
pub struct ImportOptions<'a> {
    pub(super) control: Control<'a>,
    pub(super) durability: Option<Durability>,
}

impl<'a> ImportOptions<'a> {
    /// Neither cancelled nor watched, and as safe as the database says.
    #[must_use]
    pub fn new() -> ImportOptions<'a> {
        ImportOptions::default()
    }

    /// Cancels and watches the import. Progress counts the bytes read, and as items the folders, files and
    /// symbolic links that are done.
    #[must_use]
    pub fn control(mut self, control: Control<'a>) -> ImportOptions<'a> {
        self.control = control;
        self
    }

    /// When the import is safe; as the database was opened unless it is said here. See
    /// [`NewEvent::durability`](crate::NewEvent::durability).
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> ImportOptions<'a> {
        self.durability = Some(durability);
        self
    }
}

/// What an import stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportReport {
    /// The event of the folder, file or symbolic link that was named.
    pub event: EventId,
    /// Files, each name of a hard link counted.
    pub files: u64,
    /// Folders, with the one that was named.
    pub directories: u64,
    /// Symbolic links.
    pub symlinks: u64,
    /// Bytes of all files together, as they were read.
    pub bytes: u64,
    /// What was left out: devices, sockets, pipes, and the folder of the store itself. Each path begins with
    /// the one that was named.
    pub skipped: Vec<PathBuf>,
}

/// How [`Database::export_path`](crate::Database::export_path) goes about it.
///
/// ```
/// use ouroborosdb::{CancelToken, Control, ExportOptions};
/// let token = CancelToken::new();
/// let options = ExportOptions::new().control(Control::new().cancel(&token));
/// # drop(options);
/// ```
#[derive(Debug, Default)]
pub struct ExportOptions<'a> {
    pub(super) control: Control<'a>,
}

impl<'a> ExportOptions<'a> {
    /// Neither cancelled nor watched.
    #[must_use]
    pub fn new() -> ExportOptions<'a> {
        ExportOptions::default()
    }

    /// Cancels and watches the export. Progress counts the bytes written, and as items the folders, files and
    /// symbolic links that are done.
    #[must_use]
    pub fn control(mut self, control: Control<'a>) -> ExportOptions<'a> {
        self.control = control;
        self
    }
}

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExportReport {
    /// Files.
    pub files: u64,
    /// Folders, with the one that was named.
    pub directories: u64,
    /// Symbolic links.
    pub symlinks: u64,
    /// Bytes of all files together.
    pub bytes: u64,
}
