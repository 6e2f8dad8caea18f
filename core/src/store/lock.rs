//! One writer at a time: a byte-range lock of the kernel, which ends with its process.

use std::path::Path;
use std::sync::Arc;

use super::folder;
use crate::error::{Error, ErrorCode, Result};
use crate::vfs::{Access, Vfs, VfsFile};

/// The byte that the writer locks.
const WRITER_BYTE: u64 = 1 << 32;
/// The holder's process id stands in the file for people and error messages; the lock is beyond it.
const PID_BYTES: usize = 20;

/// Held as long as the store is open for writing.
#[derive(Debug)]
pub(crate) struct LockFile {
    file: Arc<dyn VfsFile>,
}

impl LockFile {
    /// Takes the writer's lock; `locked`, naming the holder, where someone has it.
    pub(crate) fn take(vfs: &dyn Vfs, store: &Path) -> Result<LockFile> {
        let path = store.join(folder::LOCK_NAME);
        let error = |error| Error::io("opening the lock file", &path, error);
        let file = match vfs.open(&path, Access::ReadWrite) {
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => match vfs.create_new(&path) {
                Err(raced) if raced.kind() == std::io::ErrorKind::AlreadyExists => {
                    vfs.open(&path, Access::ReadWrite)
                }
                other => other,
            },
            other => other,
        }
        .map_err(error)?;
        if !file.try_lock(WRITER_BYTE, 1).map_err(error)? {
            return Err(Self::held(file.as_ref(), store));
        }
        let pid = format!("{:<width$}\n", std::process::id(), width = PID_BYTES - 1);
        file.write_all_at(pid.as_bytes(), 0).map_err(error)?;
        Ok(LockFile { file })
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
        // Where this fails, the lock ends with the process.
        let _ = self.file.unlock(WRITER_BYTE, 1);
    }
}
