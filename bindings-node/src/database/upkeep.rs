//! Batches, the change feed, making durable, rebuilding, checking, counting.

use napi_derive::napi;
use ouroborosdb::{ChangeCursor, VerifyOptions};

use super::Database;
use crate::batch::Batch;
use crate::changes::Changes;
use crate::reply::Reply;
use crate::run::{Answer, Listener, run_long};
use crate::thrown::thrown;
use crate::token::CallToken;

#[napi]
impl Database {
    /// Begins a batch.
    #[napi(catch_unwind)]
    pub fn batch(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |database, shared| Ok(Batch::reply(database.batch()?, shared)))
    }

    /// The durable events after a place.
    #[napi(catch_unwind)]
    pub fn changes(&self, how: u32, after: Option<String>) -> napi::Result<Answer> {
        let after = after.map(|text| text.parse::<ChangeCursor>()).transpose();
        let after = after.map_err(|error| thrown(&error))?;
        self.run(how, move |database, shared| Ok(Changes::reply(database.changes(after)?, shared)))
    }

    /// Sees what the writer has committed since.
    #[napi(catch_unwind)]
    pub fn refresh(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |database, _| database.refresh().map(Reply::Flag))
    }

    /// Makes everything durable.
    #[napi(catch_unwind)]
    pub fn sync(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |database, _| database.sync().map(|()| Reply::Nothing))
    }

    /// Makes the index anew.
    #[napi(catch_unwind)]
    pub fn rebuild_index(
        &self,
        how: u32,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let shared = self.shared.clone();
        run_long(how, token, listener, move |control, _| {
            shared.with(|database| database.rebuild_index_with(control)).map(|()| Reply::Nothing)
        })
    }

    /// Figures as of now.
    #[napi(catch_unwind)]
    pub fn stats(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |database, _| database.stats().map(|stats| Reply::Stats(stats.into())))
    }

    /// All figures in the text format of Prometheus.
    #[napi(catch_unwind)]
    pub fn prometheus(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |database, _| database.prometheus().map(Reply::Text))
    }

    /// Reads and checks everything.
    #[napi(catch_unwind)]
    pub fn verify(
        &self,
        how: u32,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let shared = self.shared.clone();
        run_long(how, token, listener, move |control, _| {
            let options = VerifyOptions::new().control(control);
            shared.with(|database| database.verify(options)).map(|report| Reply::VerifyReport(report.into()))
        })
    }
}
