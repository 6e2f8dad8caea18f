//! The blocks of one message: its whole ones where they are, then one or two that end it. FIPS 180-4, section 5.1.2.

use super::Message;
use super::constants::BLOCK_BYTES;

/// Behind the message stand a byte with one bit set and its length in bits, in 16 bytes.
const PADDING_BYTES_MIN: usize = 17;

/// Gives the blocks of a message one by one.
#[derive(Debug)]
pub(super) struct Feed<'a> {
    whole: std::slice::Iter<'a, [u8; BLOCK_BYTES]>,
    last: [[u8; BLOCK_BYTES]; 2],
    /// Which of the last ones comes next.
    next: usize,
}

/// How many blocks a message has.
pub(super) fn blocks(message: &Message<'_>) -> usize {
    (message.bytes.len() + 1 + PADDING_BYTES_MIN).div_ceil(BLOCK_BYTES)
}

impl<'a> Feed<'a> {
    /// A feed that is at its end.
    pub(super) fn empty() -> Feed<'a> {
        Feed { whole: [].iter(), last: [[0; BLOCK_BYTES]; 2], next: 2 }
    }

    /// Begins with another message.
    pub(super) fn begin(&mut self, message: &Message<'a>) {
        let (whole, rest) = message.bytes.as_chunks();
        self.whole = whole.iter();
        // The last ones are two where the rest leaves no room for what ends it, else the second alone.
        self.next = if rest.len() + 1 + PADDING_BYTES_MIN > BLOCK_BYTES { 0 } else { 1 };
        self.last = [[0; BLOCK_BYTES]; 2];
        let last = self.last.as_flattened_mut();
        let (_, last) = last.split_at_mut(self.next * BLOCK_BYTES);
        let bits = (message.bytes.len() as u128 + 1) * 8;
        let (content, length) = last.split_at_mut(last.len() - 16);
        length.copy_from_slice(&bits.to_be_bytes());
        let (bytes, behind) = content.split_at_mut(rest.len());
        bytes.copy_from_slice(rest);
        for (place, byte) in behind.iter_mut().zip([message.suffix, 0x80]) {
            *place = byte;
        }
    }

    /// The next block; none at the end.
    pub(super) fn next(&mut self) -> Option<&[u8; BLOCK_BYTES]> {
        if let Some(block) = self.whole.next() {
            return Some(block);
        }
        let block = self.last.get(self.next)?;
        self.next += 1;
        Some(block)
    }

    /// Whether all were given.
    pub(super) fn is_at_end(&self) -> bool {
        self.whole.len() == 0 && self.next == self.last.len()
    }
}
