//! `Database`: an open database. Its methods lie in a file for each family, as they do in the engine.

mod backup;
mod files;
mod folders;
mod tree;
mod upkeep;

use napi::Env;
use napi::bindgen_prelude::{Buffer, Function, Latin1String};
use napi_derive::napi;
use ouroborosdb::guarded;

use crate::arguments::path_bytes;
use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, run};
use crate::thrown::thrown;
use crate::wire::{Id, Record};

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

/// A function that gives the event of an id, at once. What is asked for most often goes past napi's classes and the
/// conversions of its arguments, which together cost more than the engine does. It keeps nothing of the database: V8
/// makes functions where it collects seldom.
#[napi(catch_unwind)]
pub fn event_reader<'env>(
    env: &'env Env,
    database: &Database,
) -> napi::Result<Function<'env, Latin1String, Record>> {
    let shared = database.shared.weak();
    env.create_function_from_closure("event", move |call| {
        let Id(event) = call.first_arg()?;
        let event = guarded(|| shared.with(|database| database.event(event)));
        event.map(Record).map_err(|error| thrown(&error))
    })
}
