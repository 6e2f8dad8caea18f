//! SHA-512 of many messages at once.
//!
//! One SHA-512 is a chain of steps of which each needs the last, so a processor's vectors are no use to it. Four
//! messages are four chains: where there is AVX2, each has a lane of the vectors, and four blocks cost little more than
//! one and a half. When a lane's message ends, the next message takes the lane. Elsewhere, and for the last message
//! when it is alone, the `sha2` crate hashes them one by one. The digests are the same.
//!
//! Invariants: messages are read where they are, but for their last blocks; each has one lane from its first block to
//! its last, or is finished outside them. It cannot fail.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod constants;
#[cfg(target_arch = "x86_64")]
mod feed;
#[cfg(target_arch = "x86_64")]
mod schedule;

use std::fmt;

use sha2::{Digest, Sha512};

/// Bytes of a digest.
pub(crate) const DIGEST_BYTES: usize = 64;

/// How many messages are hashed at once.
#[cfg(target_arch = "x86_64")]
const LANES: usize = 4;

/// The eight words of the hash, each of all lanes.
#[cfg(target_arch = "x86_64")]
type States = [[u64; LANES]; 8];

/// What is hashed: some bytes and one more behind them, so that those who tell messages apart by it need not copy them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) suffix: u8,
}

/// How messages are hashed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// By the `sha2` crate.
    OneByOne,
    /// In the lanes of vectors.
    #[cfg(target_arch = "x86_64")]
    Lanes(avx2::Vectors),
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Way::OneByOne => "sha2",
            #[cfg(target_arch = "x86_64")]
            Way::Lanes(vectors) => vectors.name(),
        })
    }
}

impl Way {
    /// Those that this processor has, the slowest first.
    pub(crate) fn all() -> impl Iterator<Item = Way> {
        let ways = std::iter::once(Way::OneByOne);
        #[cfg(target_arch = "x86_64")]
        let ways = ways
            .chain([avx2::Vectors::avx2(), avx2::Vectors::avx512()].into_iter().flatten().map(Way::Lanes));
        ways
    }

    /// The digests of these messages, in their order.
    pub(crate) fn digests(self, messages: &[Message<'_>]) -> Vec<[u8; DIGEST_BYTES]> {
        match self {
            Way::OneByOne => messages.iter().map(digest).collect(),
            #[cfg(target_arch = "x86_64")]
            Way::Lanes(vectors) => {
                schedule::digests(messages, |states, blocks| vectors.compress(states, blocks))
            }
        }
    }
}

/// The digests of these messages, in their order, the fastest way.
pub(crate) fn digests(messages: &[Message<'_>]) -> Vec<[u8; DIGEST_BYTES]> {
    let way = if messages.len() > 1 { Way::all().last() } else { None };
    way.unwrap_or(Way::OneByOne).digests(messages)
}

/// The digest of one message.
pub(crate) fn digest(message: &Message<'_>) -> [u8; DIGEST_BYTES] {
    let mut hasher = Sha512::new();
    hasher.update(message.bytes);
    hasher.update([message.suffix]);
    hasher.finalize().into()
}
