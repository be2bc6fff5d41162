//! Random choices from one number, the same on every machine.

use crate::Shape;

/// A stream of random choices (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Dice {
    state: u64,
    /// Are most axes long?
    pub long: bool,
}

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice { state: seed, long: false };
        dice.bits();
        dice
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }

    /// A number from one end to the other, both included.
    pub fn within(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, n: usize) -> bool {
        self.below(100) < n
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// The length of an axis: mostly small, now and then zero, one, or beyond a vector.
    pub fn len(&mut self) -> usize {
        match self.below(100) {
            0..=1 => 0,
            2..=20 => 1,
            50..=94 if self.long => self.within(16, 40),
            21..=94 => self.within(2, 7),
            _ => self.within(8, 40),
        }
    }

    /// A shape of at most `most` elements.
    pub fn shape(&mut self, rank: usize, most: usize) -> Shape {
        loop {
            let shape: Shape = (0..rank).map(|_| self.len()).collect();
            if shape.numel() <= most {
                return shape;
            }
        }
    }

    /// An order of `0..n`.
    pub fn order(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        (1..n).rev().for_each(|i| order.swap(i, self.below(i + 1)));
        order
    }

    /// Some of `0..n`, ascending.
    pub fn some(&mut self, n: usize) -> Vec<usize> {
        (0..n).filter(|_| self.percent(50)).collect()
    }
}
