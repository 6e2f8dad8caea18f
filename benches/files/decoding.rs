//! What zstd alone decodes, of the same bytes, on all cores: what reading a compressed file can reach at most.

use std::hint::black_box;
use std::io::Read;
use std::path::Path;

use zstd::bulk::{Compressor, Decompressor};

use crate::Result;
use crate::concatenation::Concatenation;
use crate::measure::measure;

/// About what the engine compresses together, and at which level.
const FRAME_BYTES: usize = 128 * 1024;
const LEVEL: i32 = 3;

/// Prints the nanoseconds of 1 MiB. Frames lie in memory, and each core decodes its share of them into one buffer.
pub(crate) fn measure_all_cores(source: &Path, bytes: u64, row: &str) -> Result<()> {
    let frames = compressed(source, bytes)?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    measure(row, 1, usize::try_from(bytes >> 20)?, || {
        std::thread::scope(|scope| {
            let share = |core| frames.iter().skip(core).step_by(cores);
            let threads: Vec<_> = (0..cores).map(|core| scope.spawn(move || decode(share(core)))).collect();
            let mut decoded = 0;
            for thread in threads {
                decoded += thread.join().map_err(|_| "a thread that decodes panicked")??;
            }
            if decoded == bytes { Ok(()) } else { Err("other bytes came out than went in".into()) }
        })
    })
}

fn compressed(source: &Path, bytes: u64) -> Result<Vec<Vec<u8>>> {
    let (mut stream, mut compressor) = (Concatenation::new(source, bytes)?, Compressor::new(LEVEL)?);
    let (mut frames, mut frame) = (Vec::new(), Vec::with_capacity(FRAME_BYTES));
    loop {
        frame.clear();
        if stream.by_ref().take(FRAME_BYTES as u64).read_to_end(&mut frame)? == 0 {
            return Ok(frames);
        }
        frames.push(compressor.compress(&frame)?);
    }
}

fn decode<'a>(frames: impl Iterator<Item = &'a Vec<u8>>) -> Result<u64> {
    let (mut decompressor, mut buffer) = (Decompressor::new()?, vec![0; FRAME_BYTES]);
    let mut decoded = 0;
    for frame in frames {
        decoded += decompressor.decompress_to_buffer(frame, &mut buffer)? as u64;
        black_box(&buffer);
    }
    Ok(decoded)
}
