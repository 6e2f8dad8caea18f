//! `open`, `open_read_only`, `open_in_memory`: the ways to a database.

use napi::bindgen_prelude::{BigInt, Latin1String};
use napi_derive::napi;
use ouroborosdb::{Compression, Durability, ErrorCode, Options};

use crate::arguments::{path, whole_number};
use crate::database::Database;
use crate::reply::Reply;
use crate::run::{Answer, run};
use crate::thrown::refused;

/// How a database is opened.
#[napi(object, object_to_js = false)]
pub struct OpenOptions {
    /// `durable` or `buffered`.
    pub durability: Option<String>,
    /// `default`, `fast` or `none`.
    pub compression: Option<String>,
    /// How much must stay free on the disk.
    pub minimum_free_bytes: Option<BigInt>,
    /// About how large a segment file grows.
    pub segment_bytes: Option<BigInt>,
    /// How much a database in memory may take.
    pub memory_capacity_bytes: Option<BigInt>,
    /// Further folders of the store.
    pub paths: Option<Vec<Latin1String>>,
    /// Whether open makes the store where there is none.
    pub create: Option<bool>,
    /// Whether latencies are measured.
    pub latencies: Option<bool>,
    /// About how much memory of its own the database keeps.
    pub memory_limit: Option<BigInt>,
}

/// Opens for reading and writing.
#[napi(catch_unwind)]
pub fn open(how: u32, name: Latin1String, given: OpenOptions) -> napi::Result<Answer> {
    let (path, options) = (path(&name)?, options(given)?);
    run(how, || ouroborosdb::Database::open(path, options).map(Database::reply))
}

/// Opens for reading.
#[napi(catch_unwind)]
pub fn open_read_only(how: u32, name: Latin1String, given: OpenOptions) -> napi::Result<Answer> {
    let (path, options) = (path(&name)?, options(given)?);
    run(how, || ouroborosdb::Database::open_read_only(path, options).map(Database::reply))
}

/// Makes one in memory.
#[napi(catch_unwind)]
pub fn open_in_memory(how: u32, given: OpenOptions) -> napi::Result<Answer> {
    let options = options(given)?;
    run(how, || ouroborosdb::Database::open_in_memory(options).map(Database::reply))
}

fn options(given: OpenOptions) -> napi::Result<Options> {
    let mut options = Options::new();
    options = match given.durability.as_deref() {
        None => options,
        Some("durable") => options.durability(Durability::Durable),
        Some("buffered") => options.durability(Durability::Buffered),
        Some(_) => return Err(invalid("durability is \"durable\" or \"buffered\"")),
    };
    options = match given.compression.as_deref() {
        None => options,
        Some("default") => options.compression(Compression::Default),
        Some("fast") => options.compression(Compression::Fast),
        Some("none") => options.compression(Compression::None),
        Some(_) => return Err(invalid("compression is \"default\", \"fast\" or \"none\"")),
    };
    if let Some(bytes) = given.minimum_free_bytes {
        options = options.minimum_free_bytes(whole_number(&bytes));
    }
    if let Some(bytes) = given.segment_bytes {
        options = options.segment_bytes(whole_number(&bytes));
    }
    if let Some(bytes) = given.memory_capacity_bytes {
        options = options.memory_capacity_bytes(whole_number(&bytes));
    }
    if let Some(bytes) = given.memory_limit {
        options = options.memory_limit(whole_number(&bytes));
    }
    let paths = given.paths.iter().flatten().map(|name| path(name));
    options = options.paths(paths.collect::<napi::Result<Vec<_>>>()?);
    options = options.latencies(given.latencies.unwrap_or(true));
    Ok(options.create(given.create.unwrap_or(true)))
}

fn invalid(message: &str) -> napi::Error {
    refused(ErrorCode::InvalidArgument, message)
}

impl Database {
    fn reply(database: ouroborosdb::Database) -> Reply {
        Reply::Database(Database::new(database))
    }
}
