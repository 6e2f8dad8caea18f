//! The names of things: SHA-512 digests of content.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorCode, Result};

/// Bytes of an id.
pub const ID_BYTES: usize = 64;

macro_rules! id_type {
    ($name:ident, $what:literal, $doc:literal) => {
        #[doc = $doc]
        ///
        /// 64 bytes, ordered and compared as bytes; its text form is 128 lower-case hexadecimal digits.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; ID_BYTES]);

        impl $name {
            /// The id with these bytes.
            #[must_use]
            pub const fn new(bytes: [u8; ID_BYTES]) -> $name {
                $name(bytes)
            }

            /// The id with these bytes; `invalid_id` unless there are 64.
            pub fn from_bytes(bytes: &[u8]) -> Result<$name> {
                let bytes = bytes.try_into().map_err(|_| {
                    let message = format!("{} id has 64 bytes, not {}", $what, bytes.len());
                    Error::new(ErrorCode::InvalidId, message)
                })?;
                Ok($name(bytes))
            }

            /// The 64 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; ID_BYTES] {
                &self.0
            }

            /// The 128 lower-case hexadecimal digits.
            #[must_use]
            pub fn to_hex(&self) -> String {
                self.to_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(f, &self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                write_hex(f, &self.0)?;
                f.write_str(")")
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<$name> {
                parse_hex(text.as_bytes()).map($name).ok_or_else(|| {
                    let message = format!("{} id is 128 hexadecimal digits; {}", $what, fault_of(text));
                    Error::new(ErrorCode::InvalidId, message)
                })
            }
        }
    };
}

id_type!(EventId, "an event", "The name of an event: the SHA-512 of its canonical encoding.");
id_type!(
    ChunkId,
    "a chunk",
    "The name of a chunk of a file, or of a list of chunks: the SHA-512 of its bytes."
);

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            let digit = DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
            fmt::Write::write_char(f, char::from(digit))?;
        }
    }
    Ok(())
}

/// What keeps a text from being an id.
fn fault_of(text: &str) -> String {
    let digits = text.chars().count();
    if digits != 2 * ID_BYTES {
        return format!("this text has a length of {digits}");
    }
    match text.chars().position(|character| !character.is_ascii_hexdigit()) {
        Some(at) => format!("character {} of this text is none", at + 1),
        None => "this text is not".to_owned(),
    }
}

fn parse_hex(text: &[u8]) -> Option<[u8; ID_BYTES]> {
    if text.len() != 2 * ID_BYTES {
        return None;
    }
    let mut bytes = [0; ID_BYTES];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let high = char::from(*high).to_digit(16)?;
        let low = char::from(*low).to_digit(16)?;
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{EventId, ID_BYTES};
    use crate::error::ErrorCode;

    #[test]
    fn text_goes_round() {
        let id = EventId::new(std::array::from_fn(|i| i as u8 * 3));
        let text = id.to_hex();
        assert_eq!(text.len(), 2 * ID_BYTES);
        assert_eq!(text.parse::<EventId>().unwrap(), id);
        assert_eq!(text.to_uppercase().parse::<EventId>().unwrap(), id);
    }

    #[test]
    fn malformed_ids_are_refused() {
        for text in ["", "00", &"g".repeat(128), &"0".repeat(127), &"é".repeat(64)] {
            assert_eq!(text.parse::<EventId>().unwrap_err().code(), ErrorCode::InvalidId, "{text}");
        }
        assert_eq!(EventId::from_bytes(&[0; 63]).unwrap_err().code(), ErrorCode::InvalidId);
    }
}
