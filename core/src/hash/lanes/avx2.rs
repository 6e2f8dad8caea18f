//! Four blocks of four messages at once, one in each 64-bit lane of the vectors. FIPS 180-4, section 6.4.2.
//!
//! A lane does what the scalar algorithm does, and lanes never meet but where blocks are loaded: word `i` of four
//! blocks becomes one vector. The same code is compiled twice. Where a processor has AVX-512 for vectors of 256 bits,
//! a rotation is one instruction instead of three, and so is any function of three operands.
#![allow(unsafe_code, reason = "the intrinsics need pointers, and a processor that was found to have them")]

use std::arch::x86_64::{
    __m256i, _mm256_add_epi64, _mm256_and_si256, _mm256_loadu_si256, _mm256_or_si256,
    _mm256_permute2x128_si256, _mm256_set1_epi64x, _mm256_setr_epi8, _mm256_setzero_si256,
    _mm256_shuffle_epi8, _mm256_slli_epi64, _mm256_srli_epi64, _mm256_storeu_si256, _mm256_unpackhi_epi64,
    _mm256_unpacklo_epi64, _mm256_xor_si256,
};

use super::constants::{BLOCK_BYTES, ROUNDS};
use super::{LANES, States};

/// Instructions that this processor has. There is one of these only where the processor was asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vectors {
    avx512: bool,
}

impl Vectors {
    /// AVX2 alone; none where the processor has none.
    pub(super) fn avx2() -> Option<Vectors> {
        is_x86_feature_detected!("avx2").then_some(Vectors { avx512: false })
    }

    /// AVX2 and AVX-512 for its vectors; none where the processor has not both.
    pub(super) fn avx512() -> Option<Vectors> {
        let avx512 = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl");
        (avx512 && is_x86_feature_detected!("avx2")).then_some(Vectors { avx512 })
    }

    pub(super) fn name(self) -> &'static str {
        if self.avx512 { "AVX-512" } else { "AVX2" }
    }

    /// Takes a block of each lane into its state.
    pub(super) fn compress(self, states: &mut States, blocks: [&[u8; BLOCK_BYTES]; LANES]) {
        if self.avx512 {
            // SAFETY: `Vectors::avx512`, which alone sets this, found AVX2, AVX512F and AVX512VL.
            unsafe { compress_avx512(states, blocks) }
        } else {
            // SAFETY: all that make a `Vectors` found AVX2.
            unsafe { compress_avx2(states, blocks) }
        }
    }
}

/// Rotates each lane to the right.
macro_rules! rotate {
    ($x:expr, $by:literal) => {
        _mm256_or_si256(_mm256_srli_epi64::<$by>($x), _mm256_slli_epi64::<{ 64 - $by }>($x))
    };
}

macro_rules! xor {
    ($a:expr, $b:expr, $c:expr) => {
        _mm256_xor_si256(_mm256_xor_si256($a, $b), $c)
    };
}

macro_rules! add {
    ($a:expr $(, $b:expr)+) => {{
        let sum = $a;
        $(let sum = _mm256_add_epi64(sum, $b);)+
        sum
    }};
}

