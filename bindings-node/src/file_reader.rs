//! `FileReader`: a stored file, open for reading.

use std::io::SeekFrom;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use napi::bindgen_prelude::BigInt;
use napi_derive::napi;
use ouroborosdb::{Error, ErrorCode, Result};

use crate::arguments::whole_number;
use crate::opened::Shared;
use crate::reply::Reply;
use crate::run::{Answer, run};

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
    fn read(&self, at: Option<u64>, length: u64) -> Result<Reply> {
        let from = at.unwrap_or_else(|| self.reader.position());
        let length = length.min(self.reader.length().saturating_sub(from));
        let mut bytes = Vec::new();
        let room = usize::try_from(length).ok().filter(|length| bytes.try_reserve_exact(*length).is_ok());
        let room = room.ok_or_else(|| {
            Error::new(
                ErrorCode::Io,
                format!("there is not enough memory for {length} bytes; read fewer at once"),
            )
        })?;
        bytes.resize(room, 0);
        let read = match at {
            Some(offset) => self.reader.read_at(offset, &mut bytes)?,
            None => self.reader.read(&mut bytes)?,
        };
        bytes.truncate(read);
        self.position.store(self.reader.position(), Ordering::Relaxed);
        Ok(Reply::Bytes(bytes))
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
    /// Reads from the position on.
    #[napi(catch_unwind)]
    pub fn read(&self, how: u32, length: BigInt) -> napi::Result<Answer> {
        let length = whole_number(&length);
        self.run(how, move |file| file.read(None, length))
    }

    /// Reads at an offset.
    #[napi(catch_unwind)]
    pub fn read_at(&self, how: u32, offset: BigInt, length: BigInt) -> napi::Result<Answer> {
        let (offset, length) = (whole_number(&offset), whole_number(&length));
        self.run(how, move |file| file.read(Some(offset), length))
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
