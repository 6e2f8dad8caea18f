//! What is in a folder, and what it takes on the disk.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::Result;

const PIECE_BYTES: usize = 1 << 20;

/// The files of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents {
    pub(super) files: u64,
    pub(super) bytes: u64,
}

impl Contents {
    pub(super) fn of(folder: &Path) -> Result<Contents> {
        let files = files(folder)?;
        Ok(Contents { files: files.len() as u64, bytes: files.iter().map(|(_, bytes)| bytes).sum() })
    }
}

/// The files of a folder and of those in it, each by its path from there and with its length, in order.
pub(super) fn files(folder: &Path) -> Result<Vec<(PathBuf, u64)>> {
    let mut files = Vec::new();
    walk(folder, &mut |path, metadata| {
        if metadata.is_file() {
            files.push((path.strip_prefix(folder)?.to_owned(), metadata.len()));
        }
        Ok(())
    })?;
    files.sort();
    Ok(files)
}

/// The blocks that a folder and all in it have on the disk, in bytes; without the files that `apart` names.
#[cfg(unix)]
pub(super) fn allocated_bytes(folder: &Path, apart: &[&str]) -> Result<u64> {
    use std::os::unix::fs::MetadataExt;
    /// What the field counts, whatever the file system's own blocks are.
    const BLOCK_BYTES: u64 = 512;
    let mut allocated = std::fs::metadata(folder)?.blocks() * BLOCK_BYTES;
    walk(folder, &mut |path, metadata| {
        if !path.file_name().is_some_and(|name| apart.iter().any(|apart| name == *apart)) {
            allocated += metadata.blocks() * BLOCK_BYTES;
        }
        Ok(())
    })?;
    Ok(allocated)
}

#[cfg(not(unix))]
pub(super) fn allocated_bytes(_folder: &Path, _apart: &[&str]) -> Result<u64> {
    Err("this system does not say which blocks a file has".into())
}

/// Reads all files, so that they lie in the system's cache.
pub(super) fn warm(folder: &Path) -> Result<()> {
    let mut piece = vec![0; PIECE_BYTES];
    for (file, _) in files(folder)? {
        let mut file = File::open(folder.join(file))?;
        while file.read(&mut piece)? > 0 {}
    }
    Ok(())
}

/// An error that names the first file which only one of the two has, or which differs.
pub(super) fn same(one: &Path, other: &Path) -> Result<()> {
    let (files, of_other) = (files(one)?, files(other)?);
    if let Some((of_one, of_other)) =
        files.iter().zip(&of_other).find(|(of_one, of_other)| of_one != of_other)
    {
        return Err(format!("{of_one:?} became {of_other:?}").into());
    }
    if files.len() != of_other.len() {
        return Err(format!("{} files became {}", files.len(), of_other.len()).into());
    }
    for (file, _) in files {
        if std::fs::read(one.join(&file))? != std::fs::read(other.join(&file))? {
            return Err(format!("{} came out otherwise than it went in", file.display()).into());
        }
    }
    Ok(())
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path, &Metadata) -> Result<()>) -> Result<()> {
    for entry in std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        visit(&entry.path(), &metadata)?;
        if metadata.is_dir() {
            walk(&entry.path(), visit)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{Contents, allocated_bytes, files, same};
    use crate::paths;

    #[test]
    fn folders_are_compared_and_counted() {
        let scratch = paths::fresh_folder("test-bench-folders").unwrap();
        let [one, other] = ["one", "other"].map(|name| scratch.join(name));
        for folder in [&one, &other] {
            std::fs::create_dir_all(folder.join("in")).unwrap();
            std::fs::write(folder.join("in/large"), [1; 100_000]).unwrap();
            std::fs::write(folder.join("small"), "1").unwrap();
        }
        assert_eq!(Contents::of(&one).unwrap(), Contents { files: 2, bytes: 100_001 });
        assert_eq!(files(&one).unwrap(), [("in/large".into(), 100_000), ("small".into(), 1)]);
        same(&one, &other).unwrap();
        if cfg!(unix) {
            let all = allocated_bytes(&one, &[]).unwrap();
            assert!((100_000..200_000).contains(&all), "{all}");
            assert!(all - allocated_bytes(&one, &["large"]).unwrap() >= 100_000);
        }
        std::fs::write(other.join("small"), "2").unwrap();
        assert!(same(&one, &other).unwrap_err().to_string().contains("small"));
        std::fs::remove_file(other.join("small")).unwrap();
        assert!(same(&one, &other).is_err() && same(&other, &one).is_err());
        std::fs::remove_dir_all(scratch).unwrap();
    }
}
