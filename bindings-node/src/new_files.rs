//! Many files on their way from JavaScript to one call.
//!
//! JavaScript pushes files into a short queue, and waits where it is full; the call takes them out as the engine asks
//! for them. A call that JavaScript waits for asks a function of it for the next file instead, which pushes it.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

use napi::bindgen_prelude::{BufferSlice, FnArgs, Function, Latin1String};
use napi_derive::napi;
use ouroborosdb::{Error, ErrorCode, EventId, NewEvent, NewFile, Result};
use parking_lot::{Condvar, Mutex};

use crate::arguments::{NewEventFields, event_id, new_event};
use crate::opened::{Fed, Shared};
use crate::run::Post;
use crate::source::{Source, Taken, closed, pulled};

/// How much waits in the queue before JavaScript is asked to wait.
const QUEUE_BYTES_MAX: usize = 4 * 1024 * 1024;
const QUEUE_FILES_MAX: usize = 1024;

/// The files of one call.
#[napi]
pub struct NewFiles {
    queue: Arc<FileQueue>,
}

#[napi]
impl NewFiles {
    /// An empty queue.
    #[napi(constructor)]
    #[allow(clippy::new_without_default, reason = "JavaScript has no Default")]
    pub fn new() -> NewFiles {
        NewFiles { queue: Arc::default() }
    }

    /// Adds a file. False where JavaScript should wait for the news that there is room again, or that the call has ended.
    #[napi(catch_unwind)]
    pub fn push(
        &self,
        source: &Source,
        parent: Option<Latin1String>,
        fields: Option<NewEventFields>,
    ) -> napi::Result<bool> {
        self.add(Content::Taken(source.taken()), parent, fields)
    }

    /// Adds a file whose bytes a function gives, which knows it by this number.
    #[napi(catch_unwind)]
    pub fn push_pulled(
        &self,
        number: u32,
        parent: Option<Latin1String>,
        fields: Option<NewEventFields>,
    ) -> napi::Result<bool> {
        self.add(Content::Pulled(number), parent, fields)
    }

    /// There are no more files.
    #[napi(catch_unwind)]
    pub fn end(&self) {
        self.queue.stop(Stopped::Ended);
    }

    /// JavaScript gives no more files, though there are some.
    #[napi(catch_unwind)]
    pub fn fail(&self) {
        self.queue.stop(Stopped::Failed);
    }

    fn add(
        &self,
        content: Content,
        parent: Option<Latin1String>,
        fields: Option<NewEventFields>,
    ) -> napi::Result<bool> {
        let parent = parent.map(|parent| event_id(&parent)).transpose()?;
        Ok(self.queue.push(Entry { content, parent, new: new_event(fields)? }))
    }

    /// The files for a call on a thread of its own, which waits for them.
    pub(crate) fn awaited(&self, database: &Shared) -> Awaited {
        let queue: Arc<dyn Fed> = self.queue.clone();
        database.watch(&queue);
        Awaited { queue: Arc::clone(&self.queue), database: database.clone(), post: None }
    }

    /// The files for a call that JavaScript waits for.
    pub(crate) fn asked<'a>(&'a self, next: &'a Next<'a>, read: &'a ReadNumbered<'a>) -> Asked<'a> {
        Asked { queue: &self.queue, next, read, ended: false }
    }
}

impl Drop for NewFiles {
    fn drop(&mut self) {
        // Nobody pushes any more: the call is over, or JavaScript is.
        self.fail();
    }
}

struct Entry {
    content: Content,
    parent: Option<EventId>,
    new: NewEvent,
}

enum Content {
    Taken(Taken),
    Pulled(u32),
}

impl Entry {
    fn bytes(&self) -> usize {
        match &self.content {
            Content::Taken(Taken::Bytes(bytes)) => bytes.get_ref().len(),
            Content::Taken(_) | Content::Pulled(_) => 0,
        }
    }

    /// The engine's file, from what `made` makes of the content.
    fn file<'a>(self, made: impl FnOnce(Content) -> NewFile<'a>) -> NewFile<'a> {
        let file = made(self.content).event(self.new);
        match self.parent {
            Some(parent) => file.under(parent),
            None => file,
        }
    }
}

/// The queue between JavaScript's thread and that of the call.
#[derive(Default)]
struct FileQueue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    entries: VecDeque<Entry>,
    bytes: usize,
    waited_for: bool,
    stopped: Option<Stopped>,
}

#[derive(Clone, Copy)]
enum Stopped {
    Ended,
    Failed,
    Closed,
}

impl FileQueue {
    fn push(&self, entry: Entry) -> bool {
        let mut state = self.state.lock();
        if state.stopped.is_some() {
            return false;
        }
        state.bytes += entry.bytes();
        state.entries.push_back(entry);
        state.waited_for = state.bytes >= QUEUE_BYTES_MAX || state.entries.len() >= QUEUE_FILES_MAX;
        self.changed.notify_one();
        !state.waited_for
    }

