//! Hot copies.

use std::path::Path;
use std::sync::Arc;

use super::Database;
use crate::backup::{BackupReport, backup};
use crate::control::Control;
use crate::error::Result;
use crate::vfs::{OsVfs, Vfs};

impl Database {
    /// Makes `path` a consistent copy of the database, as of one sequence number, while writers go on. The copy is a
    /// store, and opens at once.
    ///
    /// `path` names a folder that does not exist, is empty, or holds an earlier backup of this database, finished or cut
    /// short; then only what is new is copied. Files are never hard-linked: one bad sector would hit both. What was
    /// copied is read back, and its checksums are checked.
    ///
    /// A backup may be opened read-only, and goes on being one. Once something was written to it, it is a store of its
    /// own, and no backup any more.
    ///
    /// ```
    /// use ouroborosdb::{Database, Options};
    /// # let folder = tempfile::tempdir()?;
    /// # let (path, copy) = (folder.path().join("store"), folder.path().join("copy"));
    /// let db = Database::open(&path, Options::new())?;
    /// let id = db.create_root("kept")?;
    /// assert_eq!(db.backup_to(&copy)?.sequence, 1);
    /// let copy = Database::open_read_only(&copy, Options::new())?;
    /// assert_eq!(copy.event(id)?.title(), Some("kept"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `not_a_backup` where something else is at `path`; `locked` where someone writes to it; `path_not_found` where the
    /// folder that it is to be in does not exist; `disk_full`, `io`, `permission_denied`, after which calling again goes
    /// on where this one ended; `corrupt` where a segment is missing; `closed`.
    pub fn backup_to(&self, path: impl AsRef<Path>) -> Result<BackupReport> {
        self.backup_to_with(path, Control::new())
    }

    /// As [`backup_to`](Database::backup_to), cancelled and watched by `control`, which counts bytes and segments, those
    /// that were there among them.
    ///
    /// # Errors
    ///
    /// `cancelled`, after which calling again goes on; and those of [`backup_to`](Database::backup_to).
    pub fn backup_to_with(&self, path: impl AsRef<Path>, mut control: Control<'_>) -> Result<BackupReport> {
        let store = self.enter()?;
        control.check()?;
        let vfs: Arc<dyn Vfs> =
            if store.vfs().outlives_process() { Arc::clone(store.vfs()) } else { Arc::new(OsVfs) };
        let check_open = || self.shared.check_open();
        let report = backup(&store, &vfs, path.as_ref(), &mut control, &check_open)?;
        control.finish();
        Ok(report)
    }
}
