//! `FileWriter`: a file that JavaScript pushes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use napi::bindgen_prelude::BufferSlice;
use napi_derive::napi;
use ouroborosdb::Result;

use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, run};

/// A file on its way in.
#[napi]
pub struct FileWriter {
    file: Arc<File>,
    shared: Shared,
}

struct File {
    writer: ouroborosdb::FileWriter,
    /// The length after the last call that ended: asking the engine would wait for a write that runs.
    length: AtomicU64,
}

impl FileWriter {
    pub(crate) fn reply(writer: ouroborosdb::FileWriter, shared: &Shared) -> Reply {
        let file = Arc::new(File { writer, length: AtomicU64::new(0) });
        Reply::FileWriter(FileWriter { file, shared: shared.clone() })
    }

    fn run(
        &self,
        how: u32,
        work: impl FnOnce(&ouroborosdb::FileWriter) -> Result<Reply> + Send + 'static,
    ) -> napi::Result<Answer> {
        let (file, shared) = (Arc::clone(&self.file), self.shared.clone());
        run(how, move || {
            let answer = work(&file.writer);
            file.length.store(file.writer.length(), Ordering::Relaxed);
            drop((file, shared));
            answer
        })
    }
}

#[napi]
impl FileWriter {
    /// Takes a copy of these bytes.
    #[napi(catch_unwind)]
    pub fn write(&self, how: u32, bytes: BufferSlice<'_>) -> napi::Result<Answer> {
        let bytes = bytes.to_vec();
        self.run(how, move |writer| writer.write(&bytes).map(|()| Reply::Nothing))
    }

    /// Bytes taken so far, as of the last call that ended.
    #[napi(catch_unwind)]
    pub fn length(&self) -> f64 {
        self.file.length.load(Ordering::Relaxed) as f64
    }

    /// Makes the event.
    #[napi(catch_unwind)]
    pub fn finish(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |writer| writer.finish().map(Reply::Id))
    }

    /// Ends the writer without an event.
    #[napi(catch_unwind)]
    pub fn abort(&self, how: u32) -> napi::Result<Answer> {
        self.run(how, |writer| writer.abort().map(|()| Reply::Nothing))
    }
}
