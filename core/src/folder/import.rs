//! A folder, file or symbolic link into the store.
//!
//! Depth first, parents before their children, siblings ascending by the bytes of their names. All events
//! wait for one commit at the end, so that the import becomes visible at once. Where their encodings would
//! exceed what a batch may hold in memory ([`BATCH_BYTES_MAX`], [`BATCH_EVENTS_MAX`]), those before are committed
//! first; an error after that leaves them visible, each under its folder.
//!
//! A file's mode and time come from the file that was opened, not from the name that led to it. What is
//! neither file, folder nor symbolic link is skipped and reported, and so is the store's own folder: an import
//! that reads what it writes would never end.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::vec;

use super::entry::{Entry, Kind, Status};
use super::options::{ImportOptions, ImportReport};
use super::platform;
use super::store_folders::StoreFolders;
use crate::chunk::profile::INLINE_BYTES_MAX;
use crate::control::Control;
use crate::crew::{Crew, with_crew};
use crate::database::{Bulk, BulkEvent, BulkParent, Database, Stored};
use crate::error::{Error, ErrorCode, Result};
use crate::id::EventId;
use crate::limits::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX};
use crate::logging::tell;
use crate::options::Durability;
use crate::vfs::bytes_of_text;

type ImportCrew = Crew<Job, Done>;

/// A file to be stored.
struct Job {
    /// Its place among the waiting events.
    at: usize,
    path: PathBuf,
}

/// A file that is stored.
struct Done {
    at: usize,
    status: Status,
    stored: Stored,
}

/// An event that waits for its commit.
struct Waiting {
    parent: BulkParent,
    entry: Entry,
    /// Files only, once they are stored.
    stored: Option<Stored>,
}

/// A folder on the way from the top to where the walk is.
struct Folder {
    path: PathBuf,
    event: BulkParent,
    names: vec::IntoIter<OsString>,
}

struct Import<'a, 'c> {
    bulk: &'a Bulk<'a>,
    crew: &'a ImportCrew,
    control: Control<'c>,
    durability: Option<Durability>,
    store_folders: StoreFolders,
    parent: EventId,
    stack: Vec<Folder>,
    waiting: Vec<Waiting>,
    waiting_bytes: usize,
    top: Option<EventId>,
    files: u64,
    directories: u64,
    symlinks: u64,
    bytes: u64,
    skipped: Vec<PathBuf>,
}

/// Stores what is at `path` under `parent`.
pub(crate) fn import(
    db: &Database,
    parent: EventId,
    path: &Path,
    options: ImportOptions<'_>,
) -> Result<ImportReport> {
    let bulk = db.bulk()?;
    let _timer = bulk.timer();
    options.control.check()?;
    bulk.check_parent(&parent)?;
    let metadata = fs::symlink_metadata(path).map_err(|error| Error::io("cannot import", path, error))?;
    if Kind::of(&metadata).is_none() {
        let message = format!(
            "{} is neither a folder, a file nor a symbolic link; import something that is",
            path.display()
        );
        return Err(Error::new(ErrorCode::InvalidArgument, message));
    }
    let store_folders = StoreFolders::of(db)?;
    if !metadata.is_symlink() {
        store_folders.refuse(path, "import another")?;
    }
    let name = top_name(path)?;
    with_crew(
        |crew, job| store_file(&bulk, crew, job),
        |crew| {
            let import = Import {
                bulk: &bulk,
                crew,
                control: options.control,
                durability: options.durability,
                store_folders,
                parent,
                stack: Vec::new(),
                waiting: Vec::new(),
                waiting_bytes: 0,
                top: None,
                files: 0,
                directories: 0,
                symlinks: 0,
                bytes: 0,
                skipped: Vec::new(),
            };
            import.run(path.to_path_buf(), name.as_deref(), &metadata)
        },
    )
}

/// The last component of the path; none for `/`.
fn top_name(path: &Path) -> Result<Option<OsString>> {
    let failed = |error| Error::io("cannot import", path, error);
    let absolute = std::path::absolute(path).map_err(failed)?;
    match absolute.components().next_back() {
        Some(Component::Normal(name)) => Ok(Some(name.to_owned())),
        // Only the file system knows what `..` leads to.
        _ => Ok(fs::canonicalize(path).map_err(failed)?.file_name().map(OsStr::to_owned)),
    }
}

impl Import<'_, '_> {
    fn run(mut self, path: PathBuf, name: Option<&OsStr>, metadata: &Metadata) -> Result<ImportReport> {
        self.visit(path, name, metadata)?;
        while let Some(folder) = self.stack.last_mut() {
            let Some(name) = folder.names.next() else {
                self.stack.pop();
                continue;
            };
            let path = folder.path.join(&name);
            let metadata =
                fs::symlink_metadata(&path).map_err(|error| Error::io("cannot import", &path, error))?;
            self.visit(path, Some(&name), &metadata)?;
        }
        self.settle()?;
        self.control.finish();
        self.control.check()?;
        self.bulk.check_open()?;
        self.commit()?;
        let event = self.top.ok_or_else(|| Error::new(ErrorCode::Internal, "an import made no event"))?;
        let Import { files, directories, symlinks, bytes, skipped, .. } = self;
        if !skipped.is_empty() {
            // Their names are nobody's business.
            let skipped = skipped.len() as u64;
            tell!(WARN, event = %event, skipped, "an import left something out: devices, sockets, pipes, the store");
        }
        Ok(ImportReport { event, files, directories, symlinks, bytes, skipped })
    }

