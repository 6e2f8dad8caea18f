//! What the library tells of itself.

use std::ffi::{CString, c_char, c_void};

use ouroborosdb::{Error, ErrorCode, LogLevel, LogRecord, Result};

use crate::boundary::Caller;
use crate::error::{ouro_error, ouro_status};
use crate::handle::to_c_string;

/// Something is lost or does not work: damage, a write that failed.
pub const OURO_LOG_ERROR: i32 = 1;
/// Someone should know: a lock conflict, a torn tail after a crash, an index that is made anew.
pub const OURO_LOG_WARN: i32 = 2;
/// A database was opened.
pub const OURO_LOG_INFO: i32 = 3;
/// Upkeep: segments, parts of the index, closing.
pub const OURO_LOG_DEBUG: i32 = 4;

/// What something happened to. Both end with a NUL; neither is NULL.
#[repr(C)]
pub struct ouro_log_field {
    /// The name, in `snake_case`; "store" is the store's folder.
    pub name: *const c_char,
    /// The value: decimal digits, "true" or "false", or text.
    pub value: *const c_char,
}

/// One thing that the library tells. Lent to the sink for the length of its call.
#[repr(C)]
pub struct ouro_log_record {
    /// The size of this struct, as the library has it: fields behind it are not there.
    pub struct_size: usize,
    /// `OURO_LOG_...`.
    pub level: i32,
    /// Zero.
    pub reserved: [u8; 4],
    /// When it was told, in milliseconds since 1970.
    pub time_ms: u64,
    /// What happened, the same words each time; ends with a NUL.
    pub message: *const c_char,
    /// What it happened to.
    pub fields: *const ouro_log_field,
    /// How many fields there are.
    pub fields_len: usize,
}

const _: () = assert!(size_of::<ouro_log_record>() == 48);

/// Is told a record: on a thread of the library's, one record after the other, under no lock. It may call the library.
pub type ouro_log_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, record: *const ouro_log_record)>;

/// Gets back what a sink was given.
pub type ouro_log_free_fn = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

/// Has `sink` called with what the library tells from now on, up to `level` (`OURO_LOG_...`), of all databases of this
/// process. Never content, titles, metadata or attributes: ids, numbers and paths of stores.
///
/// Whoever tells never waits for the sink: 1,024 records wait for it at most, what does not fit is counted, and the
/// count is told. It takes the place of an earlier sink, which may still be running when this returns; call
/// `ouro_clear_log_sink` first where this matters. `userdata_free`, which may be NULL, is called once with `userdata`
/// when the sink is not called any more: also where this fails. A child of fork() hears nothing until it sets a sink.
///
/// Errors: `INVALID_ARGUMENT` for a level that there is none of; `IO` where no thread can be started.
///
/// # Safety
///
/// The pointers keep the header's rules, but that `userdata` lives until `userdata_free` is called, and both functions
/// may be called from other threads.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_set_log_sink(
    level: i32,
    sink: ouro_log_fn,
    userdata: *mut c_void,
    userdata_free: ouro_log_free_fn,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    let sink = Sink { sink, userdata, userdata_free };
    caller.call(error, move || {
        if sink.sink.is_none() {
            let message = "the parameter `sink` is NULL; pass a function, or call ouro_clear_log_sink";
            return Err(Error::new(ErrorCode::InvalidArgument, message));
        }
        ouroborosdb::set_log_sink(level_of(level)?, move |record| sink.tell(record))
    })
}

/// Ends the sink: what was told so far is delivered first, and when this returns the sink is not called any more. From
/// within the sink it returns at once, and the sink ends after what waits for it. Do not hold a lock that the sink may
/// wait for. Does nothing where there is no sink.
///
/// # Safety
///
/// Nothing is passed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_clear_log_sink() {
    // SAFETY: no pointer is passed.
    let caller = unsafe { Caller::trusted() };
    caller.get((), || {
        ouroborosdb::clear_log_sink();
        Some(())
    });
}

fn level_of(level: i32) -> Result<LogLevel> {
    match level {
        OURO_LOG_ERROR => Ok(LogLevel::Error),
        OURO_LOG_WARN => Ok(LogLevel::Warn),
        OURO_LOG_INFO => Ok(LogLevel::Info),
        OURO_LOG_DEBUG => Ok(LogLevel::Debug),
        _ => {
            let message = format!("the level is {level}; use one of the constants OURO_LOG_...");
            Err(Error::new(ErrorCode::InvalidArgument, message))
        }
    }
}

/// The caller's function and what it is given.
struct Sink {
    sink: ouro_log_fn,
    userdata: *mut c_void,
    userdata_free: ouro_log_free_fn,
}

// SAFETY: the caller has promised that both functions may be called from other threads.
unsafe impl Send for Sink {}

impl Sink {
    fn tell(&self, record: &LogRecord) {
        let Some(sink) = self.sink else { return };
        let message = to_c_string(record.message.as_bytes());
        let texts: Vec<(CString, CString)> = record
            .fields
            .iter()
            .map(|(name, value)| (to_c_string(name.as_bytes()), to_c_string(value.to_string().as_bytes())))
            .collect();
        let fields: Vec<ouro_log_field> = texts
            .iter()
            .map(|(name, value)| ouro_log_field { name: name.as_ptr(), value: value.as_ptr() })
            .collect();
        let record = ouro_log_record {
            struct_size: size_of::<ouro_log_record>(),
            level: record.level as i32,
            reserved: [0; 4],
            time_ms: record.time_ms,
            message: message.as_ptr(),
            fields: fields.as_ptr(),
            fields_len: fields.len(),
        };
        // SAFETY: the caller's function with the caller's own pointer, and a record that outlives the call.
        unsafe { sink(self.userdata, &raw const record) };
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(free) = self.userdata_free {
            // SAFETY: the caller's function with the caller's own pointer, once.
            unsafe { free(self.userdata) };
        }
    }
}
