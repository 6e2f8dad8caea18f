//! Set-up in the file system.

use std::fs::{self, File, OpenOptions, Permissions};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::Path;

use super::snapshot::snapshot;
use crate::names::Names;
use crate::outcome::{Answer, Failure, bytes, done, list_of_bytes, mistake, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb.strip_prefix("fs.")?, words.as_slice()) {
        (verb @ ("make_folder" | "fifo" | "remove" | "kind" | "size" | "list" | "snapshot"), [path]) => {
            names.path(path).and_then(|path| one(verb, &path))
        }
        (verb @ ("hard_link" | "copy" | "rename"), [a, b]) => {
            names.path(a).and_then(|a| two(verb, &a, &names.path(b)?))
        }
        (verb @ ("write" | "symlink" | "chmod" | "set_mtime" | "truncate"), [path, word]) => {
            names.path(path).and_then(|path| with_word(names, verb, &path, word))
        }
        ("overwrite", [path, offset, word]) => overwrite(names, path, offset, word),
        _ => return None,
    })
}

fn one(verb: &str, path: &Path) -> Answer {
    match verb {
        "make_folder" => fs::create_dir_all(path)?,
        "fifo" => nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).map_err(std::io::Error::from)?,
        "remove" if fs::symlink_metadata(path)?.is_dir() => fs::remove_dir_all(path)?,
        "remove" => fs::remove_file(path)?,
        "kind" => return text(kind(path)),
        "size" => return text(fs::metadata(path)?.len()),
        "list" => return list_of_bytes(sorted_names(path)?),
        _ => return bytes(snapshot(path)?),
    }
    done()
}

fn two(verb: &str, a: &Path, b: &Path) -> Answer {
    match verb {
        "hard_link" => fs::hard_link(b, a)?,
        "rename" => fs::rename(a, b)?,
        _ => copy(a, b)?,
    }
    done()
}

fn with_word(names: &Names, verb: &str, path: &Path, word: &str) -> Answer {
    match verb {
        "write" => fs::write(path, names.evaluate(word)?)?,
        "symlink" => {
            let target = std::ffi::OsString::from_vec(names.evaluate(word)?);
            std::os::unix::fs::symlink(target, path)?;
        }
        "chmod" => {
            let digits = names.evaluate(word)?;
            let mode = u32::from_str_radix(&String::from_utf8_lossy(&digits), 8);
            let Ok(mode) = mode else { return mistake("a mode is octal") };
            fs::set_permissions(path, Permissions::from_mode(mode))?;
        }
        "truncate" => writable(path)?.set_len(names.number(word)?)?,
        _ => set_mtime(path, names.number(word)?)?,
    }
    done()
}

fn set_mtime(path: &Path, nanoseconds: i64) -> Result<(), Failure> {
    use nix::sys::stat::{UtimensatFlags, utimensat};
    use nix::sys::time::TimeSpec;
    let time = TimeSpec::new(nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    utimensat(nix::fcntl::AT_FDCWD, path, &time, &time, UtimensatFlags::NoFollowSymlink)
        .map_err(std::io::Error::from)?;
    Ok(())
}

fn overwrite(names: &Names, path: &str, offset: &str, word: &str) -> Answer {
    let (file, offset) = (writable(&names.path(path)?)?, names.number::<i64>(offset)?);
    let from = if offset < 0 { file.metadata()?.len() } else { 0 };
    let Some(offset) = from.checked_add_signed(offset) else { return mistake("the file is too short") };
    file.write_all_at(&names.evaluate(word)?, offset)?;
    done()
}

/// Opens a file for writing, also where its mode says that nobody writes to it.
fn writable(path: &Path) -> Result<File, Failure> {
    let mode = fs::metadata(path)?.permissions().mode();
    fs::set_permissions(path, Permissions::from_mode(mode | 0o200))?;
    Ok(OpenOptions::new().write(true).open(path)?)
}

fn kind(path: &Path) -> &'static str {
    match fs::symlink_metadata(path) {
        Err(_) => "none",
        Ok(found) if found.is_dir() => "directory",
        Ok(found) if found.is_file() => "file",
        Ok(found) if found.is_symlink() => "symlink",
        Ok(_) => "other",
    }
}

pub(crate) fn sorted_names(folder: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().as_bytes().to_vec());
    }
    names.sort();
    Ok(names)
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let found = fs::symlink_metadata(from)?;
    if found.is_symlink() {
        std::os::unix::fs::symlink(fs::read_link(from)?, to)?;
    } else if found.is_dir() {
        fs::create_dir(to)?;
        for name in sorted_names(from)? {
            let name = std::ffi::OsString::from_vec(name);
            copy(&from.join(&name), &to.join(&name))?;
        }
        fs::set_permissions(to, found.permissions())?;
    } else {
        fs::copy(from, to)?;
    }
    Ok(())
}
