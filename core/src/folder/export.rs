//! A stored folder, file or symbolic link out to a path.
//!
//! The events are not trusted: a name must name something in its folder and nothing else, and everything is
//! made anew, so that a symbolic link that an earlier entry made is never followed. Children that are no folder
//! entries, such as notes on a folder, are left out, and so is what hangs under a file or a link. The
//! set-user-id and set-group-id bits are not restored: the files belong to whoever exports them.
//!
//! A folder is open to its owner only while it is filled, and gets its own mode and time after all its contents,
//! the deepest folders first. Files that were written whole before an error stay.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::entry::{Entry, Kind, Status, not_exportable};
use super::options::{ExportOptions, ExportReport};
use super::platform;
use super::store_folders::StoreFolders;
use crate::control::Control;
use crate::crew::{Crew, with_crew};
use crate::database::{Database, EventCursor, FileReader, Order};
use crate::error::{Error, ErrorCode, Result};
use crate::event::Event;
use crate::id::EventId;
use crate::logging::tell;

/// Permissions and the sticky bit, without set-user-id and set-group-id.
const MODE_BITS_RESTORED: u32 = 0o1777;

type ExportCrew = Crew<Job, u64>;

/// A file to be written. Done, it gives its length.
struct Job {
    event: EventId,
    path: PathBuf,
    length: u64,
    status: Status,
}

/// A folder on the way from the top to where the walk is.
struct Folder {
    path: PathBuf,
    status: Status,
    children: EventCursor,
}

struct Export<'a, 'c> {
    db: &'a Database,
    crew: &'a ExportCrew,
    control: Control<'c>,
    stack: Vec<Folder>,
    /// Folders whose mode and time are still to be set, deepest first.
    filled: Vec<(PathBuf, Status)>,
    report: ExportReport,
    /// Events that are no folder entries.
    left_out: u64,
}

/// Writes what `event` says to `path`.
pub(crate) fn export(
    db: &Database,
    event: EventId,
    path: &Path,
    options: ExportOptions<'_>,
) -> Result<ExportReport> {
    // Held to the end: closing waits for a call, not for its threads.
    let _inside = db.enter()?;
    options.control.check()?;
    let top = db.event(event)?;
    let entry = Entry::of(&top)?
        .ok_or_else(|| not_exportable(&top, "it has no attribute `file.type`, so it is no folder entry"))?;
    let exists = check_target(path, entry.kind)?;
    refuse_store(db, path)?;
    with_crew(
        |crew, job| write_file(db, crew, &job),
        |crew| {
            let report = ExportReport { files: 0, directories: 0, symlinks: 0, bytes: 0 };
            let (stack, filled) = (Vec::new(), Vec::new());
            let export = Export { db, crew, control: options.control, stack, filled, report, left_out: 0 };
            export.run(&top, entry, path.to_path_buf(), exists)
        },
    )
}

/// Whether the target is an empty folder that can be filled; `already_exists` for anything else that is there.
fn check_target(path: &Path, kind: Kind) -> Result<bool> {
    let failed = |error| Error::io("cannot export to", path, error);
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(error)),
        Ok(metadata) if kind == Kind::Directory && metadata.is_dir() => {
            match fs::read_dir(path).map_err(failed)?.next() {
                None => Ok(true),
                Some(_) => Err(already_exists(path, " and is not empty")),
            }
        }
        Ok(_) => Err(already_exists(path, "")),
    }
}

/// What is written into a folder of the store would be taken for a part of it, or be in its way.
pub(super) fn refuse_store(db: &Database, path: &Path) -> Result<()> {
    let above = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => path,
    };
    StoreFolders::of(db)?.refuse(if path.exists() { path } else { above }, "export to another")
}

fn already_exists(path: &Path, how: &str) -> Error {
    let message = format!("{} exists already{how}; export to a path where there is nothing", path.display());
    Error::new(ErrorCode::AlreadyExists, message)
}

/// The error of making something at `path`.
pub(super) fn not_made(path: &Path, error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return already_exists(path, " (two entries may have one name)");
    }
    Error::io("cannot make", path, error)
}

