//! Random views: reshapes, permutations, stretches, cuts, pads and joins, and these of each other.

use super::generate::Generator;
use super::plan::What;
use crate::Shape;

impl Generator {
    /// A view, and often views of it: what one does must be joined with what the next one does.
    pub fn views(&mut self) {
        let mut x = self.any();
        for _ in 0..4 {
            let n = self.plan.steps.len();
            self.view(x);
            if self.plan.steps.len() == n || self.dice.percent(50) {
                return;
            }
            x = self.plan.steps.len() - 1;
        }
    }

    fn view(&mut self, x: usize) {
        let shape = self.shape(x);
        let rank = shape.len();
        match self.dice.below(6) {
            0 => {
                let new = self.reshaped(&shape);
                self.plan.push(What::Reshape, &[x], new);
            }
            1 => {
                let order = self.dice.order(rank);
                let new: Shape = order.iter().map(|&axis| shape[axis]).collect();
                self.plan.push(What::Permute(order), &[x], new);
            }
            2 => {
                let stretch = |n: usize| if n == 1 && self.dice.percent(70) { self.dice.len() } else { n };
                let mut new: Vec<usize> = shape.iter().copied().map(stretch).collect();
                while new.len() < 5 && self.dice.percent(35) {
                    new.insert(0, self.dice.within(1, 4));
                }
                if new.iter().product::<usize>() <= self.most {
                    self.plan.push(What::Broadcast, &[x], new);
                }
            }
            3 => {
                let new: Vec<usize> = shape.iter().map(|&n| self.cut(n)).collect();
                let start = (0..rank).map(|axis| self.dice.below(shape[axis] - new[axis] + 1)).collect();
                self.plan.push(What::Slice(start), &[x], new);
            }
            4 => {
                let start: Vec<usize> = (0..rank).map(|_| self.dice.below(3)).collect();
                let new: Vec<usize> = (0..rank).map(|i| start[i] + shape[i] + self.dice.below(3)).collect();
                if new.iter().product::<usize>() <= self.most {
                    self.plan.push(What::Pad(start), &[x], new);
                }
            }
            _ => self.concat(x),
        }
    }

    /// The length of a part of an axis: often all of it.
    fn cut(&mut self, n: usize) -> usize {
        if self.dice.percent(50) { n } else { self.dice.within(usize::from(n > 0), n) }
    }

    fn concat(&mut self, x: usize) {
        let shape = self.shape(x);
        if shape.is_empty() {
            return;
        }
        let axis = if self.dice.percent(60) { 0 } else { self.dice.below(shape.len()) };
        let (mut parts, mut len) = (vec![x], shape[axis]);
        for _ in 0..self.dice.below(3) {
            let mut part = shape.to_vec();
            part[axis] = if self.dice.percent(60) { shape[axis] } else { self.dice.len() };
            len += part[axis];
            parts.push(self.like(&part.into()));
        }
        let mut joined = shape.to_vec();
        joined[axis] = len;
        if joined.iter().product::<usize>() <= self.most {
            self.plan.push(What::Concat(axis), &parts, joined);
        }
    }

    /// Another shape of as many elements.
    fn reshaped(&mut self, shape: &Shape) -> Shape {
        let mut lens: Vec<usize> = shape.to_vec();
        for _ in 0..self.dice.within(1, 3) {
            let at = self.dice.below(lens.len() + 1);
            let merges = lens.len() > 1 && self.dice.percent(50);
            if merges {
                let at = at.min(lens.len() - 2);
                let n = lens.remove(at);
                lens[at] *= n;
            } else if let Some(&n) = lens.get(at).filter(|n| **n > 1) {
                let parts: Vec<usize> = (1..=n).filter(|part| n % part == 0).collect();
                let part = *self.dice.pick(&parts);
                lens[at] = n / part;
                lens.insert(at, part);
            } else {
                lens.insert(at, 1);
            }
        }
        lens.truncate(lens.len().min(6));
        let new = Shape::from(lens);
        if new.numel() == shape.numel() { new } else { shape.clone() }
    }
}
