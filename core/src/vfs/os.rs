//! The operating system's file system.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;

use super::forks::HeldLock;
use super::{Access, Mapping, PathKind, Vfs, VfsFile, mmap, platform};

/// The operating system's file system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OsVfs;

#[derive(Debug)]
struct OsFile {
    /// Stands before the file, so that it is dropped before the file is closed.
    lock: Mutex<Option<HeldLock>>,
    file: File,
}

impl OsFile {
    fn shared(file: File) -> Arc<dyn VfsFile> {
        Arc::new(OsFile { lock: Mutex::new(None), file })
    }
}

impl Vfs for OsVfs {
    fn open(&self, path: &Path, access: Access) -> io::Result<Arc<dyn VfsFile>> {
        let file = OpenOptions::new().read(true).write(access == Access::ReadWrite).open(path)?;
        Ok(OsFile::shared(file))
    }

    fn create_new(&self, path: &Path) -> io::Result<Arc<dyn VfsFile>> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        Ok(OsFile::shared(file))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        std::fs::create_dir(path)
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        let kind = std::fs::metadata(path)?.file_type();
        Ok(if kind.is_dir() {
            PathKind::Directory
        } else if kind.is_file() {
            PathKind::File
        } else {
            PathKind::Other
        })
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        std::fs::read_dir(path)?.map(|entry| Ok(PathBuf::from(entry?.file_name()))).collect()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn real(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(path)
    }

    fn clone_file(
        &self,
        from: &Path,
        to: &Path,
        bytes: u64,
        go_on: &mut dyn FnMut() -> bool,
    ) -> io::Result<()> {
        platform::clone_file(from, to, bytes, go_on)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        platform::sync_dir(path)
    }

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        platform::free_bytes(path)
    }

    fn outlives_process(&self) -> bool {
        true
    }
}

impl VfsFile for OsFile {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        platform::read_exact_at(&self.file, buffer, offset)
    }

    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        platform::write_all_at(&self.file, bytes, offset)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn reserve(&self, from: u64, end: u64) -> io::Result<()> {
        platform::reserve(&self.file, from, end)
    }

    fn give_back(&self, end: u64) -> io::Result<()> {
        self.file.set_len(end)
    }

    fn set_read_only(&self) -> io::Result<()> {
        let mut permissions = self.file.metadata()?.permissions();
        permissions.set_readonly(true);
        self.file.set_permissions(permissions)
    }

    fn is_read_only(&self) -> io::Result<bool> {
        Ok(self.file.metadata()?.permissions().readonly())
    }

    fn map(&self) -> io::Result<Mapping> {
        if platform::is_remote(&self.file)? {
            return Err(io::ErrorKind::Unsupported.into());
        }
        mmap::map(&self.file)
    }

    fn try_lock(&self, offset: u64, length: u64) -> io::Result<bool> {
        // Before the lock is there: whoever forks in between has none of it.
        let mut lock = self.lock.lock();
        let had = lock.is_some();
        lock.get_or_insert_with(|| HeldLock::new(&self.file));
        let taken = platform::try_lock(&self.file, offset, length);
        if !had && !matches!(taken, Ok(true)) {
            *lock = None;
        }
        taken
    }

    fn unlock(&self, offset: u64, length: u64) -> io::Result<()> {
        platform::unlock(&self.file, offset, length)?;
        *self.lock.lock() = None;
        Ok(())
    }
}
