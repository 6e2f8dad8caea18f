//! Folders in and out.

use std::path::Path;

use super::Database;
use crate::error::Result;
use crate::folder::{self, ExportOptions, ExportReport, ImportOptions, ImportReport};
use crate::id::EventId;

impl Database {
    /// Stores a folder, a file or a symbolic link under `parent`, and gives the new event.
    ///
    /// Each entry becomes an event under its folder's event, with its name, type, mode and time as attributes.
    /// The whole import becomes visible at once, up to about 150,000 entries; beyond that in several steps,
    /// folders before what is in them. Devices, sockets and pipes are skipped and reported. Nothing outside the
    /// folder is read, as long as nobody puts symbolic links in the place of its folders meanwhile.
    ///
    /// # Errors
    ///
    /// `path_not_found`, `permission_denied` or `io`, naming the path, where an entry cannot be read: nothing of
    /// the import is visible then; `invalid_argument` for a device, or the store's own folder; `cancelled`;
    /// `parent_not_found`; `invalid_parent`; and those of every write.
    pub fn import_path(
        &self,
        parent: impl Into<EventId>,
        path: impl AsRef<Path>,
        options: ImportOptions<'_>,
    ) -> Result<ImportReport> {
        folder::import(self, parent.into(), path.as_ref(), options)
    }

    /// Writes a stored folder, file or symbolic link to `path`, which must not exist, or be an empty folder.
    ///
    /// # Errors
    ///
    /// `event_not_found`; `not_exportable` for an event that is no folder entry; `already_exists`;
    /// `unsafe_name` for a stored name that could lead elsewhere; `path_not_found` where the folder of the target
    /// is missing; `invalid_argument` for a path in the store's own folder; `cancelled`; `corrupt`; `io`, naming the
    /// path. Files that were written whole before an error stay.
    pub fn export_path(
        &self,
        event: impl Into<EventId>,
        path: impl AsRef<Path>,
        options: ExportOptions<'_>,
    ) -> Result<ExportReport> {
        folder::export(self, event.into(), path.as_ref(), options)
    }
}
