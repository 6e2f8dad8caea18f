//! The error that every operation returns: a code for programs, a message for people.

mod code;
mod guarded;

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::Path;

pub use code::ErrorCode;
pub use guarded::guarded;

/// The result of an operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an operation failed.
///
/// [`code`](Error::code) is stable and meant for programs. The message (its [`Display`](fmt::Display)) is
/// meant for people: it names the path, event, offset or process concerned, and says what to do.
///
/// ```
/// use ouroborosdb::{EventId, ErrorCode};
/// let error = "not an id".parse::<EventId>().unwrap_err();
/// assert_eq!(error.code(), ErrorCode::InvalidId);
/// assert_eq!(error.code().name(), "invalid_id");
/// ```
pub struct Error {
    // Boxed, so that a `Result` is one word larger than what it carries.
    inner: Box<Inner>,
}

struct Inner {
    code: ErrorCode,
    message: String,
    os_code: Option<i32>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of this code with this message.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Error {
        Error { inner: Box::new(Inner { code, message: message.into(), os_code: None, source: None }) }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.inner.code
    }

    /// What happened and what to do, for people. One line, without the code.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The operating system's error number, where it reported one.
    #[must_use]
    pub fn os_code(&self) -> Option<i32> {
        self.inner.os_code
    }

    /// The failure of the caller's own source of bytes: code `source_failed`, unless the source itself was
    /// reading from a database, whose error is passed on as it is.
    pub fn from_source(error: io::Error) -> Error {
        if error.get_ref().is_some_and(|inner| inner.is::<Error>()) {
            return Error::from(error);
        }
        let message = format!("the source of the file's bytes failed: {error}; nothing of it was stored");
        let os_code = error.raw_os_error();
        let mut made = Error::new(ErrorCode::SourceFailed, message);
        made.inner.os_code = os_code;
        made.inner.source = Some(Box::new(error));
        made
    }

    /// The failure of what the caller has a file written to: `disk_full` or `io`, unless it was writing to a database,
    /// whose error is passed on as it is.
    pub(crate) fn from_target(error: io::Error) -> Error {
        if error.get_ref().is_some_and(|inner| inner.is::<Error>()) {
            return Error::from(error);
        }
        let (code, advice) = match classify(&error) {
            (ErrorCode::DiskFull, advice) => (ErrorCode::DiskFull, advice),
            _ => (ErrorCode::Io, ""),
        };
        let message = format!("what the file is written to failed: {error}{advice}");
        let os_code = error.raw_os_error();
        let mut made = Error::new(code, message);
        made.inner.os_code = os_code;
        made.inner.source = Some(Box::new(error));
        made
    }

    /// An operating-system error while `doing` something at `path`: `path_not_found`, `permission_denied`,
    /// `disk_full` or `io`; `invalid_argument` for a path with a NUL. For bindings too, which open their callers'
    /// files.
    #[must_use]
    pub fn io(doing: &str, path: &Path, error: io::Error) -> Error {
        let (code, advice) = classify(&error);
        let mut made = Error::new(code, format!("{doing} {}: {error}{advice}", path.display()));
        made.inner.os_code = error.raw_os_error();
        made.inner.source = Some(Box::new(error));
        made
    }

    /// The same error, its message led by what it concerns.
    pub(crate) fn within(mut self, what: &str) -> Error {
        self.inner.message = format!("{what}: {}", self.inner.message);
        self
    }

    /// The same error, its message followed by what to do, where it tells of damage.
    pub(crate) fn advise_if_corrupt(mut self, advice: &str) -> Error {
        if self.inner.code == ErrorCode::Corrupt {
            self.inner.message = format!("{}; {advice}", self.inner.message);
        }
        self
    }

    pub(crate) fn closed() -> Error {
        Error::new(ErrorCode::Closed, "the database is closed; open it again to go on")
    }

    pub(crate) fn cancelled() -> Error {
        Error::new(ErrorCode::Cancelled, "the call was cancelled before it was done")
    }
}

/// Which code an operating-system error has, and what the caller can do about it.
fn classify(error: &io::Error) -> (ErrorCode, &'static str) {
    match error.kind() {
        io::ErrorKind::NotFound => (ErrorCode::PathNotFound, "; check the path"),
        // Not the system's EINVAL: a path that no system call was made for, since it holds a NUL.
        io::ErrorKind::InvalidInput if error.raw_os_error().is_none() => {
            (ErrorCode::InvalidArgument, "; check the path")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            (ErrorCode::PermissionDenied, "; check the owner and mode of the folder")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            (ErrorCode::DiskFull, "; free some space and try again, reading goes on")
        }
        _ => (ErrorCode::Io, ""),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.inner.code.name(), self.inner.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.source.as_deref().map(|source| source as _)
    }
}

/// For `Read` and `Write`: the error travels inside the `io::Error` and comes out whole again.
impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        io::Error::other(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Error {
        match error.downcast::<Error>() {
            Ok(inner) => inner,
            Err(other) => {
                let (code, advice) = classify(&other);
                let mut made = Error::new(code, format!("{other}{advice}"));
                made.inner.os_code = other.raw_os_error();
                made
            }
        }
    }
}
