//! A file system in memory: for databases that nobody keeps, and for tests.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use super::{Access, Mapping, PathKind, Vfs, VfsFile};

/// A file system in memory, with room for a number of bytes. `/` is there from the beginning.
#[derive(Clone, Debug)]
pub(crate) struct MemoryVfs {
    tree: Arc<Tree>,
}

#[derive(Debug)]
struct Tree {
    nodes: Mutex<BTreeMap<PathBuf, Node>>,
    room: Arc<Room>,
}

/// What may still be written.
#[derive(Debug)]
struct Room {
    free: AtomicU64,
    /// Whether files can be mapped.
    maps: AtomicBool,
}

#[derive(Clone, Debug)]
enum Node {
    Folder,
    File(Arc<Body>),
}

#[derive(Debug)]
struct Body {
    bytes: RwLock<Vec<u8>>,
    locked: AtomicBool,
    /// Its mode, which binds nobody here.
    read_only: AtomicBool,
    room: Arc<Room>,
}

#[derive(Debug)]
struct MemoryFile {
    body: Arc<Body>,
    write: bool,
    /// Whether this opening has the lock of the file: all of it, whichever range was asked for.
    holds_lock: Mutex<bool>,
}

impl MemoryVfs {
    pub(crate) fn new(capacity_bytes: u64) -> MemoryVfs {
        let nodes = Mutex::new(BTreeMap::from([(PathBuf::from("/"), Node::Folder)]));
        let room = Arc::new(Room { free: AtomicU64::new(capacity_bytes), maps: AtomicBool::new(true) });
        MemoryVfs { tree: Arc::new(Tree { nodes, room }) }
    }

    /// From now on nothing can be mapped, as on another machine's disk.
    #[cfg(test)]
    pub(crate) fn refuse_mapping(&self) {
        self.tree.room.maps.store(false, Ordering::Release);
    }

