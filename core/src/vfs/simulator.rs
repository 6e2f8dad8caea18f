//! A machine whose power can fail, whose processes can be killed, and whose disk can refuse a sync.
//!
//! Each file has two lengths of bytes: what the page cache has, which every process of this boot reads, and what the
//! disk has. A sync copies the dirty blocks from one to the other; one that fails forgets that they were dirty, as
//! Linux does. Names are durable once their folder was synced. Losing power keeps what is durable and, block by block
//! and name by name, any part of the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::{Condvar, Mutex};

use super::{Access, Mapping, PathKind, Vfs, VfsFile};

/// What a disk writes whole.
const BLOCK_BYTES: usize = 512;

#[derive(Clone, Debug, Default)]
struct Body {
    cache: Vec<u8>,
    disk: Vec<u8>,
    dirty: BTreeSet<usize>,
    read_only: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Folder,
    File(usize),
}

#[derive(Clone, Debug)]
struct State {
    bodies: Vec<Body>,
    names: BTreeMap<PathBuf, Node>,
    durable: BTreeMap<PathBuf, Node>,
}

#[derive(Debug)]
struct Machine {
    state: Mutex<State>,
    alive: AtomicBool,
    /// Operations that change something, counted from 1, and the one at which the process is killed; 0 for never.
    operations: AtomicU64,
    die_at: AtomicU64,
    /// Syncs of files, counted from 1, and the one that fails; 0 for none.
    syncs: AtomicU64,
    fail_sync_at: AtomicU64,
    /// Whether the failing sync returns only when it is told to.
    stall: Mutex<Stall>,
    moved: Condvar,
    /// What the next listing of a folder gives instead of what is in it.
    stale: Mutex<Option<(PathBuf, Vec<PathBuf>)>>,
    last: Mutex<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stall {
    #[default]
    Never,
    Wanted,
    Reached,
}

/// One process on the machine: its files answer errors once it is dead.
#[derive(Clone, Debug)]
pub(crate) struct Simulator(Arc<Machine>);

#[derive(Debug)]
struct SimulatedFile {
    machine: Simulator,
    body: usize,
    path: PathBuf,
}

/// Says which unsynced things survive the loss of power: none, or each as chance has it.
pub(crate) struct Chance(Option<u64>);

impl Chance {
    pub(crate) fn none() -> Chance {
        Chance(None)
    }

    pub(crate) fn of(seed: u64) -> Chance {
        Chance(Some(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1))
    }

    fn keeps(&mut self) -> bool {
        let Some(state) = &mut self.0 else { return false };
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state & 64 == 0
    }
}

impl Simulator {
    pub(crate) fn new() -> Simulator {
        let names = BTreeMap::from([(PathBuf::from("/"), Node::Folder)]);
        Simulator::of(State { bodies: Vec::new(), durable: names.clone(), names })
    }

    fn of(state: State) -> Simulator {
        Simulator(Arc::new(Machine {
            state: Mutex::new(state),
            alive: AtomicBool::new(true),
            operations: AtomicU64::new(0),
            die_at: AtomicU64::new(0),
            syncs: AtomicU64::new(0),
            fail_sync_at: AtomicU64::new(0),
            stall: Mutex::default(),
            moved: Condvar::new(),
            stale: Mutex::default(),
            last: Mutex::default(),
        }))
    }

    pub(crate) fn die_at(&self, operation: u64) {
        self.0.die_at.store(operation, Ordering::SeqCst);
    }

    pub(crate) fn fail_sync_at(&self, sync: u64) {
        self.0.fail_sync_at.store(sync, Ordering::SeqCst);
    }

    /// The next sync fails, and does not return before [`Simulator::release`].
    pub(crate) fn stall_next_sync(&self) {
        *self.0.stall.lock() = Stall::Wanted;
        self.fail_sync_at(self.syncs() + 1);
    }

    /// Waits until the disk has failed that sync. Its caller does not know yet.
    pub(crate) fn wait_for_stall(&self) {
        let mut stall = self.0.stall.lock();
        while *stall != Stall::Reached {
            self.0.moved.wait(&mut stall);
        }
    }

