//! What a processor core hashes in each way that it has: `cargo bench -p ouroborosdb --bench hash`.
//!
//! The ways take turns, and each figure is the median of the rounds; "times" is against `sha2`.
#![allow(clippy::print_stdout, reason = "a program for the terminal")]

#[path = "../src/hash/lanes/mod.rs"]
mod lanes;

use std::hint::black_box;
use std::time::Instant;

use lanes::{Message, Way, digest, digests};

const ROUNDS: usize = 15;
/// How much each way hashes in a round.
const ROUND_BYTES: usize = 32 * 1024 * 1024;

fn main() {
    // Events, with what the bench of events has in them; small chunks; chunks.
    for (count, lengths) in [(1000, 180..182), (1000, 100..1000), (64, 16_384..262_145), (4, 65_536..65_537)]
    {
        let mut state = 1u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        let mut text = |length| std::iter::repeat_with(|| random() as u8).take(length).collect::<Vec<u8>>();
        let texts: Vec<Vec<u8>> =
            (0..count).map(|i| text(lengths.start + i * 7919 % lengths.len())).collect();
        let messages: Vec<Message<'_>> = texts.iter().map(|bytes| Message { bytes, suffix: 1 }).collect();
        let alone: Vec<_> = messages.iter().map(digest).collect();
        assert!(digests(&messages) == alone, "the fastest way is wrong");
        measure(&messages, &format!("{count} of {} to {} bytes", lengths.start, lengths.end - 1));
    }
}

fn measure(messages: &[Message<'_>], what: &str) {
    let bytes: usize = messages.iter().map(|message| message.bytes.len()).sum();
    let repeats = (ROUND_BYTES / bytes).max(1);
    let ways: Vec<Way> = Way::all().collect();
    let mut seconds = vec![Vec::with_capacity(ROUNDS); ways.len()];
    for _ in 0..ROUNDS {
        for (way, seconds) in ways.iter().zip(&mut seconds) {
            let start = Instant::now();
            for _ in 0..repeats {
                black_box(way.digests(black_box(messages)));
            }
            seconds.push(start.elapsed().as_secs_f64() / repeats as f64);
        }
    }
    println!("{what}:");
    let mut first = None;
    for (way, mut seconds) in ways.iter().zip(seconds) {
        seconds.sort_by(f64::total_cmp);
        let median = seconds[ROUNDS / 2];
        let first = *first.get_or_insert(median);
        let (each, speed) = (median * 1e9 / messages.len() as f64, bytes as f64 / median / 1e6);
        println!("  {way:<8} {each:>9.0} ns each {speed:>6.0} MB/s {:>5.2} times", first / median);
    }
}
