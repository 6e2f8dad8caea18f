//! Ids and records as they cross, strings with a character for each byte: [`crate::record`]. Made and read without
//! napi's own conversions, which look at such a string twice and copy it once more.

use std::ptr;

use napi::ValueType;
use napi::bindgen_prelude::{FromNapiValue, ToNapiValue, TypeName, sys};
use ouroborosdb::{Event, EventId, ID_BYTES};

use crate::record;
use crate::thrown::thrown;

/// One character more than an id has, so that a longer string is seen to be one; and the zero behind the characters.
const ROOM_BYTES: usize = ID_BYTES + 2;

/// The id that JavaScript names.
pub struct Id(pub(crate) EventId);

/// A string with a character for each byte.
pub struct Latin1(pub(crate) Vec<u8>);

/// The record of an event.
pub struct Record(pub(crate) Event);

impl TypeName for Id {
    fn type_name() -> &'static str {
        "String"
    }

    fn value_type() -> ValueType {
        ValueType::String
    }
}

#[allow(unsafe_code, reason = "napi's trait of conversions is unsafe to implement")]
impl FromNapiValue for Id {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Id> {
        let (mut bytes, mut length) = ([0; ROOM_BYTES], 0);
        let room = bytes.as_mut_ptr().cast();
        // SAFETY: `env` and `value` are those that napi called this with. At most `ROOM_BYTES` are written to the
        // bytes, which are as many.
        let status = unsafe {
            sys::napi_get_value_string_latin1(env, value, room, ROOM_BYTES, ptr::from_mut(&mut length))
        };
        napi::check_status!(status, "an id crosses as a string")?;
        EventId::from_bytes(bytes.get(..length).unwrap_or_default()).map(Id).map_err(|error| thrown(&error))
    }
}

#[allow(unsafe_code, reason = "napi's trait of conversions is unsafe to implement")]
impl ToNapiValue for Latin1 {
    unsafe fn to_napi_value(env: sys::napi_env, Latin1(string): Latin1) -> napi::Result<sys::napi_value> {
        let mut created = ptr::null_mut();
        // SAFETY: `env` is the environment that napi called this with, on its thread. The characters outlive the call,
        // which copies them, and no vector has more than an `isize` of them.
        let status = unsafe {
            sys::napi_create_string_latin1(env, string.as_ptr().cast(), string.len() as isize, &mut created)
        };
        napi::check_status!(status, "making a string")?;
        Ok(created)
    }
}

#[allow(unsafe_code, reason = "napi's trait of conversions is unsafe to implement")]
impl ToNapiValue for Record {
    unsafe fn to_napi_value(env: sys::napi_env, Record(event): Record) -> napi::Result<sys::napi_value> {
        // SAFETY: `env` is the environment that napi called this with, on its thread; it goes on unchanged.
        unsafe { ToNapiValue::to_napi_value(env, Latin1(record::encode(&event))) }
    }
}
