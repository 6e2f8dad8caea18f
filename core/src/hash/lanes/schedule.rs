//! Which message is in which lane.
//!
//! Long messages come first, so that the lanes run dry near the same time; which lane a message has makes no
//! difference to its digest. When one message alone is left, its last blocks are cheaper outside the lanes.

use sha2::block_api::compress512;

use super::constants::{BLOCK_BYTES, INITIAL};
use super::feed::{Feed, blocks};
use super::{DIGEST_BYTES, LANES, Message, States};

/// What a lane without a message hashes; nobody looks at it.
const IDLE: [u8; BLOCK_BYTES] = [0; BLOCK_BYTES];

/// The digests of these messages, where `compress` takes a block of each lane into its state.
pub(super) fn digests(
    messages: &[Message<'_>],
    compress: impl Fn(&mut States, [&[u8; BLOCK_BYTES]; LANES]),
) -> Vec<[u8; DIGEST_BYTES]> {
    let mut digests = vec![[0; DIGEST_BYTES]; messages.len()];
    let mut order: Vec<usize> = (0..messages.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(messages.get(*at).map_or(0, blocks)));
    let mut waiting = order.into_iter().filter_map(|at| messages.get(at).map(|message| (at, message)));
    let mut states: States = [[0; LANES]; 8];
    let mut feeds: [Feed<'_>; LANES] = std::array::from_fn(|_| Feed::empty());
    // Which message each lane has.
    let mut lanes: [Option<usize>; LANES] = [None; LANES];
    loop {
        for (lane, (feed, has)) in feeds.iter_mut().zip(&mut lanes).enumerate() {
            if has.is_none()
                && let Some((at, message)) = waiting.next()
            {
                *has = Some(at);
                feed.begin(message);
                put(&mut states, lane, INITIAL);
            }
        }
        let busy = lanes.iter().flatten().count();
        if busy < 2 {
            break;
        }
        compress(&mut states, feeds.each_mut().map(|feed| feed.next().unwrap_or(&IDLE)));
        for (lane, (feed, has)) in feeds.iter().zip(&mut lanes).enumerate() {
            if feed.is_at_end()
                && let Some(digest) = has.take().and_then(|at| digests.get_mut(at))
            {
                *digest = to_bytes(take(&states, lane));
            }
        }
    }
    for (lane, (mut feed, has)) in feeds.into_iter().zip(lanes).enumerate() {
        let Some(digest) = has.and_then(|at| digests.get_mut(at)) else { continue };
        let mut state = take(&states, lane);
        while let Some(block) = feed.next() {
            compress512(&mut state, std::slice::from_ref(block));
        }
        *digest = to_bytes(state);
    }
    digests
}

fn put(states: &mut States, lane: usize, state: [u64; 8]) {
    for (word, value) in states.iter_mut().zip(state) {
        word.get_mut(lane).into_iter().for_each(|place| *place = value);
    }
}

fn take(states: &States, lane: usize) -> [u64; 8] {
    states.map(|word| word.get(lane).copied().unwrap_or_default())
}

fn to_bytes(state: [u64; 8]) -> [u8; DIGEST_BYTES] {
    let mut digest = [0; DIGEST_BYTES];
    for (bytes, word) in digest.chunks_exact_mut(8).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}
