//! Folders in and out.

use std::path::Path;

use ouroborosdb::{ExportOptions, ImportOptions};
use serde_json::json;

use crate::arguments::Place;
use crate::failure::Result;
use crate::folder::{self, Given};
use crate::json;
use crate::output::Output;
use crate::progress::Watched;
use crate::text::printable;

pub(super) fn import(out: &mut Output, store: Given<'_>, path: &Path, place: &Place) -> Result<()> {
    let db = folder::open(store)?;
    let parent = folder::parent(&db, place)?;
    let watched = Watched::new("reading")?;
    let options = ImportOptions::new().control(watched.control());
    let report = db.import_path(parent, path, options)?;
    drop(watched);
    let skipped: Vec<&[u8]> = report.skipped.iter().map(|path| path.as_os_str().as_encoded_bytes()).collect();
    out.line(
        || {
            json!({
                "event": report.event.to_hex(),
                "files": report.files,
                "directories": report.directories,
                "symlinks": report.symlinks,
                "bytes": report.bytes,
                "skipped": skipped.iter().map(|path| json::bytes(path)).collect::<Vec<_>>(),
            })
        },
        || {
            let mut lines = report.event.to_hex();
            lines.push_str(&format!(
                "\n{} files, {} folders, {} symbolic links, {} bytes",
                report.files, report.directories, report.symlinks, report.bytes
            ));
            for path in &skipped {
                lines.push_str(&format!("\nskipped, neither file nor folder nor link: {}", printable(path)));
            }
            lines
        },
    )?;
    Ok(db.close()?)
}

pub(super) fn export(out: &mut Output, store: Given<'_>, event: &str, path: &Path) -> Result<()> {
    let db = folder::open_read_only(store)?;
    let event = db.resolve(event)?;
    let watched = Watched::new("writing")?;
    let report = db.export_path(event, path, ExportOptions::new().control(watched.control()))?;
    drop(watched);
    out.line(
        || {
            json!({
                "files": report.files,
                "directories": report.directories,
                "symlinks": report.symlinks,
                "bytes": report.bytes,
            })
        },
        || {
            format!(
                "{} files, {} folders, {} symbolic links, {} bytes",
                report.files, report.directories, report.symlinks, report.bytes
            )
        },
    )
}
