//! Whatever the lanes do, each digest is that of the message alone.

use proptest::prelude::{ProptestConfig, any, prop, proptest};
use sha2::{Digest, Sha512};

use super::lanes::{DIGEST_BYTES, Message, Way, digest, digests};

/// By nothing of ours.
fn alone(message: &Message<'_>) -> [u8; DIGEST_BYTES] {
    let mut whole = message.bytes.to_vec();
    whole.push(message.suffix);
    Sha512::digest(&whole).into()
}

fn check(messages: &[Message<'_>]) {
    let expected: Vec<_> = messages.iter().map(alone).collect();
    for way in Way::all() {
        assert!(way.digests(messages) == expected, "{way:?}");
    }
    assert!(digests(messages) == expected);
    assert!(messages.iter().map(digest).collect::<Vec<_>>() == expected);
}

/// Bytes of which no stretch is like another.
fn different(bytes: usize) -> Vec<u8> {
    (0..bytes as u64).map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}

fn prefixes(bytes: &[u8], lengths: impl Iterator<Item = usize>) -> Vec<Message<'_>> {
    lengths.map(|length| Message { bytes: &bytes[..length], suffix: length as u8 }).collect()
}

/// A build for x86-64 of which the tests know only the `sha2` crate would prove nothing of the lanes.
#[test]
#[cfg(target_arch = "x86_64")]
fn the_lanes_are_tested_where_there_are_any() {
    let avx2 = std::fs::read_to_string("/proc/cpuinfo").is_ok_and(|text| text.contains(" avx2 "));
    assert!(!avx2 || Way::all().count() > 1);
}

#[test]
fn every_length_to_1024_gives_what_sha2_gives() {
    let bytes = different(1024);
    check(&prefixes(&bytes, 0..=1024));
    check(&prefixes(&bytes, (0..=1024).rev()));
    // Alone in the lanes, and beside others of its own length: each lane.
    for length in 0..=1024 {
        check(&prefixes(&bytes, std::iter::once(length)));
    }
    for length in [0, 1, 110, 111, 112, 126, 127, 128, 129, 238, 239, 240, 256, 1000] {
        check(&prefixes(&bytes, std::iter::repeat_n(length, 9)));
    }
}

#[test]
fn every_number_of_messages_fills_the_lanes_and_leaves_them() {
    let bytes = different(4000);
    for count in 0..=20 {
        check(&prefixes(&bytes, (0..count).map(|i| i * 199)));
        check(&prefixes(&bytes, (0..count).map(|i| if i == 1 { 4000 } else { 3 })));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_mix_of_messages_gives_what_sha2_gives(
        mix in prop::collection::vec((0..3usize, any::<u16>(), any::<u8>()), 0..40),
        seed in any::<u8>(),
    ) {
        // Short ones, middling ones, and some that are much longer than the others.
        let bytes: Vec<u8> = different(1 << 16).iter().map(|byte| byte ^ seed).collect();
        let message = |(size, length, suffix): &(usize, u16, u8)| {
            let length = usize::from(*length) >> [8, 6, 0][*size];
            Message { bytes: &bytes[bytes.len() - length..], suffix: *suffix }
        };
        check(&mix.iter().map(message).collect::<Vec<_>>());
    }
}
