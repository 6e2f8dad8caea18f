//! The names of a script file: values and handles.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use ouroborosdb::{
    BackupReport, Batch, CancelToken, Changes, Database, Event, EventCursor, ExportReport, FileReader,
    FileWriter, IdCursor, ImportReport, LogRecord, Member, RootCursor, Stats, VerifyReport,
};

use crate::outcome::{Failure, mistake};

/// What the function saw that watched a call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Watched {
    pub(crate) calls: u64,
    pub(crate) bytes: u64,
    pub(crate) items: u64,
}

macro_rules! handles {
    ($($kind:ident($inner:ty) $find:ident $what:literal;)+) => {
        /// What a name without a dollar stands for.
        #[derive(Debug)]
        pub(crate) enum Handle {
            $($kind($inner),)+
        }

        impl Names {
            $(
                #[doc = concat!("The ", $what, " of this name.")]
                pub(crate) fn $find(&mut self, name: &str) -> Result<&mut $inner, Failure> {
                    match self.handles.get_mut(name) {
                        Some(Handle::$kind(inner)) => Ok(inner),
                        _ => mistake(format!(concat!("`{}` is no ", $what), name)),
                    }
                }
            )+
        }
    };
}

handles! {
    Database(Database) database "database";
    Event(Event) event "event";
    Batch(Batch) batch "batch";
    Member(Member) member "member";
    FileWriter(FileWriter) file_writer "file writer";
    FileReader(FileReader) file_reader "file reader";
    EventCursor(EventCursor) event_cursor "event cursor";
    IdCursor(IdCursor) id_cursor "id cursor";
    RootCursor(RootCursor) root_cursor "root cursor";
    Changes(Changes) changes "changes";
    CancelToken(CancelToken) cancel_token "cancel token";
    Progress(Rc<RefCell<Watched>>) progress "progress";
    Stats(Stats) stats "stats";
    ImportReport(ImportReport) import_report "import report";
    BackupReport(BackupReport) backup_report "backup report";
    ExportReport(ExportReport) export_report "export report";
    VerifyReport(VerifyReport) verify_report "verify report";
    Log(Arc<Mutex<Vec<LogRecord>>>) log "log";
}

/// All names of a file, and the folder that it runs in.
#[derive(Debug)]
pub(crate) struct Names {
    pub(crate) folder: PathBuf,
    values: HashMap<String, Vec<u8>>,
    handles: HashMap<String, Handle>,
}

impl Names {
    pub(crate) fn new(folder: PathBuf) -> Names {
        Names { folder, values: HashMap::new(), handles: HashMap::new() }
    }

    pub(crate) fn value(&self, name: &str) -> Option<&[u8]> {
        self.values.get(name).map(Vec::as_slice)
    }

    pub(crate) fn set_value(&mut self, name: String, value: Vec<u8>) {
        self.values.insert(name, value);
    }

    /// Keeps a handle; one of the same name is freed.
    pub(crate) fn set_handle(&mut self, name: String, handle: Handle) {
        self.handles.insert(name, handle);
    }

    pub(crate) fn free(&mut self, name: &str) -> Result<(), Failure> {
        match self.handles.remove(name) {
            Some(_) => Ok(()),
            None => mistake(format!("there is no handle `{name}`")),
        }
    }
}
