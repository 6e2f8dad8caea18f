//! Making durable, checking, rebuilding.

use super::Database;
use crate::control::Control;
use crate::error::Result;
use crate::verify::{VerifyOptions, VerifyReport, verify};

impl Database {
    /// Sees what a writer has committed since this database was opened read-only, or refreshed: in this process or
    /// another. Gives whether there are new events. A database that is open for writing sees everything as it comes,
    /// and answers no.
    ///
    /// Cursors that are open go on seeing what they saw; new ones, and the change feed, see what is new.
    ///
    /// ```
    /// use ouroborosdb::{Database, Options};
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("store");
    /// let writer = Database::open(&path, Options::new())?;
    /// let reader = Database::open_read_only(&path, Options::new())?;
    /// let id = writer.create_root("new")?;
    /// assert!(reader.event(id).is_err());
    /// assert!(reader.refresh()?);
    /// assert_eq!(reader.event(id)?.title(), Some("new"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `corrupt`, `io`; then it goes on seeing what it saw. `closed`.
    pub fn refresh(&self) -> Result<bool> {
        self.enter()?.refresh()
    }

    /// Makes everything that was committed durable.
    ///
    /// # Errors
    ///
    /// `read_only`; `io`, after which the database takes no more writes; `poisoned`; `closed`.
    pub fn sync(&self) -> Result<()> {
        self.enter()?.sync()
    }

    /// Reads and checks everything: every checksum, the SHA-512 of every event, chunk and list, that every event
    /// has its parent and every file its chunks, and that the index says what the log says.
    ///
    /// Damage is not an error: the report names it. Verify cannot see that the store as a whole was put back to
    /// an earlier valid state; that takes an id that was written down elsewhere.
    ///
    /// # Errors
    ///
    /// `cancelled`; `io`; `closed`.
    pub fn verify(&self, options: VerifyOptions<'_>) -> Result<VerifyReport> {
        let store = self.enter()?;
        let control = &mut options.into_control();
        let report = verify(&store, control, &|| self.shared.check_open())?;
        control.finish();
        Ok(report)
    }

    /// Makes the index anew from the segments. No answer changes.
    ///
    /// # Errors
    ///
    /// As [`verify`](Database::verify).
    pub fn rebuild_index(&self) -> Result<()> {
        self.rebuild_index_with(Control::new())
    }

    /// As [`rebuild_index`](Database::rebuild_index), cancelled and watched by `control`, which counts bytes and
    /// records. Writers wait meanwhile.
    ///
    /// # Errors
    ///
    /// As [`verify`](Database::verify).
    pub fn rebuild_index_with(&self, mut control: Control<'_>) -> Result<()> {
        let store = self.enter()?;
        store.rebuild_index(|bytes| {
            self.shared.check_open()?;
            control.advance(bytes, 1)
        })?;
        control.finish();
        Ok(())
    }
}
