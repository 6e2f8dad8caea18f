//! A machine whose power can fail, whose processes can be killed, and whose disk can refuse a sync.
//!
//! Each file has two lengths of bytes: what the page cache has, which every process of this boot reads, and what the
//! disk has. A sync copies the dirty blocks from one to the other; one that fails forgets that they were dirty, as
//! Linux does. Names are durable once their folder was synced. Losing power keeps what is durable and, block by block
//! and name by name, any part of the rest: by chance, or each part in its turn ([`Moment::losses`]).

mod losses;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::{Condvar, Mutex};

use super::{Access, Mapping, PathKind, Vfs, VfsFile};
pub(crate) use losses::Moment;
use losses::{Fate, State};

/// What a disk writes whole.
const BLOCK_BYTES: usize = 512;

/// Shared by all copies of the machine until one of them writes.
#[derive(Clone, Debug, Default)]
struct Body {
    cache: Arc<Vec<u8>>,
    disk: Arc<Vec<u8>>,
    dirty: BTreeSet<usize>,
    read_only: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Folder,
    File(usize),
}

#[derive(Debug)]
struct Machine {
    state: Mutex<State>,
    alive: AtomicBool,
    /// Operations that change something, counted from 1, and the one at which the process is killed; 0 for never.
    operations: AtomicU64,
    die_at: AtomicU64,
    /// The operation that fails, without the process being killed; 0 for none.
    fail_at: AtomicU64,
    /// Reads, counted from 1, and the one that fails; 0 for none.
    reads: AtomicU64,
    fail_read_at: AtomicU64,
    /// Bytes that are said to be free.
    free_bytes: AtomicU64,
    /// Folders that are disks of their own, and how much each of them holds.
    disks: Mutex<BTreeMap<PathBuf, u64>>,
    /// The moments before, and in the middle of, each operation, where they are asked for.
    moments: Mutex<Option<Vec<Moment>>>,
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

/// The bytes of a file as they were when it was mapped.
struct SharedBytes(Arc<Vec<u8>>);

impl std::ops::Deref for SharedBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

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

