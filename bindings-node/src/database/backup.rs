//! Hot copies.

use napi::bindgen_prelude::Latin1String;
use napi_derive::napi;

use super::Database;
use crate::arguments::path;
use crate::reply::Reply;
use crate::run::{Answer, Listener, run_long};
use crate::token::CallToken;

#[napi]
impl Database {
    /// Makes a consistent copy at a path.
    #[napi(catch_unwind)]
    pub fn backup_to(
        &self,
        how: u32,
        name: Latin1String,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let (path, shared) = (path(&name)?, self.shared.clone());
        run_long(how, token, listener, move |control, _| {
            let report = shared.with(|database| database.backup_to_with(path, control))?;
            Ok(Reply::BackupReport(report.into()))
        })
    }
}
