//! What verify found.

use std::ffi::{CString, c_char, c_void};

use ouroborosdb::{Problem, VerifyReport};

use crate::boundary::Caller;
use crate::event_id::ouro_event_id;
use crate::handle::to_c_string;

/// What verify found. The problems are numbered from 0; the first 10,000 are listed.
pub struct ouro_verify_report {
    inner: VerifyReport,
    messages: Vec<CString>,
}

impl ouro_verify_report {
    pub(crate) fn new(inner: VerifyReport) -> ouro_verify_report {
        let message = |problem: &Problem| to_c_string(problem.message.as_bytes());
        let messages = inner.problems.iter().map(message).collect();
        ouro_verify_report { inner, messages }
    }
}

/// Whether nothing is wrong; false for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_is_clean(report: *const ouro_verify_report) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(false, || Some(caller.lent(report)?.inner.is_clean()))
}

/// Segments that were read; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_segments(report: *const ouro_verify_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.segments))
}

/// Bytes that were read; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_bytes(report: *const ouro_verify_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.bytes))
}

/// Events that were checked; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_events(report: *const ouro_verify_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.events))
}

/// Chunks and lists that were checked; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_chunks(report: *const ouro_verify_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.chunks))
}

/// How many problems there are; 0 for NULL.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_problems_total(report: *const ouro_verify_report) -> u64 {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.problems_total))
}

/// How many problems are listed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_problems_len(report: *const ouro_verify_report) -> usize {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(0, || Some(caller.lent(report)?.inner.problems.len()))
}

/// Whether the event that a problem concerns is known, and its id.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_problem_event(
    report: *const ouro_verify_report,
    index: usize,
    out: *mut ouro_event_id,
) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.answer(out, || Some(caller.lent(report)?.inner.problems.get(index)?.event?.into()))
}

/// The attribute `file.name` of the event that a problem concerns, raw bytes, and its length. Lent until the
/// report is freed; NULL where there is none.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_problem_file_name(
    report: *const ouro_verify_report,
    index: usize,
    len: *mut usize,
) -> *const c_void {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.lend(len, || caller.lent(report)?.inner.problems.get(index)?.file_name.as_deref())
}

/// Whether the segment that a problem concerns is known, and its number.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_problem_segment(
    report: *const ouro_verify_report,
    index: usize,
    out: *mut u64,
) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.answer(out, || caller.lent(report)?.inner.problems.get(index)?.segment)
}

/// Whether it is known where in the segment a problem is, and that place.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_problem_offset(
    report: *const ouro_verify_report,
    index: usize,
    out: *mut u64,
) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.answer(out, || caller.lent(report)?.inner.problems.get(index)?.offset)
}

/// Whether it is known how many bytes from there a problem concerns, and their number.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_problem_length(
    report: *const ouro_verify_report,
    index: usize,
    out: *mut u64,
) -> bool {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.answer(out, || caller.lent(report)?.inner.problems.get(index)?.length)
}

/// What is wrong, for people. Lent until the report is freed; NULL for a number that is none.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_problem_message(
    report: *const ouro_verify_report,
    index: usize,
) -> *const c_char {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || Some(caller.lent(report)?.messages.get(index)?.as_ptr()))
}

/// Frees the report. NULL is allowed.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_verify_report_free(report: *mut ouro_verify_report) {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.free(report);
}
