//! Many files in one call: all processors work, however small each file is, and one commit shows all or none.
//!
//! The calling thread takes the files one after the other, checks what can be checked before anything is read, and
//! hands them to a [`crew`](crate::crew). It alone runs the caller's functions: the iterator, the progress, and the
//! readers that belong to it. Memory is bounded: what waits for the commit by the limits of a batch, what waits for
//! the crew by its queue. A handful of small files never leaves the calling thread.

use std::cell::Cell;
use std::fs;
use std::io::Read;

use super::batch_room::{BatchRoom, inline_bytes, plain_bytes};
use super::file_job::{Done, Job, Watched, file_bytes, named, store_counting};
use super::new_file::{NewFile, Source};
use super::{Bulk, BulkEvent, BulkParent, Database, Stored};
use crate::control::Control;
use crate::crew::{Crew, with_crew};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{CheckedNewEvent, NewEvent};
use crate::id::EventId;
use crate::limits::{BATCH_BYTES_MAX, BATCH_EVENTS_MAX};
use crate::options::Durability;

/// So many bytes of files, and so many files, are stored sooner than threads are started for them.
const ALONE_BYTES_MAX: u64 = 128 * 1024;
const ALONE_FILES_MAX: usize = 16;

/// What the calling thread reads of its own readers into memory, for others to store.
const HERE_BYTES_MAX: u64 = 256 * 1024;

/// How [`Database::put_files`] goes about it.
///
/// ```
/// use ouroborosdb::{CancelToken, Control, Durability, PutFilesOptions};
/// let token = CancelToken::new();
/// let options = PutFilesOptions::new()
///     .control(Control::new().cancel(&token))
///     .durability(Durability::Buffered);
/// # drop(options);
/// ```
#[derive(Debug, Default)]
pub struct PutFilesOptions<'a> {
    control: Control<'a>,
    durability: Option<Durability>,
}

impl<'a> PutFilesOptions<'a> {
    /// Neither cancelled nor watched, and as safe as the database says.
    #[must_use]
    pub fn new() -> PutFilesOptions<'a> {
        PutFilesOptions::default()
    }

    /// Cancels and watches the call. Progress counts the bytes read, and as items the files that are done.
    #[must_use]
    pub fn control(mut self, control: Control<'a>) -> PutFilesOptions<'a> {
        self.control = control;
        self
    }

    /// When the call is safe; as the database was opened unless it is said here. See
    /// [`NewEvent::durability`](crate::NewEvent::durability).
    #[must_use]
    pub fn durability(mut self, durability: Durability) -> PutFilesOptions<'a> {
        self.durability = Some(durability);
        self
    }
}

