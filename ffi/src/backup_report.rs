//! What a backup came to.

use ouroborosdb::BackupReport;

use crate::boundary::Caller;

/// What a backup came to.
pub struct ouro_backup_report {
    pub(crate) inner: BackupReport,
}

/// The copy holds the events up to this sequence number; 0 for none, and for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_backup_report_sequence(report: *const ouro_backup_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.sequence))
}

/// Segments of the copy; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_backup_report_segments(report: *const ouro_backup_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.segments))
}

/// Bytes of segments that were copied by this call; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_backup_report_bytes_copied(report: *const ouro_backup_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.bytes_copied))
}

/// Bytes of segments that were there from earlier calls; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_backup_report_bytes_kept(report: *const ouro_backup_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.bytes_kept))
}

/// Stretches among the copied ones that cannot be read; 0 for NULL. They are damaged in the store that was
/// copied as well, or on the way from it: `ouro_database_verify` there tells.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_backup_report_damaged_ranges(report: *const ouro_backup_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.damaged_ranges))
}

/// Frees the report. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_backup_report_free(report: *mut ouro_backup_report) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(report);
}
