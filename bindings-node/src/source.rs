//! Where a file's bytes come from: copied bytes, a path, a feed of JavaScript, or a function of it.
//!
//! The engine pulls from a `Read`. JavaScript pushes: into a [`Feed`], a short queue between its thread and that of
//! the call. A call that JavaScript waits for pulls from a function instead, on JavaScript's own thread.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;

use napi::bindgen_prelude::{BufferSlice, Function, Latin1String};
use napi_derive::napi;
use ouroborosdb::{Error, ErrorCode, NewFile};
use parking_lot::{Condvar, Mutex};

use crate::arguments::path;
use crate::opened::{Fed, Shared};
use crate::run::Post;

/// How much waits in a feed before JavaScript is asked to wait.
const FEED_BYTES_MAX: usize = 1024 * 1024;

/// A source that JavaScript made for one call.
#[napi]
pub struct Source {
    kind: Kind,
}

enum Kind {
    Bytes(Mutex<Vec<u8>>),
    Path(PathBuf),
    Feed(Arc<Feed>),
}

#[napi]
impl Source {
    /// A copy of these bytes.
    #[napi(factory)]
    pub fn bytes(bytes: BufferSlice<'_>) -> Source {
        Source { kind: Kind::Bytes(Mutex::new(bytes.to_vec())) }
    }

    /// A file, opened by the call.
    #[napi(factory)]
    pub fn path(name: Latin1String) -> napi::Result<Source> {
        Ok(Source { kind: Kind::Path(path(&name)?) })
    }

    /// What is pushed.
    #[napi(factory)]
    pub fn feed() -> Source {
        Source { kind: Kind::Feed(Arc::new(Feed::default())) }
    }

    /// Copies bytes into the feed. False where JavaScript should wait for the news that there is room again, or that
    /// the call has ended.
    #[napi(catch_unwind)]
    pub fn push(&self, bytes: BufferSlice<'_>) -> bool {
        self.feed_of().is_some_and(|feed| feed.push(bytes.to_vec()))
    }

    /// There are no more bytes.
    #[napi(catch_unwind)]
    pub fn end(&self) {
        if let Some(feed) = self.feed_of() {
            feed.stop(Stopped::Ended);
        }
    }

    /// JavaScript's own source failed with this message.
    #[napi(catch_unwind)]
    pub fn fail(&self, message: String) {
        if let Some(feed) = self.feed_of() {
            feed.stop(Stopped::Failed(message));
        }
    }

    fn feed_of(&self) -> Option<&Arc<Feed>> {
        match &self.kind {
            Kind::Feed(feed) => Some(feed),
            Kind::Bytes(_) | Kind::Path(_) => None,
        }
    }

    /// The source as a call on this database takes it with it.
    pub(crate) fn watched(&self, database: &Shared) -> Taken {
        self.taken().watched(database)
    }

    /// The source as a call takes it with it.
    pub(crate) fn taken(&self) -> Taken {
        match &self.kind {
            Kind::Bytes(bytes) => Taken::Bytes(io::Cursor::new(std::mem::take(&mut *bytes.lock()))),
            Kind::Path(path) => Taken::Path { path: path.clone(), file: None },
            Kind::Feed(feed) => Taken::Feed { feed: Arc::clone(feed), post: None },
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        // Nobody pushes any more: the call is over, or JavaScript is.
        self.fail("nobody goes on with it".to_owned());
    }
}

/// A source on its way through the engine.
pub(crate) enum Taken {
    Bytes(io::Cursor<Vec<u8>>),
    Path { path: PathBuf, file: Option<File> },
    Feed { feed: Arc<Feed>, post: Option<Arc<Post>> },
}

impl Taken {
    /// Ends a feed when this database is closed.
    pub(crate) fn watched(self, database: &Shared) -> Taken {
        if let Taken::Feed { feed, .. } = &self {
            let feed: Arc<dyn Fed> = feed.clone();
            database.watch(&feed);
        }
        self
    }

    /// The same as one of many files. A feed is read by the thread that calls: others would only wait.
    pub(crate) fn new_file(self) -> NewFile<'static> {
        match self {
            Taken::Bytes(bytes) => NewFile::from_bytes(bytes.into_inner()),
            Taken::Path { path, .. } => NewFile::from_path(path),
            feed @ Taken::Feed { .. } => NewFile::from_reader_here(feed),
        }
    }