    fn stop(&self, how: Stopped) {
        self.state.lock().stopped.get_or_insert(how);
        self.changed.notify_one();
    }

    /// The next file, and whether JavaScript waits for room that there is now; none at the end.
    fn take(&self, waits: bool) -> Result<Option<(Entry, bool)>> {
        let mut state = self.state.lock();
        loop {
            match state.stopped {
                Some(Stopped::Failed) => return Err(failed()),
                Some(Stopped::Closed) => return Err(closed()),
                Some(Stopped::Ended) | None => {}
            }
            if let Some(entry) = state.entries.pop_front() {
                state.bytes -= entry.bytes();
                let room = state.bytes < QUEUE_BYTES_MAX / 2 && state.entries.len() < QUEUE_FILES_MAX / 2;
                let drained = state.waited_for && room;
                state.waited_for &= !drained;
                return Ok(Some((entry, drained)));
            }
            if state.stopped.is_some() || !waits {
                return Ok(None);
            }
            self.changed.wait(&mut state);
        }
    }
}

impl Fed for FileQueue {
    fn close(&self) {
        self.state.lock().stopped = Some(Stopped::Closed);
        self.changed.notify_one();
    }
}

/// Files that are waited for.
pub(crate) struct Awaited {
    queue: Arc<FileQueue>,
    database: Shared,
    post: Option<Arc<Post>>,
}

impl Awaited {
    /// Whom to tell when there is room again.
    pub(crate) fn telling(mut self, post: Option<&Arc<Post>>) -> Awaited {
        self.post = post.cloned();
        self
    }

    fn made(&self, content: Content) -> NewFile<'static> {
        match content {
            Content::Taken(taken) => taken.watched(&self.database).telling(self.post.as_ref()).new_file(),
            // Only calls that JavaScript waits for have such.
            Content::Pulled(_) => NewFile::from_bytes(Vec::new()),
        }
    }
}

impl Iterator for Awaited {
    type Item = Result<NewFile<'static>>;

    fn next(&mut self) -> Option<Result<NewFile<'static>>> {
        let (entry, drained) = match self.queue.take(true) {
            Ok(found) => found?,
            Err(error) => return Some(Err(error)),
        };
        if let Some(post) = self.post.as_ref().filter(|_| drained) {
            post.send_drained();
        }
        Some(Ok(entry.file(|content| self.made(content))))
    }
}

/// The function that a call asks for the next file while JavaScript waits: it pushes one, or gives false at the end.
pub(crate) type Next<'a> = Function<'a, (), bool>;

/// The function that gives the next bytes of a file that is pulled: of this number, at most so many.
pub(crate) type ReadNumbered<'a> = Function<'a, FnArgs<(u32, u32)>, BufferSlice<'a>>;

/// Files that JavaScript is asked for, on its own thread.
pub(crate) struct Asked<'a> {
    queue: &'a FileQueue,
    next: &'a Next<'a>,
    read: &'a ReadNumbered<'a>,
    ended: bool,
}

impl<'a> Asked<'a> {
    fn found(&mut self) -> Result<Option<Entry>> {
        loop {
            if let Some((entry, _)) = self.queue.take(false)? {
                return Ok(Some(entry));
            }
            if self.ended {
                return Ok(None);
            }
            // What it threw is kept by `lib/new-files.cjs`.
            self.ended = !self.next.call(()).map_err(|_| failed())?;
        }
    }

    fn made(&self, content: Content) -> NewFile<'a> {
        match content {
            Content::Taken(taken) => taken.new_file(),
            Content::Pulled(number) => NewFile::from_reader_here(Numbered { read: self.read, number }),
        }
    }
}

impl<'a> Iterator for Asked<'a> {
    type Item = Result<NewFile<'a>>;

    fn next(&mut self) -> Option<Result<NewFile<'a>>> {
        match self.found() {
            Ok(entry) => {
                let entry = entry?;
                Some(Ok(entry.file(|content| self.made(content))))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

/// A file whose bytes a function of JavaScript gives.
struct Numbered<'a> {
    read: &'a ReadNumbered<'a>,
    number: u32,
}

#[allow(unsafe_code, reason = "the engine wants files that may go to another thread; this one never does")]
// SAFETY: handed to `NewFile::from_reader_here` alone, which reads on the thread that makes the call, JavaScript's own.
unsafe impl Send for Numbered<'_> {}

impl Read for Numbered<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let wanted = u32::try_from(target.len()).unwrap_or(u32::MAX);
        pulled(self.read.call((self.number, wanted).into()), target)
    }
}

/// JavaScript gives no more files; why is kept by `lib/new-files.cjs`.
fn failed() -> Error {
    Error::new(ErrorCode::Cancelled, "the call was cancelled before it was done")
}
