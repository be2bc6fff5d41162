//! The rank sum test, which asks whether two arms could be one.

use super::normal::both_tails;

/// Sums that the exact distribution may take; beyond, the normal approximation is close.
const EXACT: usize = 3_000_000;

/// The two-sided p value of Wilcoxon's rank sum (Mann and Whitney 1947): how often the ranks of `x` would lie so far to one side if all values had been dealt to the
/// two arms by chance. Ties share the mean of their ranks.
///
/// Of few runs it is exact, ties or not: the distribution of the sum over all ways to deal (the shift algorithm of Streitberg and Röhmel 1986), twice
/// the smaller tail. Of many it is the normal approximation with the variance of ties and a continuity correction. `None` without values on a side.
pub fn rank_sum_p(x: &[f64], y: &[f64]) -> Option<f64> {
    if x.is_empty() || y.is_empty() {
        return None;
    }
    let (ranks, ties) = doubled_ranks(x, y);
    let (n, m) = (x.len(), y.len());
    let own: usize = ranks[..n].iter().sum();
    let (few, sum) = if n <= m { (n, own) } else { (m, ranks[n..].iter().sum()) };
    let work = few.saturating_mul(n + m).saturating_mul((n + m) * (n + m + 1));
    if work <= EXACT { Some(exact(&ranks, few, sum)) } else { Some(approximate(own, n, m, ties)) }
}

/// The smallest p that two arms of n and m runs can have, when all of one are better than all of the other: `2 / C(n + m, n)`.
pub fn least_p(n: usize, m: usize) -> f64 {
    let ways = (1..=n.min(m)).fold(1.0, |ways, k| ways * (n.max(m) + k) as f64 / k as f64);
    (2.0 / ways).min(1.0)
}

/// Twice the mean rank of every value, of `x` first; and the sum of `t³ - t` over ties of t values.
fn doubled_ranks(x: &[f64], y: &[f64]) -> (Vec<usize>, f64) {
    let value = |i: usize| if i < x.len() { x[i] } else { y[i - x.len()] };
    let mut order: Vec<usize> = (0..x.len() + y.len()).collect();
    order.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
    let (mut ranks, mut ties, mut before) = (vec![0; order.len()], 0.0, 0);
    for tied in order.chunk_by(|&a, &b| value(a) == value(b)) {
        let n = tied.len();
        tied.iter().for_each(|&i| ranks[i] = 2 * before + n + 1);
        ties += (n as f64).powi(3) - n as f64;
        before += n;
    }
    (ranks, ties)
}

/// Twice the smaller tail of the sum of `few` of these ranks.
fn exact(ranks: &[usize], few: usize, sum: usize) -> f64 {
    let mut largest = ranks.to_vec();
    largest.sort_unstable_by(|a, b| b.cmp(a));
    let width = largest.iter().take(few).sum::<usize>() + 1;
    // Ways to choose k of the ranks seen so far with a given sum. Counts stay below 2^60 or so; their ratios are what matters.
    let mut ways = vec![vec![0.0f64; width]; few + 1];
    ways[0][0] = 1.0;
    for (seen, &rank) in ranks.iter().enumerate() {
        for k in (1..=few.min(seen + 1)).rev() {
            let (below, here) = ways.split_at_mut(k);
            let moved = here[0][rank.min(width)..].iter_mut().zip(&below[k - 1]);
            moved.for_each(|(to, from)| *to += from);
        }
    }
    let all = &ways[few];
    let total: f64 = all.iter().sum();
    let low: f64 = all[..=sum].iter().sum();
    let high: f64 = all[sum..].iter().sum();
    (2.0 * low.min(high) / total).min(1.0)
}

/// The normal approximation, with continuity correction.
fn approximate(own: usize, n: usize, m: usize, ties: f64) -> f64 {
    let (n, m) = (n as f64, m as f64);
    let u = own as f64 / 2.0 - n * (n + 1.0) / 2.0;
    let variance = n * m / 12.0 * (n + m + 1.0 - ties / ((n + m) * (n + m - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    both_tails((((u - n * m / 2.0).abs() - 0.5) / variance.sqrt()).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::super::reference::{check, list, table};
    use super::*;

    #[test]
    fn few_runs_are_dealt_in_every_way() {
        for name in table("beats").keys() {
            let (x, y) = name.split_once('-').unwrap();
            let (x, y) = (list("sets", x), list("sets", y));
            let expected = list("beats", name);
            check(name, rank_sum_p(&x, &y).unwrap(), expected[1], 1e-11);
            let (ranks, ties) = doubled_ranks(&x, &y);
            let own = ranks[..x.len()].iter().sum();
            check(name, approximate(own, x.len(), y.len(), ties), expected[2], 1e-10);
        }
    }

    #[test]
    fn many_runs_are_approximated() {
        let (x, y) = (list("large", "x"), list("large", "y"));
        check("large", rank_sum_p(&x, &y).unwrap(), list("large", "found")[1], 1e-10);
        // Both ways agree where both can be had.
        let (x, y) = (&x[..20], &y[..20]);
        let (ranks, ties) = doubled_ranks(x, y);
        let own = ranks[..20].iter().sum();
        check("twenty", exact(&ranks, 20, own), approximate(own, 20, 20, ties), 0.01);
    }

    #[test]
    fn failures_are_ties_at_the_bottom() {
        let worst = f64::NEG_INFINITY;
        let p = |x: &[f64], y: &[f64]| rank_sum_p(x, y).unwrap();
        assert_eq!(p(&[worst; 4], &[worst; 4]), 1.0);
        check("all of one failed", p(&[worst; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]), 2.0 / 252.0, 1e-12);
        assert_eq!((rank_sum_p(&[], &[1.0]), rank_sum_p(&[1.0], &[])), (None, None));
        check("the least", least_p(5, 5), 2.0 / 252.0, 1e-15);
        check("of one and three", least_p(1, 3), 0.5, 1e-15);
        assert_eq!(least_p(0, 3), 1.0);
    }
}
