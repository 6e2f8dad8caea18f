//! Where things are.

use std::path::{Path, PathBuf};

use crate::Result;

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Cargo's target folder, which holds all that is built here.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |set| root().join(set))
}

/// A folder below the target folder that exists and is empty.
pub(crate) fn fresh_folder(name: &str) -> Result<PathBuf> {
    let path = target().join(name);
    if path.exists() {
        make_removable(&path)?;
        std::fs::remove_dir_all(&path).map_err(|error| format!("removing {}: {error}", path.display()))?;
    }
    std::fs::create_dir_all(&path).map_err(|error| format!("creating {}: {error}", path.display()))?;
    Ok(path)
}

/// Copies a file to a path whose folder is made where it is missing.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<()> {
    make_parent(to)?;
    std::fs::copy(from, to)
        .map_err(|error| format!("copying {} to {}: {error}", from.display(), to.display()))?;
    Ok(())
}

/// Makes the folder of a path.
pub(crate) fn make_parent(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("making {}: {error}", folder.display()))?;
    }
    Ok(())
}

/// An exported folder may lack the bits without which its entries cannot be removed.
#[cfg(unix)]
pub(crate) fn make_removable(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut folders = vec![path.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let mode = std::fs::metadata(&folder)?.permissions().mode();
        if mode & 0o700 != 0o700 {
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode | 0o700))?;
        }
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn make_removable(_path: &Path) -> Result<()> {
    Ok(())
}