impl Database {
    /// Stores many files under `parent`, or each under [a parent of its own](NewFile::under), and gives their ids in
    /// the order of the files.
    ///
    /// All become visible at once or none does, in one batch: up to [`BATCH_EVENTS_MAX`] files, and [`BATCH_BYTES_MAX`]
    /// for their events, in which the bytes of the files do not count. All processors work on them, however small
    /// each file is. The iterator is asked for a file when there is room for it, on the calling thread.
    ///
    /// ```
    /// use ouroborosdb::{Database, NewEvent, NewFile, Options, PutFilesOptions};
    /// let db = Database::open_in_memory(Options::new())?;
    /// let album = db.create_root("album")?;
    /// let photos = (0..100).map(|number| {
    ///     let name = NewEvent::new().attribute("name", format!("{number}.jpg"));
    ///     NewFile::from_bytes(vec![number; 5_000]).event(name)
    /// });
    /// let ids = db.put_files(album, photos, PutFilesOptions::new())?;
    /// assert_eq!(db.read_file(ids[99])?, [99; 5_000]);
    /// # Ok::<(), ouroborosdb::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`put_file`](Database::put_file), led by which file they concern, as `files[3]`; `path_not_found`,
    /// `permission_denied` or `io`, naming the path, and `invalid_argument` for a path that is no file, or for a file with
    /// a [`durability`](crate::NewEvent::durability) of its own; `batch_too_large`; `cancelled`. Nothing is stored then
    /// but chunks that nothing refers to.
    pub fn put_files<'a>(
        &self,
        parent: impl Into<EventId>,
        files: impl IntoIterator<Item = NewFile<'a>>,
        options: PutFilesOptions<'_>,
    ) -> Result<Vec<EventId>> {
        self.put_files_from(parent, files.into_iter().map(Ok), options)
    }

    /// As [`put_files`](Database::put_files), from files whose making may fail: the first error ends the call, and is
    /// its answer.
    ///
    /// # Errors
    ///
    /// Those of the iterator, as they are, and those of [`put_files`](Database::put_files).
    pub fn put_files_from<'a>(
        &self,
        parent: impl Into<EventId>,
        files: impl IntoIterator<Item = Result<NewFile<'a>>>,
        options: PutFilesOptions<'_>,
    ) -> Result<Vec<EventId>> {
        let bulk = self.bulk()?;
        let _timer = bulk.timer();
        let PutFilesOptions { control, durability } = options;
        control.check()?;
        let (parent, waiting, room) = (parent.into(), Vec::new(), BatchRoom::default());
        let mut call = Call { bulk: &bulk, parent, control, waiting, room };
        let mut files = files.into_iter();
        let (jobs, ended) = call.take_handful(&mut files)?;
        if ended {
            call.store_alone(jobs)?;
        } else {
            with_crew(
                |crew, job| store_counting(&bulk, job, &|bytes| crew.advance(bytes)),
                |crew| {
                    jobs.into_iter().try_for_each(|job| call.place(crew, job))?;
                    for file in files {
                        let job = call.accept(file?)?;
                        call.place(crew, job)?;
                    }
                    call.settle(crew)
                },
            )?;
        }
        call.commit(durability)
    }
}

type FilesCrew<'f> = Crew<Job<'f>, Done>;

/// An event that waits for the commit.
struct Waiting {
    parent: EventId,
    new: Box<CheckedNewEvent>,
    stored: Option<Stored>,
}

struct Call<'a, 'c> {
    bulk: &'a Bulk<'a>,
    parent: EventId,
    control: Control<'c>,
    waiting: Vec<Waiting>,
    room: BatchRoom,
}

