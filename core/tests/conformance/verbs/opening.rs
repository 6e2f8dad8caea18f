//! Opening and closing.

use std::os::unix::ffi::OsStrExt;

use ouroborosdb::{Compression, Database, Durability, Options};

use crate::names::{Handle, Names};
use crate::outcome::{Answer, Failure, done, handle, mistake, optional_bytes, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("open", [path]) => open(names, statement, Some(path), false),
        ("open_read_only", [path]) => open(names, statement, Some(path), true),
        ("open_in_memory", []) => open(names, statement, None, false),
        ("close" | "is_closed" | "is_read_only" | "path", [db]) => ask(names, verb, db),
        _ => return None,
    })
}

fn open(names: &Names, statement: &Statement, path: Option<&str>, read_only: bool) -> Answer {
    let options = options(names, statement)?;
    let path = path.map(|word| names.path(word)).transpose()?;
    let db = match path {
        Some(path) if read_only => Database::open_read_only(path, options)?,
        Some(path) => Database::open(path, options)?,
        None => Database::open_in_memory(options)?,
    };
    handle(Handle::Database(db))
}

fn options(names: &Names, statement: &Statement) -> Result<Options, Failure> {
    let (mut options, mut paths) = (Options::new(), Vec::new());
    for (key, value) in &statement.options {
        options = match (key.as_str(), value.as_str()) {
            ("durability", "durable") => options.durability(Durability::Durable),
            ("durability", "buffered") => options.durability(Durability::Buffered),
            ("compression", "none") => options.compression(Compression::None),
            ("compression", "fast") => options.compression(Compression::Fast),
            ("compression", "default") => options.compression(Compression::Default),
            ("minimum_free_bytes", value) => options.minimum_free_bytes(names.number(value)?),
            ("segment_bytes", value) => options.segment_bytes(names.number(value)?),
            ("memory_capacity_bytes", value) => options.memory_capacity_bytes(names.number(value)?),
            ("memory_limit", value) => options.memory_limit(names.number(value)?),
            ("paths", word) => {
                paths.push(names.path(word)?);
                options.paths(&paths)
            }
            ("latencies", value) => options.latencies(value == "true"),
            ("create", value) => options.create(value == "true"),
            _ => return mistake(format!("there is no option {key}={value}")),
        };
    }
    Ok(options)
}

fn ask(names: &mut Names, verb: &str, db: &str) -> Answer {
    let db = names.database(db)?;
    match verb {
        "close" => {
            db.close()?;
            done()
        }
        "is_closed" => text(db.is_closed()),
        "is_read_only" => text(db.is_read_only()),
        _ => optional_bytes(db.path().map(|path| path.as_os_str().as_bytes())),
    }
}
