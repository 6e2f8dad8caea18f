//! From the bytes of a chunk to the record that will hold them.

use crate::error::{Error, ErrorCode, Result};
use crate::id::ChunkId;
use crate::log::{Codec, Prepared, RecordKind};
use crate::options::Compression;

const ZSTD_LEVEL_FAST: i32 = 1;
const ZSTD_LEVEL_DEFAULT: i32 = 3;

/// Compresses with one zstd context, which is dear to make and cheap to use again. One for each thread.
pub(crate) struct Packer {
    zstd: Option<zstd::bulk::Compressor<'static>>,
}

impl Packer {
    pub(crate) fn new(compression: Compression) -> Result<Packer> {
        let level = match compression {
            Compression::None => return Ok(Packer { zstd: None }),
            Compression::Fast => ZSTD_LEVEL_FAST,
            Compression::Default => ZSTD_LEVEL_DEFAULT,
        };
        let zstd = zstd::bulk::Compressor::new(level).map_err(zstd_failed)?;
        Ok(Packer { zstd: Some(zstd) })
    }

    /// The record of a chunk: compressed where that saves at least a sixteenth, as it is where not.
    pub(crate) fn chunk(&mut self, id: &ChunkId, bytes: &[u8], temporary: bool) -> Result<Prepared> {
        if let Some(zstd) = &mut self.zstd {
            let packed = zstd.compress(bytes).map_err(zstd_failed)?;
            if packed.len() <= bytes.len() - bytes.len() / 16 {
                let (kind, id) = (RecordKind::Chunks, *id.as_bytes());
                return Ok(Prepared::new(kind, temporary, id, bytes.len(), Codec::Zstd, packed));
            }
        }
        let (kind, id) = (RecordKind::Chunks, *id.as_bytes());
        Ok(Prepared::new(kind, temporary, id, bytes.len(), Codec::Raw, bytes.to_vec()))
    }
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer").field("compresses", &self.zstd.is_some()).finish()
    }
}

fn zstd_failed(error: std::io::Error) -> Error {
    Error::new(ErrorCode::Internal, format!("zstd cannot compress: {error}"))
}