    /// Takes in one entry of the folder on top of the stack.
    fn visit(&mut self, path: PathBuf, name: Option<&OsStr>, metadata: &Metadata) -> Result<()> {
        let is_store = metadata.is_dir() && self.store_folders.has(&path, metadata);
        let kind = match Kind::of(metadata) {
            Some(kind) if !is_store => kind,
            _ => {
                self.skipped.push(path);
                return self.look(0);
            }
        };
        let entry = Entry {
            kind,
            name: name.map(|name| to_bytes(name, &path)).transpose()?,
            status: Status::of(metadata),
            target: (kind == Kind::Symlink).then(|| target_of(&path)).transpose()?,
        };
        self.wait_for_commit(entry, metadata)?;
        let at = self.waiting.len() - 1;
        match kind {
            Kind::File => self.hand_over(Job { at, path }, metadata.len())?,
            Kind::Symlink => self.symlinks += 1,
            Kind::Directory => {
                let names = names_in(&path)?;
                self.stack.push(Folder { path, event: BulkParent::Index(at), names });
                self.directories += 1;
            }
        }
        self.look(u64::from(kind != Kind::File))
    }

    /// Adds an event to those that wait, after making room for it.
    fn wait_for_commit(&mut self, entry: Entry, metadata: &Metadata) -> Result<()> {
        let inline = usize::try_from(metadata.len()).ok().filter(|length| *length <= INLINE_BYTES_MAX);
        let content = if entry.kind == Kind::File { inline.unwrap_or(0) } else { 0 };
        let bytes = entry.bytes_estimated() + content;
        if self.waiting_bytes + bytes > BATCH_BYTES_MAX || self.waiting.len() >= BATCH_EVENTS_MAX {
            self.settle()?;
            self.commit()?;
        }
        let parent = self.stack.last().map_or(BulkParent::Event(self.parent), |folder| folder.event);
        self.waiting.push(Waiting { parent, entry, stored: None });
        self.waiting_bytes += bytes;
        Ok(())
    }

    fn hand_over(&mut self, job: Job, bytes: u64) -> Result<()> {
        let mut waiting = self.crew.add(job, bytes);
        while let Some(job) = waiting {
            self.look(0)?;
            waiting = self.crew.add(job, bytes);
        }
        Ok(())
    }

    /// Waits until every file that was handed over is stored.
    fn settle(&mut self) -> Result<()> {
        while !self.crew.settled() {
            self.look(0)?;
        }
        self.look(0)
    }

    /// Looks at what the crew has done, reports it with so many entries more, and stops where that is wished.
    fn look(&mut self, entries: u64) -> Result<()> {
        let (done, bytes) = self.crew.news()?;
        let files = done.len() as u64;
        for Done { at, status, stored } in done {
            self.files += 1;
            self.bytes += stored.length();
            if let Some(waiting) = self.waiting.get_mut(at) {
                waiting.entry.status = status;
                waiting.stored = Some(stored);
            }
        }
        self.bulk.check_open()?;
        self.control.advance(bytes, files + entries)
    }

    /// Commits what waits. The folders on the stack are stored events from then on.
    fn commit(&mut self) -> Result<()> {
        self.waiting_bytes = 0;
        let events = std::mem::take(&mut self.waiting)
            .into_iter()
            .map(|Waiting { parent, entry, stored }| {
                let new = Box::new(entry.to_new_event().check()?);
                Ok(BulkEvent { parent, new, content: stored })
            })
            .collect::<Result<_>>()?;
        let ids = self.bulk.commit(events, self.durability)?;
        for folder in &mut self.stack {
            if let BulkParent::Index(at) = folder.event
                && let Some(id) = ids.get(at)
            {
                folder.event = BulkParent::Event(*id);
            }
        }
        self.top = self.top.or(ids.first().copied());
        Ok(())
    }
}

fn to_bytes(name: &OsStr, path: &Path) -> Result<Vec<u8>> {
    bytes_of_text(name).ok_or_else(|| {
        let message = format!("the name of {} is not Unicode; rename it", path.display());
        Error::new(ErrorCode::InvalidText, message)
    })
}

fn target_of(path: &Path) -> Result<Vec<u8>> {
    let target = fs::read_link(path).map_err(|error| Error::io("cannot read the link", path, error))?;
    to_bytes(target.as_os_str(), path)
}

/// The names in a folder, ascending by their bytes.
fn names_in(path: &Path) -> Result<vec::IntoIter<OsString>> {
    let failed = |error| Error::io("cannot read the folder", path, error);
    let mut names = fs::read_dir(path)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect::<io::Result<Vec<OsString>>>()
        .map_err(failed)?;
    names.sort_unstable();
    Ok(names.into_iter())
}

/// Stores one file, on a thread of the crew.
fn store_file(bulk: &Bulk<'_>, crew: &ImportCrew, job: Job) -> Result<Done> {
    let Job { at, path } = job;
    let failed = |error| Error::io("cannot read", &path, error);
    let file = platform::open_to_read(&path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        let message = format!("{} became something other than a file while it was imported", path.display());
        return Err(Error::new(ErrorCode::Io, message));
    }
    let stored = bulk.store(&mut Source { file, path: &path, crew }, Some(metadata.len()), false)?;
    Ok(Done { at, status: Status::of(&metadata), stored })
}

/// A file that counts what is read of it, names its path in errors, and ends when the import does.
struct Source<'a> {
    file: File,
    path: &'a Path,
    crew: &'a ImportCrew,
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.file.read(buffer) {
            Ok(read) => {
                self.crew.advance(read as u64)?;
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) => Err(Error::io("cannot read", self.path, error).into()),
        }
    }
}
