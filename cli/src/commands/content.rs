//! Single files in and out.

use std::fs::File;
use std::io::{Read, SeekFrom};
use std::path::Path;

use ouroborosdb::{Error, NewEvent};
use serde_json::json;

use crate::arguments::Place;
use crate::failure::{Failure, Result};
use crate::folder::{self, Given};
use crate::output::Output;
use crate::progress::Watched;

const BLOCK_BYTES: usize = 256 * 1024;

pub(super) fn put(
    out: &mut Output,
    store: Given<'_>,
    file: &Path,
    place: &Place,
    attributes: &[String],
    metadata: Option<String>,
) -> Result<()> {
    let mut new = NewEvent::new();
    for attribute in attributes {
        let (name, value) = attribute.split_once('=').ok_or_else(|| {
            Failure::Said(format!("an attribute is NAME=VALUE, and `{attribute}` has no `=`"))
        })?;
        new = new.attribute(name, value);
    }
    if let Some(metadata) = metadata {
        new = new.metadata(metadata);
    }
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(file).map_err(|error| Error::io("opening", file, error))?)
    };
    let db = folder::open(store)?;
    let parent = folder::parent(&db, place)?;
    let watched = Watched::new("reading")?;
    let id = db.put_file_with(parent, source, new, watched.control())?;
    drop(watched);
    let bytes = db.event(id)?.content_length();
    out.line(|| json!({ "event": id.to_hex(), "bytes": bytes }), || id.to_hex())?;
    Ok(db.close()?)
}

pub(super) fn cat(
    out: &mut Output,
    store: Given<'_>,
    event: &str,
    offset: u64,
    length: Option<u64>,
) -> Result<()> {
    let db = folder::open_read_only(store)?;
    let file = db.open_file(db.resolve(event)?)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut file = file.take(length.unwrap_or(u64::MAX));
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let read = file.read(&mut block).map_err(Error::from)?;
        if read == 0 {
            return Ok(());
        }
        out.bytes(block.get(..read).unwrap_or_default())?;
    }
}
