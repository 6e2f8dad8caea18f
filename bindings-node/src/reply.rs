//! What a call answers, before it is a value of JavaScript: calls end on threads where there is no JavaScript.

use napi::bindgen_prelude::{Buffer, BufferSlice, Null, ToNapiValue, TypeName, sys};
use napi::{Env, ValueType};
use ouroborosdb::{Event, EventId};

use crate::batch::{Batch, Member};
use crate::changes::Changes;
use crate::cursor::{EventCursor, IdCursor, RootCursor};
use crate::database::Database;
use crate::file_reader::FileReader;
use crate::file_writer::FileWriter;
use crate::record;
use crate::report::{BackupReport, ExportReport, ImportReport, Stats, VerifyReport};
use crate::wire::{Latin1, Record};

/// An answer. The variants that JavaScript knows as strings have a character for each byte: [`record`].
pub enum Reply {
    Nothing,
    None,
    Flag(bool),
    Number(f64),
    Text(String),
    /// Few bytes, which are copied.
    Bytes(Vec<u8>),
    /// A Buffer of JavaScript's, and how many of its bytes were filled: [`crate::file_reader`].
    Filled(Buffer, usize),
    Id(EventId),
    Ids(Vec<EventId>),
    Event(Event),
    Events(Vec<Event>),
    /// Title and id in turn.
    Roots(Vec<(String, EventId)>),
    /// An event and the text of the place behind it in turn.
    Feed(Vec<(Event, String)>),
    Stats(Stats),
    ImportReport(ImportReport),
    ExportReport(ExportReport),
    BackupReport(BackupReport),
    VerifyReport(VerifyReport),
    Database(Database),
    EventCursor(EventCursor),
    IdCursor(IdCursor),
    RootCursor(RootCursor),
    Changes(Changes),
    FileReader(FileReader),
    FileWriter(FileWriter),
    Batch(Batch),
    Member(Member),
}

impl From<Option<Vec<u8>>> for Reply {
    fn from(bytes: Option<Vec<u8>>) -> Reply {
        bytes.map_or(Reply::None, Reply::Bytes)
    }
}

impl TypeName for Reply {
    fn type_name() -> &'static str {
        "Reply"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

#[allow(unsafe_code, reason = "napi's trait of conversions is unsafe to implement")]
impl ToNapiValue for Reply {
    unsafe fn to_napi_value(raw: sys::napi_env, reply: Reply) -> napi::Result<sys::napi_value> {
        macro_rules! convert {
            ($value:expr) => {{
                let value = $value;
                // SAFETY: `raw` is the environment that napi called this with, on its thread; it goes on unchanged.
                unsafe { ToNapiValue::to_napi_value(raw, value) }
            }};
        }
        match reply {
            Reply::Nothing => convert!(()),
            Reply::None => convert!(Null),
            Reply::Flag(flag) => convert!(flag),
            Reply::Number(number) => convert!(number),
            Reply::Text(text) => convert!(text),
            // Never memory of ours that is lent: Node gives it back only between two turns of the event loop, so that
            // a loop of calls that wait would take more and more.
            Reply::Bytes(bytes) => convert!(&BufferSlice::copy_from(&Env::from_raw(raw), bytes)?),
            Reply::Filled(buffer, length) => match buffer.get(..length) {
                Some(short) if length < buffer.len() => {
                    convert!(&BufferSlice::copy_from(&Env::from_raw(raw), short)?)
                }
                _ => convert!(buffer),
            },
            Reply::Id(id) => convert!(Latin1(record::id(id))),
            Reply::Ids(ids) => convert!(ids.into_iter().map(|id| Latin1(record::id(id))).collect::<Vec<_>>()),
            Reply::Event(event) => convert!(Record(event)),
            Reply::Events(events) => convert!(events.into_iter().map(Record).collect::<Vec<_>>()),
            Reply::Roots(roots) => {
                let pairs = roots.into_iter().flat_map(|(title, id)| [title.into_bytes(), record::id(id)]);
                convert!(pairs.map(Latin1).collect::<Vec<_>>())
            }
            Reply::Feed(events) => {
                let pairs = events.into_iter();
                let pairs = pairs.flat_map(|(event, behind)| [record::encode(&event), behind.into_bytes()]);
                convert!(pairs.map(Latin1).collect::<Vec<_>>())
            }
            Reply::Stats(stats) => convert!(stats),
            Reply::ImportReport(report) => convert!(report),
            Reply::ExportReport(report) => convert!(report),
            Reply::BackupReport(report) => convert!(report),
            Reply::VerifyReport(report) => convert!(report),
            Reply::Database(handle) => convert!(handle),
            Reply::EventCursor(handle) => convert!(handle),
            Reply::IdCursor(handle) => convert!(handle),
            Reply::RootCursor(handle) => convert!(handle),
            Reply::Changes(handle) => convert!(handle),
            Reply::FileReader(handle) => convert!(handle),
            Reply::FileWriter(handle) => convert!(handle),
            Reply::Batch(handle) => convert!(handle),
            Reply::Member(handle) => convert!(handle),
        }
    }
}