    pub(crate) fn release(&self) {
        *self.0.stall.lock() = Stall::Never;
        self.0.moved.notify_all();
    }

    fn stall(&self) {
        let mut stall = self.0.stall.lock();
        if *stall == Stall::Wanted {
            *stall = Stall::Reached;
            self.0.moved.notify_all();
            while *stall != Stall::Never {
                self.0.moved.wait(&mut stall);
            }
        }
    }

    /// The next listing of this folder gives these names, as one does that someone else's changes overtook.
    pub(crate) fn list_once(&self, folder: &Path, names: Vec<PathBuf>) {
        *self.0.stale.lock() = Some((folder.to_owned(), names));
    }

    /// How many syncs of files there were.
    pub(crate) fn syncs(&self) -> u64 {
        self.0.syncs.load(Ordering::SeqCst)
    }

    /// The last thing that was done, for messages.
    pub(crate) fn last(&self) -> String {
        self.0.last.lock().clone()
    }

    /// The machine goes on, with a new process.
    pub(crate) fn same_boot(&self) -> Simulator {
        Simulator::of(self.0.state.lock().clone())
    }

    /// The machine after it lost power and got it back.
    pub(crate) fn power_loss(&self, mut chance: Chance) -> Simulator {
        let mut state = self.0.state.lock().clone();
        for body in &mut state.bodies {
            for block in std::mem::take(&mut body.dirty) {
                if chance.keeps() {
                    body.write_back(block);
                }
            }
            body.cache = body.disk.clone();
        }
        let mut names = state.durable.clone();
        for path in state.names.keys().chain(state.durable.keys()).collect::<BTreeSet<_>>() {
            let now = state.names.get(path);
            if now != state.durable.get(path) && chance.keeps() {
                match now {
                    Some(node) => names.insert(path.clone(), node.clone()),
                    None => names.remove(path),
                };
            }
        }
        // What is in a lost folder is lost.
        let there: BTreeSet<PathBuf> = names.keys().cloned().collect();
        names.retain(|path, _| path.ancestors().all(|folder| there.contains(folder)));
        (state.names, state.durable) = (names.clone(), names);
        Simulator::of(state)
    }

    /// Counts an operation. `false` where the process is killed in the middle of it.
    fn begin(&self, what: &str, path: &Path) -> io::Result<bool> {
        if !self.0.alive.load(Ordering::SeqCst) {
            return Err(io::Error::other("the process is dead"));
        }
        let number = self.0.operations.fetch_add(1, Ordering::SeqCst) + 1;
        *self.0.last.lock() = format!("{number}: {what} {}", path.display());
        let killed = number == self.0.die_at.load(Ordering::SeqCst);
        if killed {
            self.0.alive.store(false, Ordering::SeqCst);
        }
        Ok(!killed)
    }

    fn operation(&self, what: &str, path: &Path) -> io::Result<()> {
        if self.begin(what, path)? { Ok(()) } else { Err(io::Error::other("the process is killed")) }
    }

    fn file(&self, path: &Path, body: usize) -> Arc<dyn VfsFile> {
        Arc::new(SimulatedFile { machine: self.clone(), body, path: path.to_owned() })
    }

