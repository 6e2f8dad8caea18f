//! Whether two sets of measurements differ by more than chance: the rank-sum test of Mann and Whitney ("On a test of
//! whether one of two random variables is stochastically larger than the other", Annals of Mathematical Statistics 18
//! (1), 1947), which asks nothing of how the measurements are distributed. Timings have long tails, so this fits them.
//!
//! The distribution is counted and not approximated, also where measurements are equal: every way to deal the ranks out
//! to the two sets is as likely as any other if there is no difference.

/// How likely measurements that lie at least so far apart are where nothing differs, from 0 to 1.
pub(super) fn chance(old: &[f64], new: &[f64]) -> f64 {
    let all: Vec<f64> = old.iter().chain(new).copied().collect();
    let ranks: Vec<usize> = all.iter().map(|value| doubled_rank(*value, &all)).collect();
    let sum: usize = ranks.iter().take(old.len()).sum();
    // ways[k][s]: in how many ways k of the ranks so far have the sum s.
    let total: usize = ranks.iter().sum();
    let mut ways = vec![vec![0.0; total + 1]; old.len() + 1];
    ways[0][0] = 1.0;
    for rank in &ranks {
        for count in (1..ways.len()).rev() {
            for sum in (*rank..=total).rev() {
                ways[count][sum] += ways[count - 1][sum - rank];
            }
        }
    }
    let ways = &ways[old.len()];
    // The expected sum, times all.len() as all distances below.
    let expected = total * old.len();
    let distance = |sum: usize| (sum * all.len()).abs_diff(expected);
    let far: f64 =
        (0..=total).filter(|other| distance(*other) >= distance(sum)).map(|other| ways[other]).sum();
    far / ways.iter().sum::<f64>()
}

/// Twice the rank: equal values share the mean of their ranks, which may lie between two.
fn doubled_rank(value: f64, all: &[f64]) -> usize {
    let less = all.iter().filter(|other| **other < value).count();
    let equal = all.iter().filter(|other| **other == value).count();
    2 * less + equal + 1
}

#[cfg(test)]
mod tests {
    use super::chance;

    fn is(old: &[f64], new: &[f64], expected: f64) {
        let found = chance(old, new);
        assert!((found - expected).abs() < 1e-12, "{found} and not {expected} for {old:?} and {new:?}");
    }

    #[test]
    fn the_chance_is_counted_over_all_ways_to_deal_the_ranks() {
        // Of the 252 ways to choose 5 of 10, two are as extreme.
        is(&[1.0, 2.0, 3.0, 4.0, 5.0], &[6.0, 7.0, 8.0, 9.0, 10.0], 2.0 / 252.0);
        is(&[6.0, 7.0, 8.0, 9.0, 10.0], &[1.0, 2.0, 3.0, 4.0, 5.0], 2.0 / 252.0);
        // Rank sums of 2 of 4: 3 4 5 5 6 7.
        is(&[1.0, 3.0], &[2.0, 4.0], 4.0 / 6.0);
        is(&[1.0, 4.0], &[2.0, 3.0], 1.0);
    }

    #[test]
    fn equal_measurements_show_no_difference() {
        is(&[5.0; 6], &[5.0; 6], 1.0);
        // Ranks 1.5 1.5 3.5 3.5; two of the six ways have the sums 3 and 7.
        is(&[1.0, 1.0], &[2.0, 2.0], 2.0 / 6.0);
    }

    #[test]
    fn sets_of_two_sizes_are_compared() {
        is(&[1.0], &[2.0, 3.0, 4.0], 2.0 / 4.0);
    }
}
