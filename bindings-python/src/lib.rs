//! The Python face of OuroborosDB: the private module `ouroborosdb._native`.
//!
//! It translates, and nothing else: what a call means, and when a handle is closed, is decided by the engine.
//! Three rules hold for all of it:
//!
//! - Whatever may wait goes through [`detached`], the one place that lets other Python threads run, and that
//!   turns a panic into an exception.
//! - Whatever fails raises a class of `ouroborosdb._errors`, found by the number of the engine's error code.
//! - Every class is frozen and may be shared between threads; nothing here holds a lock while it waits for the
//!   interpreter.
#![deny(unsafe_code)]

mod arguments;
mod batch;
mod block;
mod bytes_like;
mod cancel_token;
mod changes;
mod cursor;
mod database;
mod detached;
mod ending;
mod errors;
mod event;
mod event_id;
mod file_reader;
mod file_writer;
mod log;
mod new_event;
mod new_files;
mod open;
mod opened;
mod paged;
mod report;
mod source;
mod source_object;
mod target;
mod time;
mod watch;

/// The engine behind the package `ouroborosdb`. Import from the package, not from here.
#[pyo3::pymodule]
mod _native {
    use pyo3::prelude::*;

    #[cfg(feature = "testing")]
    #[pymodule_export]
    use crate::detached::_test_panic;
    #[pymodule_export]
    use crate::{
        batch::{Batch, Member},
        cancel_token::CancelToken,
        changes::{ChangeCursor, Changes, Watcher},
        cursor::{EventCursor, IdCursor, RootCursor},
        database::Database,
        errors::error_codes,
        event::Event,
        event_id::EventId,
        file_reader::RawFile,
        file_writer::FileWriter,
        log::{LogRecord, clear_log_sink, set_log_sink},
        open::{open, open_in_memory, open_read_only},
        report::{BackupReport, ExportReport, ImportReport, Latency, Problem, Stats, VerifyReport},
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::errors::load(module.py())?;
        crate::ending::watch(module)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        // The package says what is public; what the tests add here is none of that.
        module.delattr("__all__")
    }
}
