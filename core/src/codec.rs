//! Bytes in, numbers out: the small pieces that every encoding of ours is made of.
//!
//! All numbers are little-endian. A `varint` is LEB128 in its shortest form: seven bits a byte, lowest first,
//! the high bit set on all but the last. A longer form than needed is refused, so that one value has one form.

use crate::error::{Error, ErrorCode, Result};

/// Longest varint: 64 bits in groups of seven.
const VARINT_BYTES_MAX: usize = 10;

/// Appends a varint.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads forward through bytes that may be hostile. Nothing panics; the end is an error.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Everything that is left.
    pub(crate) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    #[inline]
    pub(crate) fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(ends_early)?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or_else(ends_early)?;
        self.rest = rest;
        Ok(*taken)
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8> {
        Ok(self.array::<1>()?[0])
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    #[inline]
    pub(crate) fn u64(&mut self) -> Result<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64> {
        match self.rest {
            [byte @ 0..=0x7f, rest @ ..] => {
                self.rest = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64> {
        let mut value = 0u64;
        for at in 0..VARINT_BYTES_MAX {
            let byte = self.u8()?;
            let group = u64::from(byte & 0x7f);
            let shift = 7 * at as u32;
            if at == VARINT_BYTES_MAX - 1 && group > 1 {
                return Err(malformed("a number needs more than 64 bits"));
            }
            value |= group << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && at > 0 {
                    return Err(malformed("a number is not in its shortest form"));
                }
                return Ok(value);
            }
        }
        Err(malformed("a number needs more than 64 bits"))
    }

    /// A varint that counts bytes in memory.
    pub(crate) fn length(&mut self) -> Result<usize> {
        usize::try_from(self.varint()?).map_err(|_| malformed("a length is larger than memory"))
    }
}

fn ends_early() -> Error {
    malformed("it ends too early")
}

/// The error of an encoding that breaks its rules.
#[cold]
pub(crate) fn malformed(what: &str) -> Error {
    Error::new(ErrorCode::Corrupt, format!("an encoding is malformed: {what}"))
}

#[cfg(test)]
mod tests {
    use super::{Reader, put_varint};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn varints_go_round(value in any::<u64>(), shift in 0u32..64) {
            let value = value >> shift;
            let mut bytes = Vec::new();
            put_varint(&mut bytes, value);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.varint().unwrap(), value);
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn accepted_varints_have_one_form(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let mut reader = Reader::new(&bytes);
            if let Ok(value) = reader.varint() {
                let mut again = Vec::new();
                put_varint(&mut again, value);
                prop_assert_eq!(&bytes[..again.len()], &again[..]);
            }
        }
    }

    #[test]
    fn long_forms_are_refused() {
        for bytes in [
            &[0x80, 0x00][..],
            &[0xff; 11],
            &[0x80],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2],
        ] {
            assert!(Reader::new(bytes).varint().is_err(), "{bytes:?}");
        }
    }
}
