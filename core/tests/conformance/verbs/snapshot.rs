//! A text of a folder that is equal for equal trees only.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::disk::sorted_names;
use crate::outcome::Failure;

/// Every entry's path, type, mode, time, and target or content.
pub(crate) fn snapshot(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    add(path, Path::new(""), &mut text)?;
    Ok(text)
}

fn add(top: &Path, inside: &Path, text: &mut Vec<u8>) -> Result<(), Failure> {
    let path = if inside == Path::new("") { top.to_owned() } else { top.join(inside) };
    let found = fs::symlink_metadata(&path)?;
    let kind = match () {
        () if found.is_dir() => "directory",
        () if found.is_symlink() => "symlink",
        () => "file",
    };
    let (mode, seconds, nanoseconds) =
        (found.permissions().mode() & 0o7777, found.mtime(), found.mtime_nsec());
    text.extend(inside.as_os_str().as_bytes());
    text.extend(format!("\0{kind} {mode:o} {seconds}.{nanoseconds:09} ").into_bytes());
    let content = match kind {
        "symlink" => fs::read_link(&path)?.into_os_string().into_vec(),
        "file" => fs::read(&path)?,
        _ => Vec::new(),
    };
    text.extend(format!("{}:", content.len()).into_bytes());
    text.extend(content);
    text.push(b'\n');
    if kind == "directory" {
        for name in sorted_names(&path)? {
            add(top, &inside.join(OsString::from_vec(name)), text)?;
        }
    }
    Ok(())
}
