//! Folders in and out.

use std::os::unix::ffi::OsStrExt;

use ouroborosdb::{ExportOptions, ImportOptions};

use super::control::control;
use super::fields::durability;
use super::id;
use crate::names::{Handle, Names};
use crate::outcome::{Answer, Failure, handle, list_of_bytes, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("import_path", [db, parent, path]) => import(names, statement, [db, parent, path]),
        ("export_path", [db, event, path]) => export(names, statement, [db, event, path]),
        (_, [report]) => match verb.split_once('.') {
            Some(("import_report", field)) => return import_field(names, report, field).transpose(),
            Some(("export_report", field)) => return export_field(names, report, field).transpose(),
            _ => return None,
        },
        _ => return None,
    })
}

fn import(names: &mut Names, statement: &Statement, [db, parent, path]: [&str; 3]) -> Answer {
    let (parent, path) = (id(names, parent)?, names.path(path)?);
    let control = control(names, statement, Some(db))?.unwrap_or_default();
    let mut options = ImportOptions::new().control(control);
    if let Some(word) = statement.option("durability") {
        options = options.durability(durability(word)?);
    }
    handle(Handle::ImportReport(names.database(db)?.import_path(parent, path, options)?))
}

fn export(names: &mut Names, statement: &Statement, [db, event, path]: [&str; 3]) -> Answer {
    let (event, path) = (id(names, event)?, names.path(path)?);
    let control = control(names, statement, Some(db))?.unwrap_or_default();
    let options = ExportOptions::new().control(control);
    handle(Handle::ExportReport(names.database(db)?.export_path(event, path, options)?))
}

type Field = Result<Option<crate::outcome::Outcome>, Failure>;

fn import_field(names: &mut Names, report: &str, field: &str) -> Field {
    let report = names.import_report(report)?;
    let answer = match field {
        "event" => text(report.event),
        "files" => text(report.files),
        "directories" => text(report.directories),
        "symlinks" => text(report.symlinks),
        "bytes" => text(report.bytes),
        "skipped" => list_of_bytes(report.skipped.iter().map(|path| path.as_os_str().as_bytes().to_vec())),
        _ => return Ok(None),
    };
    answer.map(Some)
}

fn export_field(names: &mut Names, report: &str, field: &str) -> Field {
    let report = names.export_report(report)?;
    let answer = match field {
        "files" => text(report.files),
        "directories" => text(report.directories),
        "symlinks" => text(report.symlinks),
        "bytes" => text(report.bytes),
        _ => return Ok(None),
    };
    answer.map(Some)
}