    fn file(&self, path: &Path) -> io::Result<Arc<Body>> {
        match self.tree.nodes.lock().get(path) {
            Some(Node::File(body)) => Ok(Arc::clone(body)),
            Some(Node::Folder) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Tree {
    fn insert(&self, path: &Path, node: Node) -> io::Result<()> {
        let mut nodes = self.nodes.lock();
        check_parent(&nodes, path)?;
        if nodes.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        nodes.insert(path.to_owned(), node);
        Ok(())
    }
}

/// A name can only be put into a folder.
fn check_parent(nodes: &BTreeMap<PathBuf, Node>, path: &Path) -> io::Result<()> {
    match path.parent().and_then(|parent| nodes.get(parent)) {
        Some(Node::Folder) => Ok(()),
        Some(Node::File(_)) => Err(io::ErrorKind::NotADirectory.into()),
        None => Err(io::ErrorKind::NotFound.into()),
    }
}

impl Vfs for MemoryVfs {
    fn open(&self, path: &Path, access: Access) -> io::Result<Arc<dyn VfsFile>> {
        let (body, write) = (self.file(path)?, access == Access::ReadWrite);
        Ok(Arc::new(MemoryFile { body, write, holds_lock: Mutex::new(false) }))
    }

    fn create_new(&self, path: &Path) -> io::Result<Arc<dyn VfsFile>> {
        let room = Arc::clone(&self.tree.room);
        let (locked, read_only) = (AtomicBool::new(false), AtomicBool::new(false));
        let body = Arc::new(Body { bytes: RwLock::new(Vec::new()), locked, read_only, room });
        self.tree.insert(path, Node::File(Arc::clone(&body)))?;
        Ok(Arc::new(MemoryFile { body, write: true, holds_lock: Mutex::new(false) }))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.tree.insert(path, Node::Folder)
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        match self.tree.nodes.lock().get(path) {
            Some(Node::Folder) => Ok(PathKind::Directory),
            Some(Node::File(_)) => Ok(PathKind::File),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let nodes = self.tree.nodes.lock();
        match nodes.get(path) {
            Some(Node::Folder) => {}
            Some(Node::File(_)) => return Err(io::ErrorKind::NotADirectory.into()),
            None => return Err(io::ErrorKind::NotFound.into()),
        }
        let inside = nodes.keys().filter(|other| other.parent() == Some(path));
        Ok(inside.filter_map(|inside| inside.file_name().map(PathBuf::from)).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut nodes = self.tree.nodes.lock();
        match nodes.get(from) {
            Some(Node::File(_)) => {}
            Some(Node::Folder) => return Err(io::ErrorKind::Unsupported.into()),
            None => return Err(io::ErrorKind::NotFound.into()),
        }
        check_parent(&nodes, to)?;
        if matches!(nodes.get(to), Some(Node::Folder)) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if let Some(node) = nodes.remove(from) {
            nodes.insert(to.to_owned(), node);
        }
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        let mut nodes = self.tree.nodes.lock();
        match nodes.get(path) {
            Some(Node::File(_)) => {}
            Some(Node::Folder) => return Err(io::ErrorKind::IsADirectory.into()),
            None => return Err(io::ErrorKind::NotFound.into()),
        }
        nodes.remove(path);
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.kind(path).map(|_| ())
    }

    fn free_bytes(&self, _path: &Path) -> io::Result<u64> {
        Ok(self.tree.room.free.load(Ordering::Acquire))
    }
}

impl Body {
    /// Grows the file to so many bytes, if there is room.
    fn grow(&self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
        let more = wanted.saturating_sub(bytes.len());
        let take = |free: u64| free.checked_sub(more as u64);
        self.room
            .free
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, take)
            .map_err(|_| io::Error::from(io::ErrorKind::StorageFull))?;
        if bytes.try_reserve(more).is_err() {
            self.room.free.fetch_add(more as u64, Ordering::AcqRel);
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        bytes.resize(wanted.max(bytes.len()), 0);
        Ok(())
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.room.free.fetch_add(self.bytes.get_mut().len() as u64, Ordering::AcqRel);
    }
}

fn position(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput.into())
}

impl VfsFile for MemoryFile {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        if buffer.is_empty() {
            // No bytes are nowhere, so they are not behind the end either.
            return Ok(());
        }
        let bytes = self.body.bytes.read();
        let start = position(offset)?;
        let end = start.saturating_add(buffer.len());
        match bytes.get(start..end) {
            Some(found) => {
                buffer.copy_from_slice(found);
                Ok(())
            }
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn write_all_at(&self, written: &[u8], offset: u64) -> io::Result<()> {
        if !self.write {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        if written.is_empty() {
            // As on a disk: writing nothing behind the end does not move the end.
            return Ok(());
        }
        let start = position(offset)?;
        let end = start.checked_add(written.len()).ok_or(io::ErrorKind::InvalidInput)?;
        let mut bytes = self.body.bytes.write();
        self.body.grow(&mut bytes, end)?;
        if let Some(place) = bytes.get_mut(start..end) {
            place.copy_from_slice(written);
        }
        Ok(())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.body.bytes.read().len() as u64)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn set_read_only(&self) -> io::Result<()> {
        self.body.read_only.store(true, Ordering::Release);
        Ok(())
    }

    fn is_read_only(&self) -> io::Result<bool> {
        Ok(self.body.read_only.load(Ordering::Acquire))
    }

    fn map(&self) -> io::Result<Mapping> {
        if !self.body.room.maps.load(Ordering::Acquire) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        Ok(Mapping::new(self.body.bytes.read().clone()))
    }

    fn try_lock(&self, _offset: u64, _length: u64) -> io::Result<bool> {
        let mut held = self.holds_lock.lock();
        if !*held {
            *held = !self.body.locked.swap(true, Ordering::AcqRel);
        }
        Ok(*held)
    }

    fn unlock(&self, _offset: u64, _length: u64) -> io::Result<()> {
        if std::mem::take(&mut *self.holds_lock.lock()) {
            self.body.locked.store(false, Ordering::Release);
        }
        Ok(())
    }
}

impl Drop for MemoryFile {
    fn drop(&mut self) {
        let _ = self.unlock(0, 0);
    }
}