impl Export<'_, '_> {
    fn run(mut self, top: &Event, entry: Entry, path: PathBuf, exists: bool) -> Result<ExportReport> {
        self.place(top, entry, path, exists)?;
        while let Some(folder) = self.stack.last_mut() {
            let Some(child) = folder.children.next().transpose()? else {
                let filled = self.stack.pop().map(|folder| (folder.path, folder.status));
                self.filled.extend(filled);
                continue;
            };
            if let Some(entry) = Entry::of(&child)? {
                let path = folder.path.join(entry.safe_name(&child)?);
                self.place(&child, entry, path, false)?;
            } else {
                self.left_out += 1;
                self.look(0)?;
            }
        }
        while !self.crew.settled() {
            self.look(0)?;
        }
        for (path, status) in std::mem::take(&mut self.filled) {
            platform::finish_folder(&path, status.mode, status.mtime)
                .map_err(|error| Error::io("cannot set mode and time of", &path, error))?;
            self.report.directories += 1;
            self.look(1)?;
        }
        self.look(0)?;
        self.control.finish();
        if self.left_out > 0 {
            let (event, left_out) = (top.id(), self.left_out);
            tell!(WARN, event = %event, left_out, "an export left events out that are no folder entries");
        }
        Ok(self.report)
    }

    /// Makes one entry, or hands it over.
    fn place(&mut self, event: &Event, entry: Entry, path: PathBuf, exists: bool) -> Result<()> {
        let mode = entry.status.mode.map(|mode| mode & MODE_BITS_RESTORED);
        let status = Status { mode, ..entry.status };
        match entry.kind {
            Kind::File => {
                let length = event.content_length().unwrap_or(0);
                self.hand_over(Job { event: event.id(), path, length, status })?;
            }
            Kind::Directory => {
                if !exists {
                    platform::create_folder(&path).map_err(|error| not_made(&path, error))?;
                }
                let children = self.db.children(event, Order::Commit)?;
                self.stack.push(Folder { path, status, children });
            }
            Kind::Symlink => {
                let target = entry.target.unwrap_or_default();
                platform::create_symlink(&target, &path).map_err(|error| not_made(&path, error))?;
                platform::finish_symlink(&path, status.mtime)
                    .map_err(|error| Error::io("cannot set the time of", &path, error))?;
                self.report.symlinks += 1;
            }
        }
        self.look(u64::from(entry.kind == Kind::Symlink))
    }

    fn hand_over(&mut self, job: Job) -> Result<()> {
        let length = job.length;
        let mut waiting = self.crew.add(job, length);
        while let Some(job) = waiting {
            self.look(0)?;
            waiting = self.crew.add(job, length);
        }
        Ok(())
    }

    /// Looks at what the crew has done, reports it with so many entries more, and stops where that is wished.
    fn look(&mut self, entries: u64) -> Result<()> {
        let (done, bytes) = self.crew.news()?;
        let files = done.len() as u64;
        self.report.files += files;
        self.report.bytes += done.iter().sum::<u64>();
        self.control.advance(bytes, files + entries)
    }
}

/// Writes one file, on a thread of the crew.
fn write_file(db: &Database, crew: &ExportCrew, job: &Job) -> Result<u64> {
    let path = &job.path;
    let failed = |error| Error::io("cannot write", path, error);
    let reader = db.open_file(job.event)?;
    let file = platform::create_file(path).map_err(|error| not_made(path, error))?;
    let written = copy(&reader, &file, crew, job).and_then(|written| {
        platform::finish_file(&file, job.status.mode, job.status.mtime).map_err(failed)?;
        Ok(written)
    });
    if written.is_err() {
        // Half a file under its name would be taken for the whole one.
        let _ = fs::remove_file(path);
    }
    written
}

/// The system begins to write a file out after so many bytes, and at its end if it is no shorter than the least: what is
/// shorter is better written together with others.
const WRITING_OUT_BYTES: u64 = 8 * 1024 * 1024;
const WRITING_OUT_BYTES_MIN: u64 = 1024 * 1024;

fn copy(reader: &FileReader, mut file: &File, crew: &ExportCrew, job: &Job) -> Result<u64> {
    let (mut written, mut begun) = (0, 0);
    reader.each_piece(0, &mut |piece| {
        file.write_all(piece).map_err(|error| Error::io("cannot write", &job.path, error))?;
        written += piece.len() as u64;
        let last = written == job.length && written >= WRITING_OUT_BYTES_MIN;
        if last || written - begun >= WRITING_OUT_BYTES {
            platform::begin_writing_out(file);
            begun = written;
        }
        crew.advance(piece.len() as u64)
    })?;
    Ok(written)
}
