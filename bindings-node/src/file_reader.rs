//! `FileReader`: a stored file, open for reading.

use std::io::SeekFrom;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use napi::bindgen_prelude::{BigInt, Buffer, Latin1String};
use napi_derive::napi;
use ouroborosdb::{Control, Result};

use crate::arguments::{path, whole_number};
use crate::descriptor::Borrowed;
use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, Listener, run, run_long};
use crate::token::CallToken;

/// A file of up to so many bytes is read in one trip and copied; a larger one goes straight into a Buffer that V8
/// made, which takes two trips.
const SMALL_BYTES: u64 = 64 * 1024;

/// A stored file, open for reading.
#[napi]
pub struct FileReader {
    file: Arc<File>,
    shared: Shared,
}

struct File {
    reader: ouroborosdb::FileReader,
    /// The position after the last call that ended: asking the engine would wait for a read that runs.
    position: AtomicU64,
}

impl File {
    /// Fills a Buffer that JavaScript made for this call and has given to nobody: there is no other view of it.
    fn fill(&self, at: Option<u64>, mut buffer: Buffer) -> Result<Reply> {
        let read = match at {
            Some(offset) => self.reader.read_at(offset, &mut buffer)?,
            None => self.reader.read(&mut buffer)?,
        };
        self.position.store(self.reader.position(), Ordering::Relaxed);
        Ok(Reply::Filled(buffer, read))
    }

    fn write_to(
        &self,
        path: Option<PathBuf>,
        descriptor: Option<i32>,
        control: Control<'_>,
    ) -> Result<Reply> {
        let written = match path {
            Some(path) => self.reader.write_to_path_with(path, control),
            None => Borrowed::of(descriptor.unwrap_or(-1))
                .and_then(|target| self.reader.write_to_with(target, control)),
        };
        self.position.store(self.reader.position(), Ordering::Relaxed);
        Ok(Reply::Number(written? as f64))
    }

    fn seek(&self, to: SeekFrom) -> Result<Reply> {
        let position = self.reader.seek(to)?;
        self.position.store(position, Ordering::Relaxed);
        Ok(Reply::Number(position as f64))
    }
}

impl FileReader {
    pub(crate) fn reply(reader: ouroborosdb::FileReader, shared: &Shared) -> Reply {
        let file = Arc::new(File { reader, position: AtomicU64::new(0) });
        Reply::FileReader(FileReader { file, shared: shared.clone() })
    }

    /// The bytes of a small file, or the reader of a larger one.
    pub(crate) fn small(reader: ouroborosdb::FileReader, shared: &Shared) -> Result<Reply> {
        let length = reader.length();
        if length > SMALL_BYTES {
            return Ok(FileReader::reply(reader, shared));
        }
        let mut bytes = vec![0; length as usize];
        let read = reader.read(&mut bytes)?;
        bytes.truncate(read);
        Ok(Reply::Bytes(bytes))
    }

    fn run(
        &self,
        how: u32,
        work: impl FnOnce(&File) -> Result<Reply> + Send + 'static,
    ) -> napi::Result<Answer> {
        let (file, shared) = (Arc::clone(&self.file), self.shared.clone());
        run(how, move || {
            let answer = work(&file);
            drop((file, shared));
            answer
        })
    }
}

#[napi]
impl FileReader {
    /// Fills a Buffer from the position on.
    #[napi(catch_unwind)]
    pub fn read(&self, how: u32, buffer: Buffer) -> napi::Result<Answer> {
        self.run(how, move |file| file.fill(None, buffer))
    }

    /// Fills a Buffer from an offset on.
    #[napi(catch_unwind)]
    pub fn read_at(&self, how: u32, offset: BigInt, buffer: Buffer) -> napi::Result<Answer> {
        let offset = whole_number(&offset);
        self.run(how, move |file| file.fill(Some(offset), buffer))
    }

    /// Moves the position: 0 from the start, 1 from the position, 2 from the end.
    #[napi(catch_unwind)]
    pub fn seek(&self, how: u32, whence: u32, offset: BigInt) -> napi::Result<Answer> {
        let to = match whence {
            0 => SeekFrom::Start(whole_number(&offset)),
            1 => SeekFrom::Current(offset.get_i64().0),
            _ => SeekFrom::End(offset.get_i64().0),
        };
        self.run(how, move |file| file.seek(to))
    }

    /// Writes from the position on to the end, to a new file at a path or to a descriptor.
    #[napi(catch_unwind)]
    pub fn write_to(
        &self,
        how: u32,
        name: Option<Latin1String>,
        descriptor: Option<i32>,
        token: &CallToken,
        listener: Option<Listener<'_>>,
    ) -> napi::Result<Answer> {
        let path = name.map(|name| path(&name)).transpose()?;
        let (file, shared) = (Arc::clone(&self.file), self.shared.clone());
        run_long(how, token, listener, move |control, _| {
            let answer = file.write_to(path, descriptor, control);
            drop((file, shared));
            answer
        })
    }

    /// The position after the last call that ended.
    #[napi(catch_unwind)]
    pub fn position(&self) -> f64 {
        self.file.position.load(Ordering::Relaxed) as f64
    }

    /// The length of the file.
    #[napi(catch_unwind)]
    pub fn length(&self) -> f64 {
        self.file.reader.length() as f64
    }
}
