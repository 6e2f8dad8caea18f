//! Hot copies.

use super::control::control;
use crate::names::{Handle, Names};
use crate::outcome::{Answer, handle, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    match (verb.split_once('.'), words.as_slice()) {
        (None, [db, path]) if verb == "backup_to" => Some(backup_to(names, statement, db, path)),
        (Some(("backup_report", field)), [report]) => report_field(names, report, field),
        _ => None,
    }
}

fn backup_to(names: &mut Names, statement: &Statement, db: &str, path: &str) -> Answer {
    let path = names.path(path)?;
    let control = control(names, statement, Some(db))?;
    let db = names.database(db)?;
    handle(Handle::BackupReport(match control {
        None => db.backup_to(path)?,
        Some(control) => db.backup_to_with(path, control)?,
    }))
}

fn report_field(names: &mut Names, report: &str, field: &str) -> Option<Answer> {
    let report = match names.backup_report(report) {
        Ok(report) => report,
        Err(failure) => return Some(Err(failure)),
    };
    Some(text(match field {
        "sequence" => report.sequence,
        "segments" => report.segments,
        "bytes_copied" => report.bytes_copied,
        "bytes_kept" => report.bytes_kept,
        "damaged_ranges" => report.damaged_ranges,
        _ => return None,
    }))
}
