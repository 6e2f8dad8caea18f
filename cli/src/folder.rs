//! Which store a command speaks of, and the events that it names.

use std::path::{Path, PathBuf};

use ouroborosdb::{Database, EventId, Options};

use crate::arguments::Place;
use crate::failure::{Failure, Result};

/// The folder of `--store`, else the nearest one upwards that is a store.
fn find(given: Option<&Path>) -> Result<PathBuf> {
    if let Some(folder) = given {
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
pub(crate) fn open_read_only(given: Option<&Path>) -> Result<Database> {
    Ok(Database::open_read_only(find(given)?, Options::new())?)
}

/// For commands that write. A folder that is named is made a store where it is none.
pub(crate) fn open(given: Option<&Path>) -> Result<Database> {
    Ok(Database::open(find(given)?, Options::new())?)
}

/// The parent of a new event.
pub(crate) fn parent(db: &Database, place: &Place) -> Result<EventId> {
    Ok(match &place.under {
        Some(event) => db.resolve(event)?,
        None => db.ensure_root(&place.root)?,
    })
}
