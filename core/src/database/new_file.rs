//! A file that is to be stored together with others.

use std::fmt;
use std::io::Read;
use std::path::PathBuf;

use crate::event::NewEvent;
use crate::id::EventId;

/// A file for [`Database::put_files`](crate::Database::put_files): where its bytes come from, and what its event
/// carries beside them.
///
/// ```
/// use ouroborosdb::{NewEvent, NewFile};
/// let text = NewFile::from_bytes(&b"hello"[..]).event(NewEvent::new().attribute("name", "greeting"));
/// let log = NewFile::from_path("/var/log/syslog");
/// let stream = NewFile::from_reader(std::io::repeat(7).take(1_000_000));
/// # use std::io::Read;
/// # drop((text, log, stream));
/// ```
pub struct NewFile<'a> {
    pub(super) source: Source<'a>,
    pub(super) parent: Option<EventId>,
    pub(super) new: NewEvent,
}

/// Where the bytes come from.
pub(super) enum Source<'a> {
    Bytes(Box<dyn AsRef<[u8]> + Send + 'a>),
    Path(PathBuf),
    /// Read by any thread.
    Reader(Box<dyn Read + Send + 'a>),
    /// Read by the thread that calls.
    Here(Box<dyn Read + Send + 'a>),
}

impl<'a> NewFile<'a> {
    /// The file is these bytes, borrowed or owned.
    #[must_use]
    pub fn from_bytes(bytes: impl AsRef<[u8]> + Send + 'a) -> NewFile<'a> {
        NewFile::of(Source::Bytes(Box::new(bytes)))
    }

    /// The file is what is at this path when its turn comes. Symbolic links are followed; what they lead to must be a
    /// file, and no device or pipe, whose reading might never end: open these, and give the reader.
    #[must_use]
    pub fn from_path(path: impl Into<PathBuf>) -> NewFile<'a> {
        NewFile::of(Source::Path(path.into()))
    }

    /// The file is what the reader gives until its end. Some thread of the call reads it, beside those that read
    /// others.
    #[must_use]
    pub fn from_reader(reader: impl Read + Send + 'a) -> NewFile<'a> {
        NewFile::of(Source::Reader(Box::new(reader)))
    }

    /// As [`from_reader`](NewFile::from_reader), but the reader is read on the thread that calls, one after the other:
    /// for readers that belong to it, such as those of an interpreter. Hashing and compressing is still shared out.
    #[must_use]
    pub fn from_reader_here(reader: impl Read + Send + 'a) -> NewFile<'a> {
        NewFile::of(Source::Here(Box::new(reader)))
    }

    /// Hangs the file under this event, and not under the parent that the call names.
    #[must_use]
    pub fn under(mut self, parent: impl Into<EventId>) -> NewFile<'a> {
        self.parent = Some(parent.into());
        self
    }

    /// What the event carries beside the file. Its durability is refused: the call is safe as a whole.
    #[must_use]
    pub fn event(mut self, new: NewEvent) -> NewFile<'a> {
        self.new = new;
        self
    }

    fn of(source: Source<'a>) -> NewFile<'a> {
        NewFile { source, parent: None, new: NewEvent::new() }
    }
}

impl fmt::Debug for NewFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match &self.source {
            Source::Bytes(bytes) => format!("{} bytes", (**bytes).as_ref().len()),
            Source::Path(path) => path.display().to_string(),
            Source::Reader(_) | Source::Here(_) => "a reader".to_owned(),
        };
        f.debug_struct("NewFile")
            .field("source", &source)
            .field("parent", &self.parent)
            .finish_non_exhaustive()
    }
}
