//! `Database`: an open database. Its methods lie in a file for each family, as they do in the engine.

mod backup;
mod files;
mod folders;
mod tree;
mod upkeep;

use napi::bindgen_prelude::{Buffer, External, Latin1String};
use napi_derive::napi;
use ouroborosdb::guarded;

use crate::arguments::{event_id, path_bytes};
use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, run};
use crate::thrown::thrown;

/// An open database of event trees.
#[napi]
pub struct Database {
    shared: Shared,
}

impl Database {
    pub(crate) fn new(database: ouroborosdb::Database) -> Database {
        Database { shared: Shared::new(database) }
    }

    /// Runs a short call with the database.
    fn run(
        &self,
        how: u32,
        work: impl FnOnce(&ouroborosdb::Database, &Shared) -> ouroborosdb::Result<Reply> + Send + 'static,
    ) -> napi::Result<Answer> {
        let shared = self.shared.clone();
        run(how, move || shared.with(|database| work(database, &shared)))
    }
}

#[napi]
impl Database {
    /// Closes it for all handles.
    #[napi(catch_unwind)]
    pub fn close(&self, how: u32) -> napi::Result<Answer> {
        let shared = self.shared.clone();
        run(how, move || shared.close().map(|()| Reply::Nothing))
    }

    /// Whether closing has begun.
    #[napi(catch_unwind)]
    pub fn is_closed(&self) -> bool {
        self.shared.is_closed()
    }

    /// Whether it was opened read-only.
    #[napi(catch_unwind)]
    pub fn is_read_only(&self) -> bool {
        self.shared.database().is_some_and(ouroborosdb::Database::is_read_only)
    }

    /// The store's folder, as it was given to open; none in memory.
    #[napi(catch_unwind)]
    pub fn path(&self) -> Option<Buffer> {
        let path = self.shared.database().and_then(ouroborosdb::Database::path);
        path.map(|path| path_bytes(path).into())
    }
}

/// The database as [`event_now`] takes it.
#[napi(catch_unwind)]
pub fn handle_of(database: &Database) -> External<Shared> {
    External::new(database.shared.clone())
}

/// The event of this id, at once. What is asked for most often goes past napi's classes, whose methods cost a third of
/// a microsecond before they begin.
#[napi(catch_unwind)]
pub fn event_now(database: &External<Shared>, event: Latin1String) -> napi::Result<Reply> {
    let event = event_id(&event)?;
    guarded(|| database.with(|database| database.event(event)))
        .map(Reply::Event)
        .map_err(|error| thrown(&error))
}