macro_rules! compress {
    ($name:ident, $features:literal) => {
        #[target_feature(enable = $features)]
        fn $name(states: &mut States, blocks: [&[u8; BLOCK_BYTES]; LANES]) {
            let mut schedule = load_blocks(blocks);
            let before: [__m256i; 8] = std::array::from_fn(|i| load_words(&states[i]));
            let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = before;
            // One letter is the next one a round later; which register holds it is settled when it is compiled.
            macro_rules! round {
                ($i:literal, $constants:expr) => {
                    let sum = xor!(rotate!(e, 14), rotate!(e, 18), rotate!(e, 41));
                    let choice = _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)));
                    let constant = _mm256_set1_epi64x($constants[$i].cast_signed());
                    let first = add!(h, constant, schedule[$i], choice, sum);
                    let sum = xor!(rotate!(a, 28), rotate!(a, 34), rotate!(a, 39));
                    let majority = _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)));
                    (h, g, f, e) = (g, f, e, add!(d, first));
                    (d, c, b, a) = (c, b, a, add!(first, sum, majority));
                };
            }
            macro_rules! extend {
                ($i:literal) => {
                    let (early, late) = (schedule[($i + 1) % 16], schedule[($i + 14) % 16]);
                    let early = xor!(rotate!(early, 1), rotate!(early, 8), _mm256_srli_epi64::<7>(early));
                    let late = xor!(rotate!(late, 19), rotate!(late, 61), _mm256_srli_epi64::<6>(late));
                    schedule[$i] = add!(schedule[$i], early, schedule[($i + 9) % 16], late);
                };
            }
            macro_rules! sixteen {
                ($each:ident) => {
                    $each!(0); $each!(1); $each!(2); $each!(3); $each!(4); $each!(5); $each!(6); $each!(7);
                    $each!(8); $each!(9); $each!(10); $each!(11); $each!(12); $each!(13); $each!(14); $each!(15);
                };
            }
            let [first, others @ ..] = &ROUNDS;
            macro_rules! plain {
                ($i:literal) => {
                    round!($i, first);
                };
            }
            sixteen!(plain);
            for constants in others {
                macro_rules! extended {
                    ($i:literal) => {
                        extend!($i);
                        round!($i, constants);
                    };
                }
                sixteen!(extended);
            }
            let after = [a, b, c, d, e, f, g, h];
            for ((state, before), after) in states.iter_mut().zip(before).zip(after) {
                store_words(state, _mm256_add_epi64(before, after));
            }
        }
    };
}

compress!(compress_avx2, "avx2");
compress!(compress_avx512, "avx2,avx512f,avx512vl");

/// The sixteen words of each block, word by word.
#[target_feature(enable = "avx2")]
fn load_blocks(blocks: [&[u8; BLOCK_BYTES]; LANES]) -> [__m256i; 16] {
    #[rustfmt::skip]
    let big_endian = _mm256_setr_epi8(
        7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8,
        7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8,
    );
    let mut words = [_mm256_setzero_si256(); 16];
    let (fours, _) = words.as_chunks_mut::<4>();
    for (four, at) in fours.iter_mut().zip((0..).step_by(32)) {
        // Words 0 to 3 of one block each, to be turned into one word of blocks 0 to 3 each.
        let [a, b, c, d] = blocks.map(|block| _mm256_shuffle_epi8(load_bytes(block, at), big_endian));
        let (ab_even, ab_odd) = (_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
        let (cd_even, cd_odd) = (_mm256_unpacklo_epi64(c, d), _mm256_unpackhi_epi64(c, d));
        *four = [
            _mm256_permute2x128_si256::<0x20>(ab_even, cd_even),
            _mm256_permute2x128_si256::<0x20>(ab_odd, cd_odd),
            _mm256_permute2x128_si256::<0x31>(ab_even, cd_even),
            _mm256_permute2x128_si256::<0x31>(ab_odd, cd_odd),
        ];
    }
    words
}

/// 32 bytes of a block from `at` on.
#[target_feature(enable = "avx2")]
fn load_bytes(block: &[u8; BLOCK_BYTES], at: usize) -> __m256i {
    let bytes: &[u8; 32] = block[at..].first_chunk().unwrap_or(&[0; 32]);
    // SAFETY: the reference is to 32 readable bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(bytes).cast()) }
}

#[target_feature(enable = "avx2")]
fn load_words(words: &[u64; LANES]) -> __m256i {
    // SAFETY: the reference is to 32 readable bytes, and the load needs no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(words).cast()) }
}

#[target_feature(enable = "avx2")]
fn store_words(words: &mut [u64; LANES], vector: __m256i) {
    // SAFETY: the reference is to 32 writable bytes that nobody else has, and the store needs no alignment.
    unsafe { _mm256_storeu_si256(std::ptr::from_mut(words).cast(), vector) }
}
