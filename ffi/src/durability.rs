//! When one call is safe, as C says it.
//!
//! `OURO_DURABILITY_DURABLE` is 0, so a struct that is all zeros says with a flag of its own that it says nothing.

use ouroborosdb::{Durability, Error, ErrorCode, Result};

use crate::options::{OURO_DURABILITY_BUFFERED, OURO_DURABILITY_DURABLE};
use crate::sized::flag;

/// What the fields `durability` and `has_durability` of a struct ask for; none where they leave it to the database.
pub(crate) fn asked_durability(has: u8, value: i32, of: &str) -> Result<Option<Durability>> {
    let has = flag(has, &format!("{of}->has_durability"))?;
    if !has && value != 0 {
        let message = format!(
            "the field `durability` of `{of}` is {value} and `has_durability` is 0; set that to 1, or both to 0 for the \
             durability of the database"
        );
        return Err(Error::new(ErrorCode::InvalidArgument, message));
    }
    has.then(|| durability(value, &format!("the field `durability` of `{of}`"))).transpose()
}

/// The durability of this number, which `what` has.
pub(crate) fn durability(value: i32, what: &str) -> Result<Durability> {
    match value {
        OURO_DURABILITY_DURABLE => Ok(Durability::Durable),
        OURO_DURABILITY_BUFFERED => Ok(Durability::Buffered),
        _ => {
            let message = format!("{what} is {value}; use one of the constants OURO_DURABILITY_...");
            Err(Error::new(ErrorCode::InvalidArgument, message))
        }
    }
}
