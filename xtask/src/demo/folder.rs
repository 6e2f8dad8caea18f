//! The folder that the demo stores.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::capture;
use crate::{Result, machine};

/// The folder that was asked for, else the standard library of Python, as an absolute path. `scratch` is
/// where the demo writes: it must not lie in the folder, which would grow while it is stored.
pub(crate) fn choose(asked: Option<&Path>, scratch: &Path) -> Result<PathBuf> {
    let folder = match asked {
        Some(folder) => folder.to_path_buf(),
        None => standard_library()?,
    };
    let found = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
    if !found.is_dir() {
        return Err(format!("{} is not a folder; name a folder to store", folder.display()).into());
    }
    if scratch.canonicalize()?.starts_with(&found) {
        let message = format!(
            "{} holds {}, where the demo writes; name another folder, or set CARGO_TARGET_DIR to a place outside",
            found.display(),
            scratch.display()
        );
        return Err(message.into());
    }
    Ok(found)
}

fn standard_library() -> Result<PathBuf> {
    let code = "import sysconfig; print(sysconfig.get_paths()['stdlib'])";
    let mut command = Command::new(machine::python());
    let path = capture(command.args(["-c", code]).env("PYTHONDONTWRITEBYTECODE", "1"))?;
    Ok(PathBuf::from(path.trim_end_matches(['\r', '\n'])))
}

/// Reads every file once, so that what is measured later comes from the page cache.
pub(crate) fn warm(folder: &Path) -> Result<()> {
    let mut buffer = vec![0; 1 << 20];
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                let mut file = File::open(entry.path())?;
                while file.read(&mut buffer)? > 0 {}
            }
        }
    }
    Ok(())
}
