//! How a call is measured, and numbers that look like chance and are the same in each run.

use std::time::Instant;

use crate::Result;

const SLICES: usize = 5;

/// Prints the median over five slices of the nanoseconds of an item, where a call does `items`. The first slice, a
/// warm-up, does not count.
pub(crate) fn measure(
    name: &str,
    calls: usize,
    items: usize,
    mut call: impl FnMut() -> Result<()>,
) -> Result<()> {
    let mut slices = Vec::with_capacity(SLICES);
    for slice in 0..=SLICES {
        let start = Instant::now();
        for _ in 0..calls {
            call()?;
        }
        if slice > 0 {
            slices.push(start.elapsed().as_secs_f64() * 1e9 / (calls * items) as f64);
        }
    }
    slices.sort_by(f64::total_cmp);
    println!("{name} {:.1}", slices[SLICES / 2]);
    Ok(())
}

/// xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled", 2016.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        // Near seeds give far streams; zero would give zeros alone.
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let random = self.next().to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn chance_repeats_itself_and_stays_within_bounds() {
        let draw = |seed| {
            let mut random = Random::new(seed);
            std::iter::repeat_with(|| random.below(10)).take(1000).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        for number in 0..10 {
            let times = draw(3).iter().filter(|drawn| **drawn == number).count();
            assert!((50..200).contains(&times), "{number} came {times} times in 1000");
        }
    }
}
