//! The C ABI of OuroborosDB: `include/ouroborosdb.h` is made of these files by cbindgen.
//!
//! A file for each type that C sees, and three that all of them stand on: [`boundary`] is the one door through
//! which C comes in and a panic does not get out; [`handle`] is the one place that turns C's pointers into
//! references; [`sized`] is the rule for structs that grow. Nothing here decides anything: closing, limits and
//! order are the engine's. `cbindgen.toml` has the rules that C callers keep.
#![allow(non_camel_case_types, reason = "the types have the names that they have in C")]

pub mod version;

pub mod error;
pub mod error_codes;

pub mod event_id;

pub mod bytes;
pub mod id_list;

pub mod cancel_token;
pub mod control;

pub mod options;

pub mod new_event;

pub mod import_options;

pub mod source;

pub mod new_file;

pub mod database;

pub mod event;

pub mod event_cursor;
pub mod id_cursor;
pub mod root_cursor;

pub mod backup_report;
pub mod batch;

pub mod file_writer;

pub mod file_reader;

pub mod changes;

pub mod import_report;

pub mod export_report;

pub mod latency;
pub mod stats;
pub mod verify_report;

pub mod log;

mod boundary;
mod descriptor;
mod durability;
mod handle;
mod sized;
#[cfg(feature = "testing")]
pub mod testing;
