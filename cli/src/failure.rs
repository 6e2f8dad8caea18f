//! Why a command did not succeed, and the exit code that says so.

use std::io;
use std::process::ExitCode;

use ouroborosdb::{Error, ErrorCode};

pub(crate) type Result<T> = std::result::Result<T, Failure>;

#[derive(Debug)]
pub(crate) enum Failure {
    /// The library's answer.
    Library(Error),
    /// A sentence for people.
    Said(String),
    /// Damage was found, and told.
    Damaged,
    /// Whoever read our output has gone: nothing to say, and nobody to say it to.
    ReaderGone,
}

impl Failure {
    pub(crate) fn message(&self) -> Option<String> {
        match self {
            Failure::Library(error) => Some(error.message().to_owned()),
            Failure::Said(message) => Some(message.clone()),
            Failure::Damaged | Failure::ReaderGone => None,
        }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Library(error) => match error.code() {
                ErrorCode::Corrupt => ExitCode::from(3),
                ErrorCode::Locked => ExitCode::from(4),
                ErrorCode::Cancelled => ExitCode::from(130),
                _ => ExitCode::FAILURE,
            },
            Failure::Damaged => ExitCode::from(3),
            Failure::Said(_) => ExitCode::FAILURE,
            Failure::ReaderGone => ExitCode::SUCCESS,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Library(error)
    }
}

/// Of standard output: what the library reads and writes has errors of its own.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::ReaderGone;
        }
        Failure::Library(Error::from(error))
    }
}
