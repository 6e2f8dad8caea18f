//! Arguments, as `lib/arguments.cjs` prepared them. Types were looked at there, where the words for a complaint are
//! JavaScript's; values are looked at by the engine.

use std::path::PathBuf;

use napi::bindgen_prelude::{BigInt, Buffer, BufferSlice, Latin1String};
use napi_derive::napi;
use ouroborosdb::{Durability, ErrorCode, EventId, ID_BYTES, NewEvent, Order};

use crate::reply::Reply;
use crate::thrown::{refused, thrown};

/// What a new event carries.
#[napi(object, object_to_js = false)]
pub struct NewEventFields {
    /// Its metadata.
    pub metadata: Option<Buffer>,
    /// The names of its attributes.
    pub names: Option<Vec<String>>,
    /// Their values.
    pub values: Option<Vec<Buffer>>,
    /// The ids of the events that it follows, one behind the other.
    pub follows: Option<Latin1String>,
    /// Whether it is temporary.
    pub temporary: Option<bool>,
    /// When it expires.
    pub expires_ms: Option<BigInt>,
    /// Whether full-text search should cover it.
    pub full_text: Option<bool>,
    /// `durable` or `buffered`.
    pub durability: Option<String>,
}

/// The id of 64 characters.
pub(crate) fn event_id(id: &Latin1String) -> napi::Result<EventId> {
    EventId::from_bytes(id).map_err(|error| thrown(&error))
}

/// The id of 128 hexadecimal digits.
#[napi(catch_unwind)]
pub fn event_id_from_hex(text: String) -> napi::Result<Reply> {
    text.parse().map(Reply::Id).map_err(|error| thrown(&error))
}

/// The id of 64 bytes.
#[napi(catch_unwind)]
pub fn event_id_from_bytes(bytes: BufferSlice<'_>) -> napi::Result<Reply> {
    EventId::from_bytes(&bytes).map(Reply::Id).map_err(|error| thrown(&error))
}

/// The engine's new event, which looks at each limit before it copies anything.
pub(crate) fn new_event(fields: Option<NewEventFields>) -> napi::Result<NewEvent> {
    let mut new = NewEvent::new();
    let Some(fields) = fields else { return Ok(new) };
    if let Some(metadata) = fields.metadata {
        new = new.try_metadata(&metadata).map_err(|error| thrown(&error))?;
    }
    for (name, value) in fields.names.into_iter().flatten().zip(fields.values.into_iter().flatten()) {
        new = new.try_attribute(name.as_bytes(), &value).map_err(|error| thrown(&error))?;
    }
    for id in fields.follows.iter().flat_map(|ids| ids.chunks(ID_BYTES)) {
        let with = EventId::from_bytes(id).and_then(|id| new.try_follow(id));
        new = with.map_err(|error| thrown(&error))?;
    }
    if let Some(ms) = fields.expires_ms {
        new = new.expires_ms(whole_number(&ms));
    }
    if let Some(durability) = durability(fields.durability)? {
        new = new.durability(durability);
    }
    new = new.temporary(fields.temporary.unwrap_or(false));
    Ok(new.full_text(fields.full_text.unwrap_or(false)))
}

/// A number from 0 up, which JavaScript held to 64 bits.
pub(crate) fn whole_number(number: &BigInt) -> u64 {
    number.get_u64().1
}

pub(crate) fn order(order: Option<String>) -> napi::Result<Order> {
    match order.as_deref() {
        None | Some("commit") => Ok(Order::Commit),
        Some("time") => Ok(Order::Time),
        Some(_) => Err(refused(ErrorCode::InvalidArgument, "order is \"commit\" or \"time\"")),
    }
}

/// When a call is safe; none where that is left to the database.
pub(crate) fn durability(durability: Option<String>) -> napi::Result<Option<Durability>> {
    match durability.as_deref() {
        None => Ok(None),
        Some("durable") => Ok(Some(Durability::Durable)),
        Some("buffered") => Ok(Some(Durability::Buffered)),
        Some(_) => Err(refused(ErrorCode::InvalidArgument, "durability is \"durable\" or \"buffered\"")),
    }
}

/// The path of these bytes.
pub(crate) fn path(bytes: &[u8]) -> napi::Result<PathBuf> {
    #[cfg(unix)]
    return Ok(std::os::unix::ffi::OsStrExt::from_bytes(bytes)).map(|path: &std::ffi::OsStr| path.into());
    #[cfg(not(unix))]
    return ouroborosdb::text("the path", bytes).map(PathBuf::from).map_err(|error| thrown(&error));
}

/// The bytes of a path.
pub(crate) fn path_bytes(path: &std::path::Path) -> Vec<u8> {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).to_vec();
    #[cfg(not(unix))]
    return path.to_string_lossy().into_owned().into_bytes();
}
