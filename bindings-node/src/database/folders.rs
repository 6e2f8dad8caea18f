//! Folders in and out.

use napi::bindgen_prelude::Latin1String;
use napi_derive::napi;
use ouroborosdb::{ExportOptions, ImportOptions};

use super::Database;
use crate::arguments::{durability as durability_of, event_id, path};
use crate::reply::Reply;
use crate::run::{Answer, Listener, run_long};
use crate::token::CallToken;

#[napi]
impl Database {
    /// Stores a folder, a file or a symbolic link.
    #[napi(catch_unwind)]
    pub fn import_path(
        &self,
        how: u32,
        parent: Latin1String,
        name: Latin1String,
        durability: Option<String>,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let (parent, path, shared) = (event_id(&parent)?, path(&name)?, self.shared.clone());
        let durability = durability_of(durability)?;
        run_long(how, token, listener, move |control, _| {
            let mut options = ImportOptions::new().control(control);
            if let Some(durability) = durability {
                options = options.durability(durability);
            }
            let report = shared.with(|database| database.import_path(parent, path, options))?;
            Ok(Reply::ImportReport(report.into()))
        })
    }

    /// Writes a stored folder, file or symbolic link.
    #[napi(catch_unwind)]
    pub fn export_path(
        &self,
        how: u32,
        event: Latin1String,
        name: Latin1String,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let (event, path, shared) = (event_id(&event)?, path(&name)?, self.shared.clone());
        run_long(how, token, listener, move |control, _| {
            let options = ExportOptions::new().control(control);
            let report = shared.with(|database| database.export_path(event, path, options))?;
            Ok(Reply::ExportReport(report.into()))
        })
    }
}
