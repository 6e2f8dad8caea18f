//! A folder into a store, and out of it again.

use std::path::Path;
use std::time::Instant;

use ouroborosdb::{Compression, Database, ExportOptions, ImportOptions, Options, Order};

use crate::Result;

/// What is imported hangs under this root.
const ROOT: &str = "bench";

pub(crate) fn import(store: &Path, source: &Path, compression: Compression) -> Result<()> {
    let start = Instant::now();
    let db = Database::open(store, Options::new().compression(compression))?;
    let root = db.ensure_root(ROOT)?;
    let report = db.import_path(root, source, ImportOptions::new())?;
    db.close()?;
    let nanoseconds = start.elapsed().as_nanos();
    if !report.skipped.is_empty() {
        return Err(format!("the import left out {:?}", report.skipped).into());
    }
    println!("inside {nanoseconds}");
    println!("bytes {}", report.bytes);
    Ok(())
}

pub(crate) fn export(store: &Path, target: &Path) -> Result<()> {
    let start = Instant::now();
    let db = Database::open(store, Options::new().create(false))?;
    let root = db.ensure_root(ROOT)?;
    let imports = db.child_ids(root, Order::Commit)?.page(1)?;
    let first = imports.first().ok_or("nothing was imported into this store")?;
    let report = db.export_path(*first, target, ExportOptions::new())?;
    db.close()?;
    println!("inside {}", start.elapsed().as_nanos());
    println!("bytes {}", report.bytes);
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use ouroborosdb::Compression;

    use super::{export, import};

    #[test]
    fn what_goes_in_comes_out_again_whatever_is_imported_behind_it() {
        let scratch = tempfile::tempdir().unwrap();
        let [store, source, target] = ["store", "source", "target"].map(|name| scratch.path().join(name));
        std::fs::create_dir(&source).unwrap();
        std::fs::write(source.join("file"), [7; 100_000]).unwrap();
        import(&store, &source, Compression::Fast).unwrap();
        std::fs::write(source.join("file"), b"later").unwrap();
        import(&store, &source, Compression::Fast).unwrap();
        export(&store, &target).unwrap();
        assert_eq!(std::fs::read(target.join("file")).unwrap(), [7; 100_000]);
    }
}
