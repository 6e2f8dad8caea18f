//! From the beginning of an id to the event that it means.

use super::Database;
use crate::error::{Error, ErrorCode, Result};
use crate::id::{EventId, ID_BYTES};

impl Database {
    /// The id of the one event whose id begins with these hexadecimal digits, of which there may be 1 to 128: for
    /// people, who do not type 128.
    ///
    /// ```
    /// use ouroborosdb::{Database, Options};
    /// let db = Database::open_in_memory(Options::new())?;
    /// let root = db.create_root("r")?;
    /// assert_eq!(db.resolve(&root.to_hex()[..12])?, root);
    /// # Ok::<(), ouroborosdb::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `invalid_id` for what is no such text; `event_not_found`; `ambiguous_id` where several events begin so;
    /// `closed`.
    pub fn resolve(&self, digits: &str) -> Result<EventId> {
        let store = self.enter()?;
        let valid =
            (1..=2 * ID_BYTES).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !valid {
            let message = format!(
                "the beginning of an id is 1 to {} hexadecimal digits; this text is not",
                2 * ID_BYTES
            );
            return Err(Error::new(ErrorCode::InvalidId, message));
        }
        let wanted = digits.to_ascii_lowercase();
        let (from, to) = prefixes(wanted.as_bytes());
        let found = store.query(|index| {
            let ids = index.ids_between(from, to).filter(|id| begins_with(id, wanted.as_bytes()));
            ids.take(2).collect::<Vec<EventId>>()
        })?;
        match (found.first(), found.get(1)) {
            (Some(id), None) => Ok(*id),
            (None, _) => {
                let message =
                    format!("the store holds no event whose id begins with {wanted}; check the digits");
                Err(Error::new(ErrorCode::EventNotFound, message))
            }
            (Some(_), Some(_)) => {
                let message = format!("the ids of several events begin with {wanted}; give more digits");
                Err(Error::new(ErrorCode::AmbiguousId, message))
            }
        }
    }
}

/// The least and the greatest of the first eight bytes of ids that begin with these digits.
fn prefixes(digits: &[u8]) -> (u64, u64) {
    let digit = |at: usize, otherwise: u64| {
        let digit = digits.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        digit.map_or(otherwise, u64::from)
    };
    let fill = |otherwise: u64| (0..16).fold(0, |prefix, at| prefix << 4 | digit(at, otherwise));
    (fill(0), fill(15))
}

/// Whether the id's text begins so, without making it.
fn begins_with(id: &EventId, digits: &[u8]) -> bool {
    digits
        .iter()
        .zip(id.as_bytes().iter().flat_map(|byte| [byte >> 4, byte & 15]))
        .all(|(digit, nibble)| char::from(*digit).to_digit(16) == Some(u32::from(nibble)))
}