    fn fate(&mut self) -> Fate {
        let Some(state) = &mut self.0 else { return Fate::Lost };
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        match (*state >> 6) & 7 {
            0..3 => Fate::Lost,
            3 => Fate::Torn,
            _ => Fate::Kept,
        }
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
            fail_at: AtomicU64::new(0),
            reads: AtomicU64::new(0),
            fail_read_at: AtomicU64::new(0),
            free_bytes: AtomicU64::new(1 << 40),
            disks: Mutex::default(),
            moments: Mutex::default(),
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

    /// That operation from now on fails: a write when it is half done, for want of room.
    pub(crate) fn fail_at(&self, operation: u64) {
        self.0.fail_at.store(self.0.operations.load(Ordering::SeqCst) + operation, Ordering::SeqCst);
    }

    /// That read from now on fails.
    pub(crate) fn fail_read_at(&self, read: u64) {
        self.0.fail_read_at.store(self.0.reads.load(Ordering::SeqCst) + read, Ordering::SeqCst);
    }

    pub(crate) fn set_free_bytes(&self, bytes: u64) {
        self.0.free_bytes.store(bytes, Ordering::SeqCst);
    }

    /// The folder is a disk of its own that holds so many bytes.
    pub(crate) fn set_disk(&self, folder: &Path, bytes: u64) {
        self.0.disks.lock().insert(folder.to_owned(), bytes);
    }

    /// From now on each moment is kept at which the power may fail.
    pub(crate) fn record(&self) {
        *self.0.moments.lock() = Some(Vec::new());
    }

    /// The moments since they were last taken, and the one that is now.
    pub(crate) fn take_moments(&self) -> Vec<Moment> {
        let mut moments = self.0.moments.lock().as_mut().map(std::mem::take).unwrap_or_default();
        moments.push(self.moment("after everything"));
        moments
    }

    fn moment(&self, what: &str) -> Moment {
        Moment::new(what, self.0.state.lock().clone())
    }

    fn keep_moment(&self, what: impl FnOnce() -> String) {
        if let Some(moments) = &mut *self.0.moments.lock() {
            moments.push(self.moment(&what()));
        }
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
        state.lose_power(&mut |_| chance.fate());
        Simulator::of(state)
    }

    /// The machine with the bytes of a file changed as a disk that fails changes them.
    pub(crate) fn with_damage(&self, path: &Path, damage: impl FnOnce(&mut Vec<u8>)) -> Simulator {
        let mut state = self.0.state.lock().clone();
        let Some(Node::File(body)) = state.names.get(path).cloned() else { return Simulator::of(state) };
        let body = &mut state.bodies[body];
        damage(Arc::make_mut(&mut body.cache));
        body.disk = Arc::clone(&body.cache);
        Simulator::of(state)
    }

    /// The machine without the folder, and all that is in it.
    pub(crate) fn without(&self, folder: &Path) -> Simulator {
        let mut state = self.0.state.lock().clone();
        for names in [&mut state.names, &mut state.durable] {
            names.retain(|path, _| !path.starts_with(folder));
        }
        Simulator::of(state)
    }

    /// The machine with a folder as another machine has it, and all that is in it.
    pub(crate) fn with(&self, folder: &Path, other: &Simulator) -> Simulator {
        self.moved(other, folder, folder)
    }

    /// As [`Simulator::with`], in another place.
    pub(crate) fn moved(&self, other: &Simulator, folder: &Path, to: &Path) -> Simulator {
        let mut state = self.without(to).0.state.lock().clone();
        let theirs = other.0.state.lock();
        for (path, node) in theirs.names.iter().filter(|(path, _)| path.starts_with(folder)) {
            let node = match node {
                Node::Folder => Node::Folder,
                Node::File(body) => {
                    state.bodies.push(theirs.bodies[*body].clone());
                    Node::File(state.bodies.len() - 1)
                }
            };
            let inside = path.strip_prefix(folder).unwrap_or(path);
            let path = if inside == Path::new("") { to.to_owned() } else { to.join(inside) };
            state.names.insert(path.clone(), node.clone());
            state.durable.insert(path, node);
        }
        drop(theirs);
        Simulator::of(state)
    }

    /// All files, and their lengths.
    pub(crate) fn files(&self) -> Vec<(PathBuf, usize)> {
        let state = self.0.state.lock();
        let length = |node: &Node| match node {
            Node::File(body) => Some(state.bodies[*body].cache.len()),
            Node::Folder => None,
        };
        state.names.iter().filter_map(|(path, node)| Some((path.clone(), length(node)?))).collect()
    }

    /// What tells a machine from others by the bytes and names that it holds.
    pub(crate) fn image(&self) -> u64 {
        self.0.state.lock().image()
    }

    /// Counts an operation, and says what comes of it.
    fn begin(&self, what: &str, path: &Path) -> io::Result<Outcome> {
        if !self.0.alive.load(Ordering::SeqCst) {
            return Err(io::Error::other("the process is dead"));
        }
        let number = self.0.operations.fetch_add(1, Ordering::SeqCst) + 1;
        self.keep_moment(|| format!("before {what} {}", path.display()));
        *self.0.last.lock() = format!("{number}: {what} {}", path.display());
        if number == self.0.die_at.load(Ordering::SeqCst) {
            self.0.alive.store(false, Ordering::SeqCst);
            return Ok(Outcome::Killed);
        }
        let failed = number == self.0.fail_at.load(Ordering::SeqCst);
        Ok(if failed { Outcome::Failed } else { Outcome::Done })
    }

    fn operation(&self, what: &str, path: &Path) -> io::Result<()> {
        self.begin(what, path)?.into_result()
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

/// What comes of an operation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Done,
    Failed,
    Killed,
}

impl Outcome {
    fn into_result(self) -> io::Result<()> {
        match self {
            Outcome::Done => Ok(()),
            Outcome::Failed => Err(io::Error::other("the disk does not answer")),
            Outcome::Killed => Err(io::Error::other("the process is killed")),
        }
    }
}

impl Body {
    fn write(&mut self, bytes: &[u8], start: usize) {
        if bytes.is_empty() {
            return;
        }
        let range = start..start + bytes.len();
        let cache = Arc::make_mut(&mut self.cache);
        cache.resize(cache.len().max(range.end), 0);
        cache[range.clone()].copy_from_slice(bytes);
        for block in range.start / BLOCK_BYTES..=(range.end - 1) / BLOCK_BYTES {
            let range = self.block(block);
            // Writing what the disk has anyway leaves nothing that can be lost.
            if self.disk.get(range.clone()) != Some(&self.cache[range]) {
                self.dirty.insert(block);
            }
        }
    }

    /// Where a block is, as far as the file goes.
    fn block(&self, block: usize) -> std::ops::Range<usize> {
        block * BLOCK_BYTES..((block + 1) * BLOCK_BYTES).min(self.cache.len())
    }

    /// The file is longer, if its last block is kept.
    fn reserve(&mut self, end: usize) {
        if end > self.cache.len() {
            Arc::make_mut(&mut self.cache).resize(end, 0);
            self.dirty.insert((end - 1) / BLOCK_BYTES);
        }
    }

    /// The file is as long as before, until it is synced.
    fn give_back(&mut self, end: usize) {
        let rest = self.cache.get(end..).unwrap_or_default();
        assert!(rest.iter().all(|byte| *byte == 0), "what was written is cut off");
        Arc::make_mut(&mut self.cache).truncate(end);
        let there = self.cache.len().div_ceil(BLOCK_BYTES);
        self.dirty.retain(|block| *block < there);
    }

    fn sync(&mut self) {
        if self.disk.len() > self.cache.len() {
            Arc::make_mut(&mut self.disk).truncate(self.cache.len());
        }
        for block in std::mem::take(&mut self.dirty) {
            self.write_back(self.block(block));
        }
    }

    fn write_back(&mut self, range: std::ops::Range<usize>) {
        let disk = Arc::make_mut(&mut self.disk);
        disk.resize(disk.len().max(range.end), 0);
        disk[range.clone()].copy_from_slice(&self.cache[range]);
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
        let mut state = self.0.state.lock();
        if let Some(Node::File(body)) = state.names.remove(path) {
            // On a full disk there is so much room then.
            self.0.free_bytes.fetch_add(state.bodies[body].cache.len() as u64, Ordering::SeqCst);
        }
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

    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        let disks = self.0.disks.lock();
        let Some((folder, bytes)) = disks.iter().find(|(folder, _)| path.starts_with(folder)) else {
            return Ok(self.0.free_bytes.load(Ordering::SeqCst));
        };
        let files = self.files();
        let used: usize =
            files.iter().filter(|(file, _)| file.starts_with(folder)).map(|(_, length)| length).sum();
        Ok(bytes.saturating_sub(used as u64))
    }
}

impl VfsFile for SimulatedFile {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let number = self.machine.0.reads.fetch_add(1, Ordering::SeqCst) + 1;
        if number == self.machine.0.fail_read_at.load(Ordering::SeqCst) {
            return Err(io::Error::other("the sector cannot be read"));
        }
        let cache = &self.machine.0.state.lock().bodies[self.body].cache;
        let start = offset as usize;
        let found = cache.get(start..start + buffer.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(found);
        Ok(())
    }

    /// The write in which the process is killed, or that fails, leaves half of its bytes.
    fn write_all_at(&self, bytes: &[u8], offset: u64) -> io::Result<()> {
        let outcome = self.machine.begin("writing", &self.path)?;
        let (half, start) = (&bytes[..bytes.len() / 2], offset as usize);
        let write = |bytes: &[u8]| self.machine.0.state.lock().bodies[self.body].write(bytes, start);
        write(half);
        self.machine.keep_moment(|| format!("in the middle of writing {}", self.path.display()));
        match outcome {
            Outcome::Done => write(bytes),
            Outcome::Failed => return Err(io::ErrorKind::StorageFull.into()),
            Outcome::Killed => {}
        }
        outcome.into_result()
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.machine.0.state.lock().bodies[self.body].cache.len() as u64)
    }

    fn sync_data(&self) -> io::Result<()> {
        let outcome = self.machine.begin("syncing", &self.path)?;
        if outcome == Outcome::Killed {
            return outcome.into_result();
        }
        let number = self.machine.0.syncs.fetch_add(1, Ordering::SeqCst) + 1;
        let fails = number == self.machine.0.fail_sync_at.load(Ordering::SeqCst);
        let mut state = self.machine.0.state.lock();
        let body = &mut state.bodies[self.body];
        if fails || outcome == Outcome::Failed {
            body.dirty.clear();
            drop(state);
            self.machine.stall();
            return Err(io::Error::other("the disk did not take it, and the kernel calls it clean"));
        }
        body.sync();
        Ok(())
    }

    fn reserve(&self, _from: u64, end: u64) -> io::Result<()> {
        self.machine.operation("reserving room in", &self.path)?;
        self.machine.0.state.lock().bodies[self.body].reserve(end as usize);
        Ok(())
    }

    fn give_back(&self, end: u64) -> io::Result<()> {
        self.machine.operation("giving back room of", &self.path)?;
        self.machine.0.state.lock().bodies[self.body].give_back(end as usize);
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
        let cache = Arc::clone(&self.machine.0.state.lock().bodies[self.body].cache);
        Ok(Mapping::new(SharedBytes(cache)))
    }

    fn try_lock(&self, _offset: u64, _length: u64) -> io::Result<bool> {
        Ok(true)
    }

    fn unlock(&self, _offset: u64, _length: u64) -> io::Result<()> {
        Ok(())
    }
}
