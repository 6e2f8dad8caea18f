//! Which store a command speaks of, and the events that it names.

use std::path::{Path, PathBuf};

use ouroborosdb::{Database, EventId, Options};

use crate::arguments::{Compression, Place};
use crate::failure::{Failure, Result};

/// What the command line says of the store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// Its folder; none is the nearest one.
    pub(crate) folder: Option<&'a Path>,
    /// Further folders of it.
    pub(crate) also_in: &'a [PathBuf],
    /// How much memory it may take; none for the default.
    pub(crate) memory_limit: Option<u64>,
    /// How what it writes is compressed.
    pub(crate) compression: Compression,
}

impl<'a> Given<'a> {
    /// The same store, unless the command names another one.
    pub(crate) fn or_named(self, folder: Option<&'a Path>) -> Given<'a> {
        Given { folder: folder.or(self.folder), ..self }
    }

    pub(crate) fn options(self) -> Options {
        let compression = match self.compression {
            Compression::None => ouroborosdb::Compression::None,
            Compression::Fast => ouroborosdb::Compression::Fast,
            Compression::Default => ouroborosdb::Compression::Default,
        };
        let options = Options::new().paths(self.also_in).compression(compression);
        match self.memory_limit {
            None => options,
            Some(bytes) => options.memory_limit(bytes),
        }
    }
}

/// The folder of `--store`, else the nearest one upwards that is a store.
fn find(given: Given<'_>) -> Result<PathBuf> {
    if let Some(folder) = given.folder {
        return Ok(folder.to_owned());
    }
    let here = std::env::current_dir()?;
    let found = here.ancestors().find(|folder| folder.join("superblock").is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        let message = "there is no store here; name one with --store, or make one with `ouroboros init`";
        Failure::Said(message.to_owned())
    })
}

/// For commands that look.
pub(crate) fn open_read_only(given: Given<'_>) -> Result<Database> {
    Ok(Database::open_read_only(find(given)?, given.options())?)
}

/// For commands that write. A folder that is named is made a store where it is none.
pub(crate) fn open(given: Given<'_>) -> Result<Database> {
    Ok(Database::open(find(given)?, given.options())?)
}

/// The parent of a new event.
pub(crate) fn parent(db: &Database, place: &Place) -> Result<EventId> {
    Ok(match &place.under {
        Some(event) => db.resolve(event)?,
        None => db.ensure_root(&place.root)?,
    })
}