    fn put(&self, path: &Path, node: Node) -> io::Result<()> {
        let names = &mut self.0.state.lock().names;
        if path.parent().is_none_or(|parent| names.get(parent) != Some(&Node::Folder)) {
            return Err(io::ErrorKind::NotFound.into());
        }
        if names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        names.insert(path.to_owned(), node);
        Ok(())
    }
}

impl Body {
    fn write_back(&mut self, block: usize) {
        let range = block * BLOCK_BYTES..((block + 1) * BLOCK_BYTES).min(self.cache.len());
        if self.disk.len() < range.end {
            self.disk.resize(range.end, 0);
        }
        self.disk[range.clone()].copy_from_slice(&self.cache[range]);
    }
}

impl Vfs for Simulator {
    fn open(&self, path: &Path, _access: Access) -> io::Result<Arc<dyn VfsFile>> {
        match self.0.state.lock().names.get(path) {
            Some(Node::File(body)) => Ok(self.file(path, *body)),
            Some(Node::Folder) => Err(io::ErrorKind::IsADirectory.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn create_new(&self, path: &Path) -> io::Result<Arc<dyn VfsFile>> {
        self.operation("making", path)?;
        let body = self.0.state.lock().bodies.len();
        self.put(path, Node::File(body))?;
        self.0.state.lock().bodies.push(Body::default());
        Ok(self.file(path, body))
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.operation("making the folder", path)?;
        self.put(path, Node::Folder)
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        match self.0.state.lock().names.get(path) {
            Some(Node::Folder) => Ok(PathKind::Directory),
            Some(Node::File(_)) => Ok(PathKind::File),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        self.kind(path)?;
        if let Some((_, names)) = self.0.stale.lock().take_if(|(folder, _)| folder == path) {
            return Ok(names);
        }
        let names = &self.0.state.lock().names;
        let inside = names.keys().filter(|name| name.parent() == Some(path));
        Ok(inside.filter_map(|name| name.file_name().map(PathBuf::from)).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.operation("renaming to", to)?;
        let names = &mut self.0.state.lock().names;
        let node = names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        names.insert(to.to_owned(), node);
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.kind(path)?;
        self.operation("removing", path)?;
        self.0.state.lock().names.remove(path);
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.kind(path)?;
        self.operation("syncing the folder", path)?;
        let state = &mut *self.0.state.lock();
        state.durable.retain(|name, _| name.parent() != Some(path));
        let inside = state.names.iter().filter(|(name, _)| name.parent() == Some(path));
        state.durable.extend(inside.map(|(name, node)| (name.clone(), node.clone())));
        Ok(())
    }

    fn free_bytes(&self, _path: &Path) -> io::Result<u64> {
        Ok(1 << 40)
    }
}

impl VfsFile for SimulatedFile {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let cache = &self.machine.0.state.lock().bodies[self.body].cache;
        let start = offset as usize;
        let found = cache.get(start..start + buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(found);
        Ok(())
    }

    /// The write in which the process is killed leaves half of its bytes.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let whole = self.machine.begin("writing", &self.path)?;
        let bytes = if whole { bytes } else { &bytes[..bytes.len() / 2] };
        let body = &mut self.machine.0.state.lock().bodies[self.body];
        let range = offset as usize..offset as usize + bytes.len();
        if !bytes.is_empty() {
            body.cache.resize(body.cache.len().max(range.end), 0);
            body.cache[range.clone()].copy_from_slice(bytes);
            body.dirty.extend(range.start / BLOCK_BYTES..=(range.end - 1) / BLOCK_BYTES);
        }
        if whole { Ok(()) } else { Err(io::Error::other("the process is killed")) }
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.machine.0.state.lock().bodies[self.body].cache.len() as u64)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.machine.operation("syncing", &self.path)?;
        let number = self.machine.0.syncs.fetch_add(1, Ordering::SeqCst) + 1;
        let mut state = self.machine.0.state.lock();
        let body = &mut state.bodies[self.body];
        let dirty = std::mem::take(&mut body.dirty);
        if number == self.machine.0.fail_sync_at.load(Ordering::SeqCst) {
            drop(state);
            self.machine.stall();
            return Err(io::Error::other("the disk did not take it, and the kernel calls it clean"));
        }
        dirty.into_iter().for_each(|block| body.write_back(block));
        Ok(())
    }

    fn set_read_only(&self) -> io::Result<()> {
        self.machine.0.state.lock().bodies[self.body].read_only = true;
        Ok(())
    }

    fn is_read_only(&self) -> io::Result<bool> {
        Ok(self.machine.0.state.lock().bodies[self.body].read_only)
    }

    fn map(&self) -> io::Result<Mapping> {
        Ok(Mapping::new(self.machine.0.state.lock().bodies[self.body].cache.clone()))
    }

    fn try_lock(&self, _offset: u64, _length: u64) -> io::Result<bool> {
        Ok(true)
    }

    fn unlock(&self, _offset: u64, _length: u64) -> io::Result<()> {
        Ok(())
    }
}
