//! Files in and out.

use std::io::{self, Read, SeekFrom};

use ouroborosdb::{Control, FileReader, NewFile, PutFilesOptions};

use super::control::control;
use super::fields::{durability, new_event};
use super::id;
use crate::names::{Handle, Names};
use crate::outcome::{Answer, Failure, bytes, done, handle, mistake, text};
use crate::statement::Statement;

/// Most bytes that a stream hands out at a time.
const STREAM_PIECE_BYTES: usize = 1000;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("put_file", [db, parent, source]) => put_file(names, statement, [db, parent, source]),
        ("put_files", [db, parent]) => put_files(names, statement, db, parent),
        ("file_reader.write_to" | "file_reader.write_to_path", [reader, path]) => {
            write_to(names, statement, reader, path)
        }
        ("file_writer", [db, parent]) => file_writer(names, statement, db, parent),
        ("file_writer.write", [writer, word]) => write(names, writer, word),
        ("file_writer.length" | "file_writer.finish" | "file_writer.abort", [writer]) => {
            end(names, verb, writer)
        }
        ("read_file" | "open_file", [db, event]) => read_file(names, verb, db, event),
        ("file_reader.read", [reader, count]) => read(names, reader, None, count),
        ("file_reader.read_at", [reader, offset, count]) => read(names, reader, Some(offset), count),
        ("file_reader.seek", [reader, from, offset]) => seek(names, reader, from, offset),
        ("file_reader.position", [reader]) => {
            names.file_reader(reader).and_then(|reader| text(reader.position()))
        }
        ("file_reader.length", [reader]) => {
            names.file_reader(reader).and_then(|reader| text(reader.length()))
        }
        _ => return None,
    })
}

/// Where the bytes of a file come from.
pub(crate) fn source(names: &Names, word: &str) -> Result<Box<dyn Read + Send>, Failure> {
    if let Some(path) = word.strip_prefix("file:") {
        return Ok(Box::new(std::fs::File::open(names.path(path)?)?));
    }
    if let Some(piece) = word.strip_prefix("stream:") {
        return Ok(Box::new(Stream { bytes: names.evaluate(piece)?, at: 0, fails: false }));
    }
    if let Some(count) = word.strip_prefix("source_fails:") {
        return Ok(Box::new(Stream { bytes: vec![0; names.number(count)?], at: 0, fails: true }));
    }
    Ok(Box::new(io::Cursor::new(names.evaluate(word)?)))
}

/// Hands out its bytes in small pieces, and fails behind them if it is to.
struct Stream {
    bytes: Vec<u8>,
    at: usize,
    fails: bool,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = &self.bytes[self.at..];
        if rest.is_empty() && self.fails {
            return Err(io::Error::other("the source of the script fails here"));
        }
        let count = rest.len().min(buffer.len()).min(STREAM_PIECE_BYTES);
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

fn put_file(names: &mut Names, statement: &Statement, [db, parent, word]: [&str; 3]) -> Answer {
    let (parent, source) = (id(names, parent)?, source(names, word)?);
    let new = new_event(names, statement)?;
    let control = control(names, statement, Some(db))?;
    let db = names.database(db)?;
    text(match control {
        None => db.put_file(parent, source, new)?,
        Some(control) => db.put_file_with(parent, source, new, control)?,
    })
}

fn put_files(names: &mut Names, statement: &Statement, db: &str, parent: &str) -> Answer {
    let parent = id(names, parent)?;
    let mut files: Vec<NewFile<'_>> = Vec::new();
    for (key, word) in &statement.options {
        match (key.as_str(), word.strip_prefix("file:")) {
            ("file", Some(path)) => files.push(NewFile::from_path(names.path(path)?)),
            ("file", None) => files.push(NewFile::from_reader(source(names, word)?)),
            ("under", _) => {
                let Some(last) = files.pop() else { return mistake("`under` follows a file") };
                files.push(last.under(id(names, word)?));
            }
            _ => {}
        }
    }
    let new = new_event(names, statement)?;
    let mut options = PutFilesOptions::new();
    if let Some(word) = statement.option("call_durability") {
        options = options.durability(durability(word)?);
    }
    if let Some(control) = control(names, statement, Some(db))? {
        options = options.control(control);
    }
    let files = files.into_iter().map(|file| file.event(new.clone()));
    let ids = names.database(db)?.put_files(parent, files, options)?;
    text(ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}

fn write_to(names: &mut Names, statement: &Statement, reader: &str, path: &str) -> Answer {
    let path = names.path(path)?;
    let control = control(names, statement, None)?.unwrap_or_else(Control::new);
    let reader = names.file_reader(reader)?;
    text(match statement.verb.as_str() {
        "file_reader.write_to" => reader.write_to_with(std::fs::File::create(path)?, control)?,
        _ => reader.write_to_path_with(path, control)?,
    })
}

fn file_writer(names: &mut Names, statement: &Statement, db: &str, parent: &str) -> Answer {
    let (parent, new) = (id(names, parent)?, new_event(names, statement)?);
    handle(Handle::FileWriter(names.database(db)?.file_writer(parent, new)?))
}

fn write(names: &mut Names, writer: &str, word: &str) -> Answer {
    let bytes = names.evaluate(word)?;
    names.file_writer(writer)?.write(&bytes)?;
    done()
}

fn end(names: &mut Names, verb: &str, writer: &str) -> Answer {
    let writer = names.file_writer(writer)?;
    match verb {
        "file_writer.length" => text(writer.length()),
        "file_writer.finish" => text(writer.finish()?),
        _ => {
            writer.abort()?;
            done()
        }
    }
}

fn read_file(names: &mut Names, verb: &str, db: &str, event: &str) -> Answer {
    let event = id(names, event)?;
    let db = names.database(db)?;
    match verb {
        "read_file" => bytes(db.read_file(event)?),
        _ => handle(Handle::FileReader(db.open_file(event)?)),
    }
}

fn read(names: &mut Names, reader: &str, offset: Option<&str>, count: &str) -> Answer {
    let mut buffer = vec![0; names.number(count)?];
    let offset = offset.map(|offset| names.number(offset)).transpose()?;
    let reader = names.file_reader(reader)?;
    let count = match offset {
        // By its full name: with `Read` in scope the short one is the trait's, whose error is an `io::Error`.
        None => FileReader::read(reader, &mut buffer)?,
        Some(offset) => reader.read_at(offset, &mut buffer)?,
    };
    buffer.truncate(count);
    bytes(buffer)
}

fn seek(names: &mut Names, reader: &str, from: &str, offset: &str) -> Answer {
    let to = match from {
        "start" => SeekFrom::Start(names.number(offset)?),
        "current" => SeekFrom::Current(names.number(offset)?),
        "end" => SeekFrom::End(names.number(offset)?),
        _ => return mistake("seek from start, current or end"),
    };
    text(names.file_reader(reader)?.seek(to)?)
}
