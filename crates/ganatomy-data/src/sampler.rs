//! Which items a batch of a finite set holds: a keyed permutation per epoch, without any state.

use crate::BatchKey;
use crate::keyed::{Keyed, finalise, purpose};

/// The items of one batch, in order.
///
/// Place p = step·batch + i of the draw's endless sequence of epochs is item π(p mod n) of epoch ⌊p / n⌋, with π the
/// permutation keyed by (seed, draw, epoch). So every epoch holds every item once, and any batch can be found
/// without the ones before it. Draws of one step have epochs of their own.
pub fn batch_items(n_items: usize, key: BatchKey, batch: usize) -> impl Iterator<Item = usize> {
    let n = n_items.max(1) as u128;
    let first = u128::from(key.step) * batch as u128;
    let mut current: Option<(u64, Permutation)> = None;
    (0..batch as u128).map(move |i| {
        let (epoch, place) = (((first + i) / n) as u64, ((first + i) % n) as u64);
        let fresh = || (epoch, Permutation::new(n as u64, &[key.seed, EPOCH, key.draw, epoch]));
        let (_, permutation) = match current {
            Some(known) if known.0 == epoch => known,
            _ => *current.insert(fresh()),
        };
        permutation.at(place) as usize
    })
}

const EPOCH: u64 = purpose("epoch");

/// A keyed permutation of 0..n: a balanced Feistel network, repeated until the result is below n (Black and Rogaway 2002).
#[derive(Clone, Copy, Debug)]
pub struct Permutation {
    n: u64,
    half_bits: u32,
    round_keys: [u64; N_ROUNDS],
}

/// Four rounds already give a strong pseudorandom permutation (Luby and Rackoff 1988); small domains profit from more.
const N_ROUNDS: usize = 8;

impl Permutation {
    /// The permutation of 0..n that this key names.
    pub fn new(n: u64, key: &[u64]) -> Permutation {
        let bits = u64::BITS - n.saturating_sub(1).leading_zeros();
        let mut stream = Keyed::new(key);
        Permutation {
            n,
            half_bits: bits.div_ceil(2).max(1),
            round_keys: std::array::from_fn(|_| stream.bits()),
        }
    }

    /// Where place `i` (below n) goes.
    pub fn at(&self, i: u64) -> u64 {
        let mut place = self.scramble(i);
        // The network's domain is less than 4·n (or 4), so few steps are expected; the cycle through i ends inside.
        while place >= self.n.max(1) {
            place = self.scramble(place);
        }
        place
    }

    fn scramble(&self, i: u64) -> u64 {
        let mask = (1u64 << self.half_bits) - 1;
        let (mut left, mut right) = (i >> self.half_bits, i & mask);
        for key in self.round_keys {
            (left, right) = (right, left ^ (finalise(right ^ key) & mask));
        }
        (left << self.half_bits) | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n: u64) {
        for key in 0..3 {
            let permutation = Permutation::new(n, &[key]);
            let mut seen = vec![false; n as usize];
            for i in 0..n {
                let place = permutation.at(i) as usize;
                assert!(!std::mem::replace(&mut seen[place], true), "n {n} key {key}: {place} comes twice");
            }
        }
    }

    #[test]
    fn permutes() {
        (1..70).for_each(check);
        [255, 256, 257, 1000, 60_000].into_iter().for_each(check);
    }

    #[test]
    fn small_permutations_are_even() {
        let mut counts = std::collections::BTreeMap::new();
        for key in 0..24_000 {
            let permutation = Permutation::new(4, &[key]);
            *counts.entry([0, 1, 2, 3].map(|i| permutation.at(i))).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 24);
        assert!(counts.values().all(|&count| (850..1150).contains(&count)), "{counts:?}");
    }

    #[test]
    fn an_epoch_holds_every_item_once() {
        // 10 items in batches of 4: two epochs are exactly five batches, and the third straddles them.
        let items: Vec<usize> =
            (0..5).flat_map(|step| batch_items(10, BatchKey { seed: 3, step, draw: 0 }, 4)).collect();
        for epoch in items.chunks(10) {
            let mut sorted = epoch.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..10).collect::<Vec<_>>());
        }
        assert_ne!(items[..10], items[10..]);
    }

    #[test]
    fn seed_step_and_draw_all_count() {
        let items =
            |seed, step, draw| batch_items(1000, BatchKey { seed, step, draw }, 8).collect::<Vec<_>>();
        assert_eq!(items(1, 2, 3), items(1, 2, 3));
        for other in [items(2, 2, 3), items(1, 3, 3), items(1, 2, 4)] {
            assert_ne!(items(1, 2, 3), other);
        }
    }

    #[test]
    fn a_late_step_is_as_quick_as_the_first() {
        let key = BatchKey { seed: 0, step: u64::MAX, draw: u64::MAX };
        assert!(batch_items(60_000, key, 64).all(|item| item < 60_000));
    }
}
