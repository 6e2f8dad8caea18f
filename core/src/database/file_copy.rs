//! A stored file out of the store: piece by piece, to whatever takes it.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::{Database, FileReader};
use crate::control::Control;
use crate::error::{Error, ErrorCode, Result};
use crate::folder;

/// How much is read and given out at once.
const PIECE_BYTES: u64 = 1024 * 1024;

impl FileReader {
    /// Writes the file to `writer`, from the position on to the end, and gives how many bytes that were. The position
    /// advances with what was written, also where the writer fails.
    ///
    /// ```
    /// use ouroborosdb::{Database, NewEvent, Options};
    /// let db = Database::open_in_memory(Options::new())?;
    /// let root = db.create_root("files")?;
    /// let file = db.put_file(root, &b"hello world"[..], NewEvent::new())?;
    /// let mut bytes = Vec::new();
    /// assert_eq!(db.open_file(file)?.write_to(&mut bytes)?, 11);
    /// assert_eq!(bytes, b"hello world");
    /// # Ok::<(), ouroborosdb::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `disk_full` or `io` where the writer fails; those of [`read`](FileReader::read).
    pub fn write_to(&self, writer: impl Write) -> Result<u64> {
        self.write_to_with(writer, Control::new())
    }

    /// As [`write_to`](FileReader::write_to), cancelled and watched by `control`, which counts the bytes written.
    ///
    /// # Errors
    ///
    /// `cancelled`; and those of [`write_to`](FileReader::write_to).
    pub fn write_to_with(&self, mut writer: impl Write, mut control: Control<'_>) -> Result<u64> {
        // Each piece enters by itself: closing does not wait for a writer that takes nothing.
        drop(self.shared().enter()?);
        control.check()?;
        let start = self.position();
        let mut written = 0;
        self.each_piece(start, &mut |piece| {
            let (taken, answer) = write_counting(&mut writer, piece);
            written += taken as u64;
            self.set_position(start + written);
            answer?;
            control.advance(taken as u64, 0)
        })?;
        writer.flush().map_err(Error::from_target)?;
        control.finish();
        control.check()?;
        Ok(written)
    }

    /// Writes the file to a new file at `path`, from the position on to the end, and gives how many bytes that were.
    /// The position advances as in [`write_to`](FileReader::write_to). Where it fails, no file is left at the path.
    ///
    /// # Errors
    ///
    /// `already_exists` where there is something at the path, be it a symbolic link; `path_not_found` where its folder is
    /// missing; `permission_denied`; `invalid_argument` for a path in the store's own folder; `disk_full`, `io`; those of
    /// [`read`](FileReader::read).
    pub fn write_to_path(&self, path: impl AsRef<Path>) -> Result<u64> {
        self.write_to_path_with(path, Control::new())
    }

    /// As [`write_to_path`](FileReader::write_to_path), cancelled and watched by `control`, which counts the bytes
    /// written.
    ///
    /// # Errors
    ///
    /// `cancelled`; and those of [`write_to_path`](FileReader::write_to_path).
    pub fn write_to_path_with(&self, path: impl AsRef<Path>, control: Control<'_>) -> Result<u64> {
        let db = Database { shared: Arc::clone(self.shared()) };
        // Held to the end: no file is made for a database that is closed.
        let _inside = db.enter()?;
        folder::write_file(&db, self, path.as_ref(), control)
    }

    /// Gives out the file from `offset` on to its end, in pieces. No lock is held while `take` runs.
    pub(crate) fn each_piece(&self, offset: u64, take: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let rest = self.length().saturating_sub(offset);
        let mut buffer = vec![0; rest.min(PIECE_BYTES) as usize];
        let mut done = 0;
        while done < rest {
            let read = self.read_at(offset + done, &mut buffer)?;
            let piece = buffer.get(..read).filter(|piece| !piece.is_empty()).ok_or_else(|| {
                Error::new(ErrorCode::Corrupt, format!("the file of event {} ends too early", self.event()))
            })?;
            take(piece)?;
            done += read as u64;
        }
        Ok(())
    }
}

/// Writes a piece. Gives how much of it was taken, whatever happens then.
fn write_counting(writer: &mut dyn Write, piece: &[u8]) -> (usize, Result<()>) {
    let mut taken = 0;
    while let Some(rest) = piece.get(taken..).filter(|rest| !rest.is_empty()) {
        match writer.write(rest) {
            Ok(0) => {
                let error = io::Error::from(io::ErrorKind::WriteZero);
                return (taken, Err(Error::from_target(error)));
            }
            // A writer that claims to have taken more than it was given is not believed.
            Ok(more) => taken += more.min(rest.len()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (taken, Err(Error::from_target(error))),
        }
    }
    (taken, Ok(()))
}
