//! The attributes of a folder entry: what an import writes and an export reads.
//!
//! - `file.type` is `file`, `directory` or `symlink`; an event without it is no folder entry.
//! - `file.name` is the raw bytes of the name; absent where the path has none, as `/`.
//! - `file.mode` is the permission bits in octal digits, without a prefix; absent where the system has none.
//! - `file.mtime_ns` is the time of the last change in nanoseconds since 1970, in decimal digits, with `-`
//!   before 1970.
//! - `file.target` is the raw bytes that a symbolic link leads to.
//!
//! Reading trusts nothing: anybody may append an event with such attributes, and a replica may bring one.

use std::ffi::OsString;
use std::fs::Metadata;
use std::path::{Component, Path};

use super::platform;
use super::time::Time;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Event, NewEvent};
use crate::vfs::text_of_bytes;

const NAME: &str = "file.name";
const TYPE: &str = "file.type";
const MODE: &str = "file.mode";
const MTIME: &str = "file.mtime_ns";
const TARGET: &str = "file.target";

/// All bits that a mode can have: permissions, set-user-id, set-group-id, sticky.
const MODE_BITS: u32 = 0o7777;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    Symlink,
}

/// What is kept of an entry beside its name and content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) mode: Option<u32>,
    pub(super) mtime: Option<Time>,
}

/// A folder entry, its content left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    pub(super) name: Option<Vec<u8>>,
    pub(super) status: Status,
    /// Symbolic links only, and every one.
    pub(super) target: Option<Vec<u8>>,
}

impl Kind {
    /// None for devices, sockets and pipes.
    pub(super) fn of(metadata: &Metadata) -> Option<Kind> {
        let found = metadata.file_type();
        match (found.is_file(), found.is_dir(), found.is_symlink()) {
            (true, _, _) => Some(Kind::File),
            (_, true, _) => Some(Kind::Directory),
            (_, _, true) => Some(Kind::Symlink),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Directory => "directory",
            Kind::Symlink => "symlink",
        }
    }
}

impl Status {
    pub(super) fn of(metadata: &Metadata) -> Status {
        Status { mode: platform::mode_of(metadata), mtime: platform::mtime_of(metadata) }
    }
}

impl Entry {
    /// The attributes that say it.
    pub(super) fn to_new_event(&self) -> NewEvent {
        let mut new = NewEvent::new().attribute(TYPE, self.kind.word());
        if let Some(name) = &self.name {
            new = new.attribute(NAME, name.as_slice());
        }
        if let Some(mode) = self.status.mode {
            new = new.attribute(MODE, format!("{mode:o}"));
        }
        if let Some(time) = self.status.mtime {
            new = new.attribute(MTIME, time.to_nanoseconds().to_string());
        }
        if let Some(target) = &self.target {
            new = new.attribute(TARGET, target.as_slice());
        }
        new
    }

    /// About how many bytes the event takes, its content left out.
    pub(super) fn bytes_estimated(&self) -> usize {
        // Ids, origin, time, names of attributes, mode and time, and what frames them.
        const FIXED_BYTES: usize = 384;
        FIXED_BYTES + self.name.as_ref().map_or(0, Vec::len) + self.target.as_ref().map_or(0, Vec::len)
    }

    /// The entry that the event's attributes say; none where it has no `file.type`.
    pub(super) fn of(event: &Event) -> Result<Option<Entry>> {
        let Some(word) = event.attribute(TYPE) else { return Ok(None) };
        let kind = [Kind::File, Kind::Directory, Kind::Symlink]
            .into_iter()
            .find(|kind| kind.word().as_bytes() == word)
            .ok_or_else(|| malformed(event, TYPE, "`file`, `directory` or `symlink`"))?;
        let mode = event.attribute(MODE).map(|text| {
            parse_mode(text).ok_or_else(|| malformed(event, MODE, "octal digits of at most 7777"))
        });
        let mtime = event.attribute(MTIME).map(|text| {
            Time::parse(text)
                .ok_or_else(|| malformed(event, MTIME, "nanoseconds since 1970 in decimal digits"))
        });
        let target = match kind {
            Kind::Symlink => Some(
                event
                    .attribute(TARGET)
                    .filter(|target| !target.is_empty() && !target.contains(&0))
                    .ok_or_else(|| malformed(event, TARGET, "where the link leads, without NUL"))?
                    .to_vec(),
            ),
            Kind::File if event.content_length().is_none() => {
                return Err(not_exportable(event, "it is of the type `file` but carries no file"));
            }
            Kind::File | Kind::Directory => None,
        };
        let status = Status { mode: mode.transpose()?, mtime: mtime.transpose()? };
        Ok(Some(Entry { kind, name: event.attribute(NAME).map(<[u8]>::to_vec), status, target }))
    }

    /// The name, if it names something in the folder that it is joined to and nowhere else.
    pub(super) fn safe_name(&self, event: &Event) -> Result<OsString> {
        let bytes = self.name.as_deref().unwrap_or_default();
        let plain =
            !matches!(bytes, b"" | b"." | b"..") && !bytes.iter().any(|byte| matches!(byte, 0 | b'/'));
        let name = text_of_bytes(bytes).filter(|name| {
            // What the system itself makes of it: on Windows `\` and drive letters lead elsewhere too.
            let mut parts = Path::new(name).components();
            plain && matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
        });
        name.ok_or_else(|| {
            let shown = String::from_utf8_lossy(bytes);
            let message = format!(
                "event {} has the name {shown:?}, which could lead outside the export's folder; \
                 export the other entries one by one",
                event.id()
            );
            Error::new(ErrorCode::UnsafeName, message)
        })
    }
}

fn parse_mode(text: &[u8]) -> Option<u32> {
    if !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mode = u32::from_str_radix(std::str::from_utf8(text).ok()?, 8).ok()?;
    (mode <= MODE_BITS).then_some(mode)
}

/// `not_exportable`, naming the event.
pub(super) fn not_exportable(event: &Event, why: &str) -> Error {
    Error::new(ErrorCode::NotExportable, format!("event {} cannot be exported: {why}", event.id()))
}

fn malformed(event: &Event, attribute: &str, expected: &str) -> Error {
    not_exportable(event, &format!("its attribute `{attribute}` is not {expected}"))
}
