//! Whether two folders are the same: names, kinds, contents, modes, times of change, targets of links.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::Path;

use crate::Result;

/// Most differences that are listed.
const LISTED_MAX: usize = 20;

/// What differs between two folders, a sentence for each; empty where they are the same.
pub(crate) fn trees(left: &Path, right: &Path) -> Result<Vec<String>> {
    let mut differences = Vec::new();
    let mut buffers = Buffers { left: vec![0; 1 << 20], right: vec![0; 1 << 20] };
    let mut pairs = vec![(left.to_path_buf(), right.to_path_buf())];
    while let Some((left, right)) = pairs.pop() {
        let (was, is) = (std::fs::symlink_metadata(&left)?, std::fs::symlink_metadata(&right)?);
        if let Some(difference) = entry_difference(&left, &right, &was, &is, &mut buffers)? {
            differences.push(format!("{}: {difference} after the export", left.display()));
        }
        if was.is_dir() && is.is_dir() {
            let (names, others) = (names(&left)?, names(&right)?);
            for name in names.symmetric_difference(&others) {
                differences.push(format!("{}: only on one side of the export", left.join(name).display()));
            }
            pairs.extend(names.intersection(&others).map(|name| (left.join(name), right.join(name))));
        }
        if differences.len() >= LISTED_MAX {
            differences.push("more differences are not looked for".to_owned());
            break;
        }
    }
    Ok(differences)
}

struct Buffers {
    left: Vec<u8>,
    right: Vec<u8>,
}

/// The names of a folder's entries that an import takes: not devices, sockets and pipes.
fn names(folder: &Path) -> Result<BTreeSet<OsString>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() || kind.is_file() || kind.is_symlink() {
            names.insert(entry.file_name());
        }
    }
    Ok(names)
}

fn entry_difference(
    left: &Path,
    right: &Path,
    was: &Metadata,
    is: &Metadata,
    buffers: &mut Buffers,
) -> Result<Option<&'static str>> {
    if was.file_type() != is.file_type() {
        return Ok(Some("another kind of entry"));
    }
    if mode(was) != mode(is) {
        return Ok(Some("another mode"));
    }
    if was.is_symlink() && std::fs::read_link(left)? != std::fs::read_link(right)? {
        return Ok(Some("another target"));
    }
    if was.is_file() && (was.len() != is.len() || !same_content(left, right, buffers)?) {
        return Ok(Some("other content"));
    }
    if was.modified()? != is.modified()? {
        return Ok(Some("another time of change"));
    }
    Ok(None)
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions())
}

#[cfg(not(unix))]
fn mode(metadata: &Metadata) -> bool {
    metadata.permissions().readonly()
}

fn same_content(left: &Path, right: &Path, buffers: &mut Buffers) -> Result<bool> {
    let (mut left, mut right) = (File::open(left)?, File::open(right)?);
    loop {
        let (was, is) = (fill(&mut left, &mut buffers.left)?, fill(&mut right, &mut buffers.right)?);
        if was != is {
            return Ok(false);
        }
        if was.is_empty() {
            return Ok(true);
        }
    }
}

/// Reads until the buffer is full or the file ends.
fn fill<'a>(file: &mut File, buffer: &'a mut [u8]) -> Result<&'a [u8]> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            read => length += read,
        }
    }
    Ok(buffer.get(..length).unwrap_or_default())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::fs::{self, File};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::{Path, PathBuf};
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::trees;

    /// Two equal folders below a new folder of this name.
    fn pair(name: &str) -> (PathBuf, PathBuf) {
        let above = std::env::temp_dir().join(format!("compare-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&above);
        for side in ["left", "right"] {
            let folder = above.join(side);
            fs::create_dir_all(folder.join("inner")).unwrap();
            fs::write(folder.join("inner/file"), "content").unwrap();
            symlink("inner/file", folder.join("link")).unwrap();
        }
        settle(&above.join("left"));
        settle(&above.join("right"));
        (above.join("left"), above.join("right"))
    }

    /// Gives all entries but the link one time of change.
    fn settle(folder: &Path) {
        File::open(folder.join("inner/file")).unwrap().set_modified(at()).unwrap();
        settle_folders(folder);
    }

    fn settle_folders(folder: &Path) {
        for path in [folder.join("inner"), folder.to_path_buf()] {
            File::open(path).unwrap().set_modified(at()).unwrap();
        }
    }

    fn at() -> SystemTime {
        UNIX_EPOCH + Duration::from_nanos(1_500_000_001)
    }

    /// What differs once `change` was made to the right folder. The link's own time cannot be set with std.
    fn differences(name: &str, change: impl FnOnce(&Path)) -> Vec<String> {
        let (left, right) = pair(name);
        change(&right);
        let mut found = trees(&left, &right).unwrap();
        fs::remove_dir_all(left.parent().unwrap()).unwrap();
        found.retain(|difference| !difference.ends_with("link: another time of change after the export"));
        found
    }

    #[test]
    fn equal_folders_are_the_same() {
        assert_eq!(differences("equal", |_| {}), Vec::<String>::new());
    }

    #[test]
    fn each_kind_of_difference_is_found() {
        let content = differences("content", |right| {
            fs::write(right.join("inner/file"), "CONTENT").unwrap();
            settle(right);
        });
        assert!(
            matches!(content.as_slice(), [one] if one.contains("inner/file: other content")),
            "{content:?}"
        );
        let mode = differences("mode", |right| {
            fs::set_permissions(right.join("inner"), fs::Permissions::from_mode(0o701)).unwrap();
        });
        assert!(matches!(mode.as_slice(), [one] if one.contains("inner: another mode")), "{mode:?}");
        let time = differences("time", |right| {
            File::open(right.join("inner/file")).unwrap().set_modified(UNIX_EPOCH).unwrap();
        });
        assert!(matches!(time.as_slice(), [one] if one.contains("another time of change")), "{time:?}");
        let target = differences("target", |right| {
            fs::remove_file(right.join("link")).unwrap();
            symlink("inner", right.join("link")).unwrap();
            settle(right);
        });
        assert!(matches!(target.as_slice(), [one] if one.contains("link: another target")), "{target:?}");
        let missing = differences("missing", |right| {
            fs::remove_file(right.join("inner/file")).unwrap();
            settle_folders(right);
        });
        assert!(matches!(missing.as_slice(), [one] if one.contains("only on one side")), "{missing:?}");
    }
}