    /// Whom to tell when a feed has room again.
    pub(crate) fn telling(mut self, told: Option<&Arc<Post>>) -> Taken {
        if let Taken::Feed { post, .. } = &mut self {
            *post = told.cloned();
        }
        self
    }
}

impl Read for Taken {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        match self {
            Taken::Bytes(bytes) => bytes.read(target),
            Taken::Path { path, file } => {
                let file = match file {
                    Some(file) => file,
                    None => {
                        file.insert(File::open(&*path).map_err(|error| Error::io("opening", path, error))?)
                    }
                };
                file.read(target)
            }
            Taken::Feed { feed, post } => {
                let (read, drained) = feed.pull(target)?;
                if let Some(post) = post.as_ref().filter(|_| drained) {
                    post.send_drained();
                }
                Ok(read)
            }
        }
    }
}

/// A queue of bytes between JavaScript's thread and that of a call.
#[derive(Default)]
pub(crate) struct Feed {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    pieces: VecDeque<Vec<u8>>,
    /// How much of the first piece is read.
    read: usize,
    bytes: usize,
    waited_for: bool,
    stopped: Option<Stopped>,
}

enum Stopped {
    Ended,
    Failed(String),
    Closed,
}

impl Feed {
    fn push(&self, bytes: Vec<u8>) -> bool {
        let mut queue = self.queue.lock();
        if queue.stopped.is_some() {
            // JavaScript waits for the call's end, of which it will hear in a later turn of its loop.
            return false;
        }
        if !bytes.is_empty() {
            queue.bytes += bytes.len();
            queue.pieces.push_back(bytes);
            self.changed.notify_one();
        }
        queue.waited_for = queue.bytes >= FEED_BYTES_MAX;
        !queue.waited_for
    }

    fn stop(&self, how: Stopped) {
        self.queue.lock().stopped.get_or_insert(how);
        self.changed.notify_one();
    }

    /// Waits for bytes, and gives how many there were and whether JavaScript waits for room that there is now.
    fn pull(&self, target: &mut [u8]) -> io::Result<(usize, bool)> {
        let mut queue = self.queue.lock();
        loop {
            match &queue.stopped {
                Some(Stopped::Failed(message)) => return Err(io::Error::other(message.clone())),
                Some(Stopped::Closed) => return Err(closed().into()),
                Some(Stopped::Ended) | None => {}
            }
            let Queue { pieces, read, bytes, waited_for, stopped } = &mut *queue;
            if let Some(piece) = pieces.front() {
                let count = piece.get(*read..).unwrap_or_default().read(target)?;
                *read += count;
                if *read == piece.len() {
                    pieces.pop_front();
                    *read = 0;
                }
                *bytes -= count;
                let drained = *waited_for && *bytes < FEED_BYTES_MAX / 2;
                *waited_for &= !drained;
                return Ok((count, drained));
            }
            if stopped.is_some() {
                return Ok((0, false));
            }
            self.changed.wait(&mut queue);
        }
    }
}

impl Fed for Feed {
    fn close(&self) {
        self.queue.lock().stopped = Some(Stopped::Closed);
        self.changed.notify_one();
    }
}

/// The function that a call pulls from while JavaScript waits for it: takes how many bytes are wanted at most, and
/// gives some, none at the end. It throws where JavaScript's own source failed.
pub(crate) type Pull<'a> = Function<'a, u32, BufferSlice<'a>>;

/// Reads from a function of JavaScript, on its thread.
pub(crate) struct Pulled<'a>(pub(crate) Pull<'a>);

impl Read for Pulled<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let wanted = u32::try_from(target.len()).unwrap_or(u32::MAX);
        pulled(self.0.call(wanted), target)
    }
}

/// What a function gave that was asked for bytes.
pub(crate) fn pulled(given: napi::Result<BufferSlice<'_>>, target: &mut [u8]) -> io::Result<usize> {
    match given {
        Ok(bytes) => (&*bytes).read(target),
        Err(error) => {
            let message = error.reason.strip_prefix("Error: ").unwrap_or(&error.reason);
            Err(io::Error::other(message))
        }
    }
}

/// The database was closed under a call that waited for bytes.
pub(crate) fn closed() -> Error {
    Error::new(ErrorCode::Closed, "the database is closed; open it again to go on")
}
