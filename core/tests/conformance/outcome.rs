//! What a verb gives: bytes, a handle, or an error.

use std::fmt::Display;

use crate::names::Handle;

/// What a verb that succeeded gives.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one is alive at a time")]
pub(crate) enum Outcome {
    Bytes(Vec<u8>),
    Handle(Handle),
}

/// Why a verb did not succeed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The engine's answer, which a line may expect.
    Engine(ouroborosdb::Error),
    /// A mistake in the script, or a set-up step that failed.
    Script(String),
}

pub(crate) type Answer = Result<Outcome, Failure>;

impl From<ouroborosdb::Error> for Failure {
    fn from(error: ouroborosdb::Error) -> Failure {
        Failure::Engine(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Script(error.to_string())
    }
}

/// A mistake in the script.
pub(crate) fn mistake<T>(what: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Script(what.into()))
}

/// Nothing to keep.
pub(crate) fn done() -> Answer {
    Ok(Outcome::Bytes(Vec::new()))
}

pub(crate) fn bytes(bytes: impl Into<Vec<u8>>) -> Answer {
    Ok(Outcome::Bytes(bytes.into()))
}

/// A number, an id, true or false.
pub(crate) fn text(value: impl Display) -> Answer {
    bytes(value.to_string())
}

/// `none` for what is absent.
pub(crate) fn optional(value: Option<impl Display>) -> Answer {
    value.map_or_else(|| text("none"), text)
}

pub(crate) fn optional_bytes(value: Option<impl Into<Vec<u8>>>) -> Answer {
    value.map_or_else(|| text("none"), bytes)
}

/// Parts with commas between them.
pub(crate) fn list(parts: impl IntoIterator<Item = impl Display>) -> Answer {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    bytes(parts.join(","))
}

/// Parts that are bytes, with commas between them.
pub(crate) fn list_of_bytes(parts: impl IntoIterator<Item = Vec<u8>>) -> Answer {
    bytes(parts.into_iter().collect::<Vec<_>>().join(&b','))
}

pub(crate) fn handle(handle: Handle) -> Answer {
    Ok(Outcome::Handle(handle))
}
