//! What a store tells of itself: [`crate::logging`].

use std::path::Path;
use std::time::Duration;

use super::Store;
use crate::error::{Error, ErrorCode, Result};
use crate::log::Segment;
use crate::logging::tell;

/// How many stretches of damage are told one by one.
const DAMAGE_TOLD_MAX: usize = 100;

impl Store {
    /// That it is open, how long that took, and what is damaged.
    pub(crate) fn tell_opened(&self, took: Duration) {
        for (folder, why) in self.folders().1 {
            let (store, folder) = (self.folder.display(), folder.display());
            tell!(WARN, store = %store, folder = %folder, why, "a folder of the store is not there");
        }
        let damage = self.known_damage();
        for found in damage.iter().take(DAMAGE_TOLD_MAX) {
            tell!(
                ERROR,
                store = %self.folder.display(),
                segment = found.segment,
                offset = found.offset,
                bytes = found.length,
                "a stretch of a segment is damaged"
            );
        }
        tell!(
            INFO,
            store = %self.folder.display(),
            read_only = self.read_only,
            events = self.index.read().counts().events,
            segments = self.segments.read().len() as u64,
            damaged_ranges = damage.len() as u64,
            microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "opened"
        );
    }

    /// That a write or a sync did not succeed. Under no lock.
    pub(super) fn tell_failed(&self, error: &Error) {
        let store = self.folder.display();
        match error.code() {
            ErrorCode::Closed | ErrorCode::Poisoned => {}
            ErrorCode::DiskFull if !self.poison.is_poisoned() => {
                tell!(WARN, store = %store, error = error.message(), "a write was refused for want of room");
            }
            _ => {
                let poisoned = self.poison.is_poisoned();
                tell!(ERROR, store = %store, error = error.message(), poisoned, "a write failed");
            }
        }
    }

    /// That something that was read is damaged.
    pub(super) fn tell_if_corrupt(&self, error: &Error) {
        if error.code() == ErrorCode::Corrupt {
            tell!(ERROR, store = %self.folder.display(), error = error.message(), "damage was read");
        }
    }

    /// That it is closed.
    pub(super) fn tell_closed(&self, result: &Result<()>) {
        if let Err(error) = result {
            self.tell_failed(error);
        }
        tell!(DEBUG, store = %self.folder.display(), read_only = self.read_only, "closed");
    }
}

/// That a store could not be opened, where that is news to whoever keeps it.
pub(crate) fn tell_not_opened(path: &Path, error: &Error) {
    match error.code() {
        ErrorCode::Locked => {
            tell!(WARN, store = %path.display(), error = error.message(), "another process has the store open");
        }
        ErrorCode::Corrupt | ErrorCode::Io | ErrorCode::PermissionDenied | ErrorCode::DiskFull => {
            tell!(ERROR, store = %path.display(), error = error.message(), "a store could not be opened");
        }
        _ => {}
    }
}

/// That something stands behind the last whole batch, which a crash cut short.
pub(super) fn tell_torn_tail(segment: &Segment, file_bytes: u64) {
    tell!(
        WARN,
        file = %segment.path().display(),
        segment = segment.number(),
        offset = segment.end(),
        bytes = file_bytes.saturating_sub(segment.end()),
        "a write that a crash cut short is left out"
    );
}
