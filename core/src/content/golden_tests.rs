//! The golden files, through the whole way in: what `put_file` makes of the inputs of `cuts.txt`.

use std::sync::Arc;

use super::{ChunkSink, ContentReader, ContentWriter};
use crate::chunk::test_input::generate;
use crate::event::ContentForm;
use crate::hands::Hands;
use crate::options::Options;
use crate::store::Store;
use crate::vfs::MemoryVfs;

/// A reader that gives a different number of bytes each time.
struct Uneven<'a> {
    rest: &'a [u8],
    step: usize,
}

impl std::io::Read for Uneven<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.step = self.step * 7 % 40_009 + 1;
        let length = self.step.min(buffer.len()).min(self.rest.len());
        buffer[..length].copy_from_slice(&self.rest[..length]);
        self.rest = &self.rest[length..];
        Ok(length)
    }
}

#[test]
fn files_become_what_the_golden_file_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance/golden/cuts.txt");
    let golden = std::fs::read_to_string(path).unwrap();
    let vfs = Arc::new(MemoryVfs::new(u64::MAX));
    let store = Arc::new(Store::open(vfs, std::path::Path::new("/store"), Options::new()).unwrap());
    let hands = Arc::new(Hands::with_threads(2));
    let mut input = None;
    let mut checked = 0;
    for line in golden.lines() {
        if let Some(name) = line.strip_prefix("input ") {
            input = Some(name);
        }
        if !line.starts_with("file ") {
            continue;
        }
        let name = input.take().unwrap();
        let bytes = generate(name);
        for sink in [ChunkSink::default(), ChunkSink::with_hands(Arc::clone(&store), Arc::clone(&hands))] {
            let mut writer = ContentWriter::new(sink, false);
            writer.write_from(&store, &mut Uneven { rest: &bytes, step: 3 }, |_| Ok(())).unwrap();
            let (content, mut sink) = writer.finish(&store).unwrap();
            let said = match &content.form {
                ContentForm::Inline(_) => "file inline".to_owned(),
                ContentForm::Chunk(id) => format!("file chunk {id}"),
                ContentForm::Tree { levels, root } => format!("file tree {levels} {root}"),
            };
            assert_eq!(said, line, "{name}");
            sink.flush(&store).unwrap();
            let mut read = vec![0; bytes.len()];
            let mut reader = ContentReader::new(content).unwrap();
            assert_eq!(reader.read_full_at(&store, 0, &mut read).unwrap(), bytes.len());
            assert!(read == bytes, "{name}");
        }
        checked += 1;
    }
    assert!(checked >= 24);
}
