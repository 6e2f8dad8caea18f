//! Files in and out.

use napi::bindgen_prelude::{Either, Latin1String};
use napi_derive::napi;
use ouroborosdb::guarded;

use super::Database;
use crate::arguments::{NewEventFields, event_id, new_event};
use crate::file_reader::FileReader;
use crate::file_writer::FileWriter;
use crate::reply::Reply;
use crate::run::{Answer, Listener, run_long};
use crate::source::{Pull, Pulled, Source};
use crate::thrown::thrown;
use crate::token::CallToken;

#[napi]
impl Database {
    /// Stores a file.
    #[napi(catch_unwind)]
    pub fn put_file(
        &self,
        how: u32,
        parent: Latin1String,
        source: &Source,
        fields: Option<NewEventFields>,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let (parent, new, source) = (event_id(&parent)?, new_event(fields)?, source.watched(&self.shared));
        let shared = self.shared.clone();
        run_long(how, token, listener, move |control, post| {
            let reader = source.telling(post);
            shared.with(|database| database.put_file_with(parent, reader, new, control)).map(Reply::Id)
        })
    }

    /// Stores a file whose bytes a function gives, while JavaScript waits.
    #[napi(catch_unwind)]
    pub fn put_pulled(
        &self,
        parent: Latin1String,
        source: Pull<'_>,
        fields: Option<NewEventFields>,
        token: &CallToken,
        listener: Listener<'_>,
    ) -> napi::Result<Answer> {
        let (parent, new) = (event_id(&parent)?, new_event(fields)?);
        let control = crate::run::told(&token.inner, &listener);
        let put =
            || self.shared.with(|database| database.put_file_with(parent, Pulled(source), new, control));
        guarded(put).map(|id| Either::A(Reply::Id(id))).map_err(|error| thrown(&error))
    }

    /// The whole file if it is small, else a reader of it, for which JavaScript makes room.
    #[napi(catch_unwind)]
    pub fn read_file(&self, how: u32, event: Latin1String) -> napi::Result<Answer> {
        let event = event_id(&event)?;
        self.run(how, move |database, shared| FileReader::small(database.open_file(event)?, shared))
    }

    /// Opens the file.
    #[napi(catch_unwind)]
    pub fn open_file(&self, how: u32, event: Latin1String) -> napi::Result<Answer> {
        let event = event_id(&event)?;
        self.run(how, move |database, shared| Ok(FileReader::reply(database.open_file(event)?, shared)))
    }

    /// A writer for a file that is pushed.
    #[napi(catch_unwind)]
    pub fn file_writer(
        &self,
        how: u32,
        parent: Latin1String,
        fields: Option<NewEventFields>,
    ) -> napi::Result<Answer> {
        let (parent, new) = (event_id(&parent)?, new_event(fields)?);
        self.run(how, move |database, shared| {
            Ok(FileWriter::reply(database.file_writer(parent, new)?, shared))
        })
    }
}
