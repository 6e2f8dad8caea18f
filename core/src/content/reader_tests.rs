//! How far ahead a reader looks, and that all readers give what was stored.

use std::path::Path;
use std::sync::Arc;

use super::{ChunkSink, ContentReader, ContentWriter};
use crate::chunk::profile::CHUNK_BYTES_MAX;
use crate::event::Content;
use crate::hands::Hands;
use crate::options::{Compression, Options};
use crate::store::Store;
use crate::vfs::MemoryVfs;

const LENGTH: usize = 6_000_000;

/// Lines that shrink, and no two pieces alike.
fn file() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(LENGTH + 100);
    let mut state = 1u64;
    while bytes.len() < LENGTH {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(format!("{:08} and some more\n", state >> 40).as_bytes());
    }
    bytes.truncate(LENGTH);
    bytes
}

fn stored(compression: Compression, bytes: &[u8]) -> (Arc<Store>, Content) {
    let options = Options::new().compression(compression);
    let vfs = Arc::new(MemoryVfs::new(u64::MAX));
    let store = Arc::new(Store::open(vfs, Path::new("/store"), options).unwrap());
    let mut writer = ContentWriter::new(ChunkSink::default(), false);
    writer.write(&store, bytes).unwrap();
    let (content, mut sink) = writer.finish(&store).unwrap();
    sink.flush(&store).unwrap();
    (store, content)
}

#[test]
fn who_reads_on_finds_the_next_frames_begun() {
    let bytes = file();
    for compression in [Compression::Default, Compression::None] {
        let (store, content) = stored(compression, &bytes);
        for piece in [5_000, 70_000, 1_000_000] {
            for threads in 0..3 {
                let hands = Arc::new(Hands::with_threads(threads));
                let mut reader = ContentReader::new(content.clone()).unwrap().with_hands(&store, &hands);
                let (mut read, mut buffer, mut most) = (Vec::new(), vec![0; piece], 0);
                loop {
                    let some = reader.read_full_at(&store, read.len() as u64, &mut buffer).unwrap();
                    read.extend_from_slice(&buffer[..some]);
                    most = most.max(reader.frames_ahead());
                    if some < piece {
                        break;
                    }
                }
                assert!(read == bytes);
                let compressed = compression == Compression::Default;
                assert_eq!(most > 0, compressed && threads > 0, "{compression:?} {piece} {threads}");
                assert!(most <= hands.ahead());
            }
        }
    }
}

/// Whoever read a few bytes across the border of two chunks was taken for one who reads on, and a file without frames was
/// looked through to its end.
#[test]
fn who_jumps_has_only_what_he_wants_read() {
    let bytes = file();
    for compression in [Compression::Default, Compression::None] {
        let (store, content) = stored(compression, &bytes);
        let hands = Arc::new(Hands::with_threads(2));
        let mut reader = ContentReader::new(content).unwrap().with_hands(&store, &hands);
        let (mut at, mut seen, mut buffer) = (0, 0, vec![0; 4096]);
        for _ in 0..500 {
            at = (at + 1_234_577) % (LENGTH - buffer.len());
            reader.read_full_at(&store, at as u64, &mut buffer).unwrap();
            assert!(buffer == bytes[at..at + buffer.len()]);
            let now = reader.seen_to();
            assert!(now == seen || now <= (at + buffer.len() + CHUNK_BYTES_MAX) as u64, "{at}: {now}");
            seen = now;
        }
    }
}
