//! Files in and out.

use napi::bindgen_prelude::{Either, Latin1String};
use napi_derive::napi;
use ouroborosdb::{Control, Durability, PutFilesOptions, guarded};

use super::Database;
use crate::arguments::{NewEventFields, durability as durability_of, event_id, new_event};
use crate::file_reader::FileReader;
use crate::file_writer::FileWriter;
use crate::new_files::{NewFiles, Next, ReadNumbered};
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

    /// Stores many files, which JavaScript pushes.
    #[napi(catch_unwind)]
    pub fn put_files(
        &self,
        how: u32,
        parent: Latin1String,
        files: &NewFiles,
        durability: Option<String>,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let (parent, durability) = (event_id(&parent)?, durability_of(durability)?);
        let (files, shared) = (files.awaited(&self.shared), self.shared.clone());
        run_long(how, token, listener, move |control, post| {
            let files = files.telling(post);
            let put = |database: &ouroborosdb::Database| {
                database.put_files_from(parent, files, options(control, durability))
            };
            shared.with(put).map(Reply::Ids)
        })
    }

    /// Stores many files, which a function gives, while JavaScript waits.
    #[napi(catch_unwind)]
    #[allow(clippy::too_many_arguments, reason = "JavaScript has no structs")]
    pub fn put_files_asked(
        &self,
        parent: Latin1String,
        files: &NewFiles,
        next: Next<'_>,
        read: ReadNumbered<'_>,
        durability: Option<String>,
        token: &CallToken,
        listener: Listener<'_>,
    ) -> napi::Result<Answer> {
        let (parent, durability) = (event_id(&parent)?, durability_of(durability)?);
        let control = crate::run::told(&token.inner, &listener);
        let put = || {
            self.shared.with(|database| {
                database.put_files_from(parent, files.asked(&next, &read), options(control, durability))
            })
        };
        guarded(put).map(|ids| Either::A(Reply::Ids(ids))).map_err(|error| thrown(&error))
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

fn options(control: Control<'_>, durability: Option<Durability>) -> PutFilesOptions<'_> {
    let options = PutFilesOptions::new().control(control);
    match durability {
        Some(durability) => options.durability(durability),
        None => options,
    }
}
