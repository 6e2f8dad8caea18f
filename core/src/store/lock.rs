//! One writer at a time: byte-range locks of the kernel, which end with their process.
//!
//! The same byte is locked in two files: `lock`, where the holder's process id stands, and `superblock`, without
//! which there is no store, so that removing `lock` lets no second writer in.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use super::folder;
use crate::error::{Error, ErrorCode, Result};
use crate::log::SUPERBLOCK_NAME;
use crate::vfs::{Access, Vfs, VfsFile};

/// The byte that the writer locks.
const WRITER_BYTE: u64 = 1 << 32;
/// The holder's process id stands in the file for people and error messages; the lock is beyond it.
pub(super) const PID_BYTES: usize = 20;

/// Held as long as the store is open for writing.
#[derive(Debug)]
pub(crate) struct LockFile {
    files: Vec<Arc<dyn VfsFile>>,
    /// The process that took the locks. A forked child has them too, and must not give them back.
    process: u32,
}

impl LockFile {
    /// Takes the writer's lock; `locked`, naming the holder, where someone has it.
    pub(crate) fn take(vfs: &dyn Vfs, store: &Path) -> Result<LockFile> {
        let path = store.join(folder::LOCK_NAME);
        let error = |error| Error::io("opening the lock file", &path, error);
        let file = match vfs.open(&path, Access::ReadWrite) {
            Err(missing) if missing.kind() == ErrorKind::NotFound => match vfs.create_new(&path) {
                Err(raced) if raced.kind() == ErrorKind::AlreadyExists => vfs.open(&path, Access::ReadWrite),
                other => other,
            },
            other => other,
        }
        .map_err(error)?;
        if !file.try_lock(WRITER_BYTE, 1).map_err(error)? {
            return Err(Self::held(file.as_ref(), store));
        }
        let mut lock = LockFile { files: vec![file], process: std::process::id() };
        lock.take_superblock(vfs, store)?;
        lock.write_process_id(store)?;
        Ok(lock)
    }

    /// Locks the superblock too, once there is one.
    pub(crate) fn take_superblock(&mut self, vfs: &dyn Vfs, store: &Path) -> Result<()> {
        // Where a lock keeps others from reading as well, readers could not open the store.
        if cfg!(windows) || self.files.len() > 1 {
            return Ok(());
        }
        let path = store.join(SUPERBLOCK_NAME);
        let error = |error| Error::io("locking", &path, error);
        let file = match vfs.open(&path, Access::ReadWrite) {
            Err(missing) if missing.kind() == ErrorKind::NotFound => return Ok(()),
            other => other.map_err(error)?,
        };
        if !file.try_lock(WRITER_BYTE, 1).map_err(error)? {
            let message = format!(
                "{} is open for writing in another process, and its lock file was removed; \
                 close it there, or open it read-only",
                store.display()
            );
            return Err(Error::new(ErrorCode::Locked, message));
        }
        self.files.push(file);
        Ok(())
    }

    fn write_process_id(&self, store: &Path) -> Result<()> {
        let pid = format!("{:<width$}\n", self.process, width = PID_BYTES - 1);
        let Some(file) = self.files.first() else { return Ok(()) };
        match file.write_all_at(pid.as_bytes(), 0) {
            // It is for people: what locks is the kernel, on a full disk too.
            Err(error) if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => Ok(()),
            written => written.map_err(|error| Error::io("writing", &store.join(folder::LOCK_NAME), error)),
        }
    }

    fn held(file: &dyn VfsFile, store: &Path) -> Error {
        let mut pid = [0; PID_BYTES];
        let holder = match file.read_exact_at(&mut pid, 0) {
            Ok(()) => format!("process {}", String::from_utf8_lossy(&pid).trim()),
            Err(_) => "another process".to_owned(),
        };
        let message = format!(
            "{} is open for writing in {holder}; close it there, or open it read-only",
            store.display()
        );
        Error::new(ErrorCode::Locked, message)
    }
}

impl Drop for LockFile {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            return;
        }
        for file in &self.files {
            // Where this fails, the lock ends with the process.
            let _ = file.unlock(WRITER_BYTE, 1);
        }
    }
}