impl Call<'_, '_> {
    /// The first files, and whether there are no others: so few and small that no thread is worth starting.
    fn take_handful<'f>(
        &mut self,
        files: &mut impl Iterator<Item = Result<NewFile<'f>>>,
    ) -> Result<(Vec<Job<'f>>, bool)> {
        let (mut jobs, mut bytes) = (Vec::new(), 0u64);
        while jobs.len() < ALONE_FILES_MAX && bytes <= ALONE_BYTES_MAX {
            let Some(file) = files.next() else { return Ok((jobs, true)) };
            let job = self.accept(file?)?;
            bytes = bytes.saturating_add(job.bytes);
            jobs.push(job);
        }
        Ok((jobs, false))
    }

    /// Checks all that can be checked before the file is read, and lets its event wait.
    fn accept<'f>(&mut self, file: NewFile<'f>) -> Result<Job<'f>> {
        let at = self.waiting.len();
        let NewFile { source, parent, new } = file;
        self.bulk.check_open()?;
        let parent = parent.unwrap_or(self.parent);
        let (new, bytes) = self.check(&source, &parent, new).map_err(|error| named(at, error))?;
        self.room = self.room.with(plain_bytes(&new, None)).ok_or_else(|| too_large(at))?;
        let temporary = new.temporary;
        self.waiting.push(Waiting { parent, new, stored: None });
        Ok(Job { at, source, bytes, counted: false, temporary })
    }

    fn check(
        &self,
        source: &Source<'_>,
        parent: &EventId,
        new: NewEvent,
    ) -> Result<(Box<CheckedNewEvent>, u64)> {
        let new = Box::new(new.check()?);
        if new.durability.is_some() {
            let message =
                "the files are durable together; leave `durability` out here and give it to the call";
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        self.bulk.check_new(parent, &new)?;
        let bytes = match source {
            Source::Bytes(bytes) => (**bytes).as_ref().len() as u64,
            Source::Path(path) => file_bytes(path, fs::metadata(path))?,
            Source::Reader(_) | Source::Here(_) => u64::MAX,
        };
        Ok((new, bytes))
    }

    fn store_alone(&mut self, jobs: Vec<Job<'_>>) -> Result<()> {
        for job in jobs {
            self.control.check()?;
            let done = store_counting(self.bulk, job, &|_| self.control.check())?;
            let bytes = done.stored.length();
            self.keep(done)?;
            self.control.advance(bytes, 1)?;
        }
        Ok(())
    }

    /// Hands a file over to the crew, or, where only this thread may read it and it is large, stores it here.
    fn place<'f>(&mut self, crew: &FilesCrew<'f>, mut job: Job<'f>) -> Result<()> {
        if let Source::Here(reader) = &mut job.source {
            let (at, temporary, bulk) = (job.at, job.temporary, self.bulk);
            // What went wrong elsewhere while this one was read has the name of its own file already.
            let elsewhere = Cell::new(false);
            let named = |error| if elsewhere.get() { error } else { named(at, error) };
            let mut look = |bytes| self.look(crew, bytes, 0).inspect_err(|_| elsewhere.set(true));
            let mut watched = Watched { reader, count: &mut look };
            let mut begin = Vec::new();
            let read = (&mut watched).take(HERE_BYTES_MAX).read_to_end(&mut begin);
            read.map_err(|error| named(Error::from_source(error)))?;
            if begin.len() as u64 == HERE_BYTES_MAX {
                let stored = bulk.store(&mut begin.chain(watched), None, temporary);
                self.keep(Done { at, stored: stored.map_err(named)? })?;
                return self.look(crew, 0, 1);
            }
            let bytes = begin.len() as u64;
            job = Job { source: Source::Bytes(Box::new(begin)), bytes, counted: true, ..job };
        }
        let bytes = job.bytes;
        let mut waiting = crew.add(job, bytes);
        while let Some(job) = waiting {
            self.look(crew, 0, 0)?;
            waiting = crew.add(job, bytes);
        }
        self.look(crew, 0, 0)
    }

    /// Waits until every file that was handed over is stored.
    fn settle(&mut self, crew: &FilesCrew<'_>) -> Result<()> {
        while !crew.settled() {
            self.look(crew, 0, 0)?;
        }
        self.look(crew, 0, 0)
    }

    /// Looks at what the crew has done, reports it with what this thread has done, and stops where that is wished.
    fn look(&mut self, crew: &FilesCrew<'_>, bytes: u64, files: u64) -> Result<()> {
        let (done, theirs) = crew.news()?;
        let files = files + done.len() as u64;
        done.into_iter().try_for_each(|done| self.keep(done))?;
        self.bulk.check_open()?;
        self.control.advance(bytes + theirs, files)
    }

    fn keep(&mut self, done: Done) -> Result<()> {
        let inline = inline_bytes(done.stored.content());
        self.room = self.room.grown(inline).ok_or_else(|| too_large(done.at))?;
        if let Some(waiting) = self.waiting.get_mut(done.at) {
            waiting.stored = Some(done.stored);
        }
        Ok(())
    }

    fn commit(mut self, durability: Option<Durability>) -> Result<Vec<EventId>> {
        self.control.finish();
        self.control.check()?;
        self.bulk.check_open()?;
        if self.waiting.is_empty() {
            return Ok(Vec::new());
        }
        let whole = self.waiting.iter().all(|waiting| waiting.stored.is_some());
        if !whole {
            return Err(Error::new(ErrorCode::Internal, "a file was not stored, and nothing said why"));
        }
        let events = self.waiting.into_iter().map(|Waiting { parent, new, stored }| BulkEvent {
            parent: BulkParent::Event(parent),
            new,
            content: stored,
        });
        self.bulk.commit(events.collect(), durability)
    }
}

fn too_large(at: usize) -> Error {
    let message = format!(
        "files[{at}] is one too many: one call takes {BATCH_EVENTS_MAX} files, and {BATCH_BYTES_MAX} bytes for \
         their events; give the rest to further calls"
    );
    Error::new(ErrorCode::BatchTooLarge, message)
}
