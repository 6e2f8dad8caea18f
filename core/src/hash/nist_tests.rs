//! The vectors of those who published the algorithm.

use super::lanes::{DIGEST_BYTES, Message, Way};

const VECTORS: &str = include_str!("nist_vectors.txt");

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn vectors() -> Vec<(Vec<u8>, [u8; DIGEST_BYTES])> {
    let lines = VECTORS.lines().filter(|line| !line.starts_with('#'));
    let vector = |line: &str| {
        let (message, digest) = line.split_once(' ').unwrap();
        (bytes(message), bytes(digest).try_into().unwrap())
    };
    lines.map(vector).collect()
}

/// The vectors' last bytes are what we put behind our messages.
#[test]
fn the_published_vectors_hold_in_every_way() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 128 + 18);
    let messages: Vec<Message<'_>> = vectors
        .iter()
        .map(|(message, _)| message.split_last().unwrap())
        .map(|(suffix, bytes)| Message { bytes, suffix: *suffix })
        .collect();
    let published: Vec<_> = vectors.iter().map(|(_, digest)| *digest).collect();
    for way in Way::all() {
        assert!(way.digests(&messages) == published, "{way:?}");
    }
}
