//! All files of a folder as one stream, over and over: a large file of real bytes.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::Result;
use crate::measure::Random;

/// The stream is marked at every multiple of this, where it is marked: no chunk is so short.
const MARK_EVERY_BYTES: u64 = 2048;
const MARK_BYTES: usize = 8;
const SEED: u64 = 6;

/// The first bytes of the files in the order of their paths, which begin anew at the end.
pub(crate) struct Concatenation {
    files: Vec<PathBuf>,
    next: usize,
    open: Option<File>,
    position: u64,
    length: u64,
    /// Eight bytes of chance in each 2 KiB: no two chunks are the same then, and each shrinks nearly as it did.
    marks: Option<Random>,
}

impl Concatenation {
    pub(crate) fn new(folder: &Path, length: u64) -> Result<Concatenation> {
        let mut files = Vec::new();
        add_files(folder, &mut files)?;
        files.sort();
        if files.is_empty() {
            return Err(format!("there is no file with anything in it below {}", folder.display()).into());
        }
        Ok(Concatenation { files, next: 0, open: None, position: 0, length, marks: None })
    }

    /// The same, with no chunk twice.
    pub(crate) fn without_duplicates(folder: &Path, length: u64) -> Result<Concatenation> {
        Ok(Concatenation { marks: Some(Random::new(SEED)), ..Concatenation::new(folder, length)? })
    }
}

impl Concatenation {
    /// So many bytes of the files, at least one.
    fn read_files(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let file = match &mut self.open {
                Some(file) => file,
                None => {
                    let path = &self.files[self.next];
                    self.next = (self.next + 1) % self.files.len();
                    self.open.insert(File::open(path)?)
                }
            };
            match file.read(buffer)? {
                0 => self.open = None,
                read => return Ok(read),
            }
        }
    }
}

impl Read for Concatenation {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.length - self.position).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        if wanted == 0 {
            return Ok(0);
        }
        // A read ends where marks and files meet, so each is of one of them.
        let at = (self.position % MARK_EVERY_BYTES) as usize;
        let read = match &mut self.marks {
            Some(marks) if at < MARK_BYTES => {
                let wanted = wanted.min(MARK_BYTES - at);
                marks.fill(&mut buffer[..wanted]);
                wanted
            }
            Some(_) => {
                let wanted = wanted.min(MARK_EVERY_BYTES as usize - at);
                self.read_files(&mut buffer[..wanted])?
            }
            None => self.read_files(&mut buffer[..wanted])?,
        };
        self.position += read as u64;
        Ok(read)
    }
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_dir() {
            add_files(&entry.path(), files)?;
        } else if metadata.is_file() && metadata.len() > 0 {
            files.push(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::io::Read;

    use super::Concatenation;

    #[test]
    fn a_stream_has_its_length_and_marks_make_its_parts_differ() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Concatenation::new(folder.path(), 1).is_err());
        std::fs::create_dir(folder.path().join("b")).unwrap();
        std::fs::write(folder.path().join("b/file"), "second ").unwrap();
        std::fs::write(folder.path().join("a"), "first ").unwrap();
        std::fs::write(folder.path().join("empty"), "").unwrap();
        let mut text = String::new();
        Concatenation::new(folder.path(), 19).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "first second first ");

        std::fs::write(folder.path().join("a"), [0; 6000]).unwrap();
        let (mut bytes, mut again) = (Vec::new(), Vec::new());
        let stream = || Concatenation::without_duplicates(folder.path(), 10_000).unwrap();
        stream().read_to_end(&mut bytes).unwrap();
        stream().read_to_end(&mut again).unwrap();
        assert!(bytes == again && bytes.len() == 10_000);
        assert_ne!(bytes[..8], bytes[2048..2056]);
        assert!(bytes[8..2048].iter().all(|byte| *byte == 0));
    }
}
