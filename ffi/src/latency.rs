//! How long calls took.

use std::ffi::{CStr, c_char};

use ouroborosdb::{Error, ErrorCode, Latency, Operation, Result};

use crate::boundary::Caller;
use crate::database::ouro_database;
use crate::error::{ouro_error, ouro_status};
use crate::sized::SizedStruct;

/// Appending an event, and making a root.
pub const OURO_OPERATION_APPEND: i32 = 0;
/// Storing a file, and finishing a file writer.
pub const OURO_OPERATION_PUT_FILE: i32 = 1;
/// Committing a batch.
pub const OURO_OPERATION_BATCH_COMMIT: i32 = 2;
/// Asking for an event.
pub const OURO_OPERATION_EVENT: i32 = 3;
/// Reading a whole file.
pub const OURO_OPERATION_READ_FILE: i32 = 4;
/// Reading some of an open file.
pub const OURO_OPERATION_READ: i32 = 5;
/// Reading and checking one chunk of a file.
pub const OURO_OPERATION_READ_CHUNK: i32 = 6;
/// Fetching the next up to 128 events or ids of a cursor.
pub const OURO_OPERATION_CURSOR_PAGE: i32 = 7;
/// Making the log durable, once for all commits that wait for it.
pub const OURO_OPERATION_SYNC: i32 = 8;
/// Looking at what a writer has committed since.
pub const OURO_OPERATION_REFRESH: i32 = 9;
/// Storing many files at once, and importing.
pub const OURO_OPERATION_PUT_FILES: i32 = 10;

/// Each kind: its number, its name, what it is in the engine.
const OPERATIONS: [(i32, &CStr, Operation); 11] = [
    (OURO_OPERATION_APPEND, c"append", Operation::Append),
    (OURO_OPERATION_PUT_FILE, c"put_file", Operation::PutFile),
    (OURO_OPERATION_BATCH_COMMIT, c"batch_commit", Operation::BatchCommit),
    (OURO_OPERATION_EVENT, c"event", Operation::Event),
    (OURO_OPERATION_READ_FILE, c"read_file", Operation::ReadFile),
    (OURO_OPERATION_READ, c"read", Operation::Read),
    (OURO_OPERATION_READ_CHUNK, c"read_chunk", Operation::ReadChunk),
    (OURO_OPERATION_CURSOR_PAGE, c"cursor_page", Operation::CursorPage),
    (OURO_OPERATION_SYNC, c"sync", Operation::Sync),
    (OURO_OPERATION_REFRESH, c"refresh", Operation::Refresh),
    (OURO_OPERATION_PUT_FILES, c"put_files", Operation::PutFiles),
];

/// How long the calls of one kind took since the database was opened. Times are in nanoseconds; percentiles are at
/// most a 32nd too large. Begin with `OURO_LATENCY_INIT`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ouro_latency {
    /// The size of this struct.
    pub struct_size: usize,
    /// Calls: those that were measured, times `one_in`.
    pub count: u64,
    /// Of how many calls one is measured: of what is quick not each is. 0 where none is, since the options say so.
    pub one_in: u64,
    /// All calls together, as far as those that were measured tell.
    pub sum_ns: u64,
    /// Half of the calls took no longer.
    pub p50_ns: u64,
    /// 90 % of the calls took no longer.
    pub p90_ns: u64,
    /// 99 % of the calls took no longer.
    pub p99_ns: u64,
    /// 99.9 % of the calls took no longer.
    pub p999_ns: u64,
    /// The longest of those that were measured.
    pub max_ns: u64,
}

impl ouro_latency {
    fn new(latency: &Latency) -> ouro_latency {
        ouro_latency {
            struct_size: size_of::<ouro_latency>(),
            count: latency.count,
            one_in: latency.one_in,
            sum_ns: latency.sum_ns,
            p50_ns: latency.p50_ns,
            p90_ns: latency.p90_ns,
            p99_ns: latency.p99_ns,
            p999_ns: latency.p999_ns,
            max_ns: latency.max_ns,
        }
    }
}

// SAFETY: `repr(C)`, a `usize` first, integers behind it, no padding.
unsafe impl SizedStruct for ouro_latency {
    const SIZE_FIRST: usize = 72;

    fn defaults() -> ouro_latency {
        ouro_latency {
            struct_size: size_of::<ouro_latency>(),
            count: 0,
            one_in: 0,
            sum_ns: 0,
            p50_ns: 0,
            p90_ns: 0,
            p99_ns: 0,
            p999_ns: 0,
            max_ns: 0,
        }
    }
}

const _: () = assert!(size_of::<ouro_latency>() == 72);

/// The name of a kind of operation, `OURO_OPERATION_...`, such as "append"; NULL for a number that is none. The
/// numbers begin with 0 and have no gaps, so that NULL ends a walk through them.
///
/// # Safety
///
/// Any number may be passed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_operation_name(operation: i32) -> *const c_char {
    // SAFETY: no pointer is passed.
    let caller = unsafe { Caller::trusted() };
    caller.get(std::ptr::null(), || {
        OPERATIONS.iter().find(|(number, _, _)| *number == operation).map(|(_, name, _)| name.as_ptr())
    })
}

/// How long the calls of one kind, `OURO_OPERATION_...`, took since the database was opened. `out` begins with
/// `OURO_LATENCY_INIT`, and is all zeros but for its size on failure.
///
/// Errors: `INVALID_ARGUMENT` for a kind that there is none of, or a `struct_size` that is none; `CLOSED`.
///
/// # Safety
///
/// The pointers keep the header's rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ouro_database_latency(
    database: *const ouro_database,
    operation: i32,
    out: *mut ouro_latency,
    error: *mut *mut ouro_error,
) -> ouro_status {
    // SAFETY: the caller keeps the header's rules.
    let caller = unsafe { Caller::trusted() };
    caller.call(error, || {
        caller.set_sized(out, &ouro_latency::defaults(), "out")?;
        let database = caller.database(database)?;
        let latency = database.latency(of_number(operation)?)?;
        caller.set_sized(out, &ouro_latency::new(&latency), "out")
    })
}

fn of_number(number: i32) -> Result<Operation> {
    let found = OPERATIONS.iter().find(|(other, _, _)| *other == number);
    found.map(|(_, _, operation)| *operation).ok_or_else(|| {
        let message = format!("the operation is {number}; use one of the constants OURO_OPERATION_...");
        Error::new(ErrorCode::InvalidArgument, message)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use ouroborosdb::Operation;

    use super::OPERATIONS;

    #[test]
    fn the_kinds_are_those_of_the_engine() {
        assert_eq!(OPERATIONS.len(), Operation::ALL.len());
        for ((at, (number, name, operation)), theirs) in (0..).zip(OPERATIONS).zip(Operation::ALL) {
            assert_eq!((at, &operation), (number, theirs));
            assert_eq!(name.to_str().unwrap(), operation.name());
        }
    }
}
