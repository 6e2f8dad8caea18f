//! Standard output, as lines of text or of JSON.

use std::io::{self, BufWriter, StdoutLock, Write};

use serde_json::Value;

use crate::failure::Result;

pub(crate) struct Output {
    json: bool,
    out: BufWriter<StdoutLock<'static>>,
}

impl Output {
    pub(crate) fn new(json: bool) -> Output {
        Output { json, out: BufWriter::with_capacity(64 * 1024, io::stdout().lock()) }
    }

    /// A line: the JSON value where JSON is wanted, else the text.
    pub(crate) fn line(&mut self, json: impl FnOnce() -> Value, text: impl FnOnce() -> String) -> Result<()> {
        if self.json {
            serde_json::to_writer(&mut self.out, &json()).map_err(io::Error::from)?;
            self.out.write_all(b"\n")?;
        } else {
            writeln!(self.out, "{}", text())?;
        }
        Ok(())
    }

    /// Bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.out.write_all(bytes)?)
    }

    /// What was written is out.
    pub(crate) fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }
}
