//! The engine's table of error codes, and a panic on demand.

use napi_derive::napi;
use ouroborosdb::{ErrorCode, EventKind};

/// One code of the table.
#[napi(object, object_from_js = false)]
pub struct ErrorCodeRow {
    /// The stable number.
    pub number: i32,
    /// The stable name.
    pub name: String,
    /// What it means, in one line.
    pub meaning: String,
}

/// Every code, by number.
#[napi(catch_unwind)]
pub fn error_codes() -> Vec<ErrorCodeRow> {
    let row = |code: &ErrorCode| ErrorCodeRow {
        number: code.number(),
        name: code.name().to_owned(),
        meaning: code.meaning().to_owned(),
    };
    ErrorCode::ALL.iter().map(row).collect()
}

/// The name of an event's kind.
#[napi(catch_unwind)]
pub fn kind_name(number: u8) -> &'static str {
    EventKind::from_number(number).name()
}

/// Panics where the engine would, for the tests.
#[cfg(feature = "testing")]
#[napi]
#[allow(clippy::panic, reason = "panicking is what it is for")]
pub fn test_panic(how: u32) -> napi::Result<crate::run::Answer> {
    crate::run::run(how, || panic!("a test asked for it"))
}
