//! What is installed once and stays, until something else is wanted.

use std::path::Path;

use crate::Result;

/// Runs `make`, unless it ended well before for the same `wanted`, which `stamp` says then. The folder of `stamp` may
/// be one that `make` makes.
pub(crate) fn once(stamp: &Path, wanted: &[u8], make: impl FnOnce() -> Result<()>) -> Result<()> {
    if std::fs::read(stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    make()?;
    std::fs::write(stamp, wanted)?;
    Ok(())
}
