//! What an import stored.

use std::ffi::{CString, c_char};

use ouroborosdb::ImportReport;

use crate::boundary::Caller;
use crate::event_id::ouro_event_id;
use crate::handle::{path_bytes, to_c_string};

/// What an import stored.
pub struct ouro_import_report {
    inner: ImportReport,
    skipped: Vec<CString>,
}

impl ouro_import_report {
    pub(crate) fn new(inner: ImportReport) -> ouro_import_report {
        let skipped = inner.skipped.iter().map(|path| to_c_string(path_bytes(path))).collect();
        ouro_import_report { inner, skipped }
    }
}

/// The event of the folder, file or symbolic link that was named; zeros for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_import_report_event(report: *const ouro_import_report) -> ouro_event_id {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(ouro_event_id::default(), || Some(caller.lent(report)?.inner.event.into()))
}

/// Files, each name of a hard link counted; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_import_report_files(report: *const ouro_import_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.files))
}

/// Folders, with the one that was named; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_import_report_directories(report: *const ouro_import_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.directories))
}

/// Symbolic links; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_import_report_symlinks(report: *const ouro_import_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.symlinks))
}

/// Bytes of all files together, as they were read; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_import_report_bytes(report: *const ouro_import_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.bytes))
}

/// How many entries were left out: devices, sockets, pipes, and the folder of the store itself.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_import_report_skipped_len(report: *const ouro_import_report) -> usize {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.skipped.len()))
}

/// The path of an entry that was left out, by its number from 0; it begins with the path that was named. Lent
/// until the report is freed; NULL where there is none.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_import_report_skipped(
    report: *const ouro_import_report,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(caller.lent(report)?.skipped.get(index)?.as_ptr()))
}

/// Frees the report. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_import_report_free(report: *mut ouro_import_report) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(report);
}
