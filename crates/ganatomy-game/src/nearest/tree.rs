//! A tree of boxes, halved at medians: exact, and quick where dimensions are few.

use super::{Best, in_parts, is_finite, squared};

/// Points of a leaf, at most.
const LEAF: usize = 8;

/// A k-d tree whose nodes know their boxes.
///
/// ```text
///   +-----------+------+     a box is entered only if its nearest corner or side is nearer than the nearest
///   |  .   .    |  .   |     point so far, the nearer half first; or as near, if it holds an earlier point,
///   |    .      +------+     so that a thousand equal points cost no more than one
///   | .     .   |   .  |
///   +-----------+------+
/// ```
pub(super) struct Tree<const D: usize> {
    /// Leaf by leaf, with their indices.
    points: Vec<(usize, [f32; D])>,
    /// The root first; a node's first half follows it.
    nodes: Vec<Node<D>>,
}

struct Node<const D: usize> {
    low: [f32; D],
    high: [f32; D],
    /// The lowest index of its points.
    first: usize,
    content: Content,
}

enum Content {
    /// Where the points are.
    Leaf(std::ops::Range<usize>),
    /// Where the second half is.
    Halves(usize),
}

impl<const D: usize> Tree<D> {
    pub fn new(points: &[f32]) -> Self {
        let rows = points.as_chunks::<D>().0;
        let finite = rows.iter().copied().enumerate().filter(|(_, point)| is_finite(point));
        let mut points: Vec<(usize, [f32; D])> = finite.collect();
        let mut nodes = Vec::new();
        if !points.is_empty() {
            grow(&mut nodes, &mut points, 0);
        }
        Tree { points, nodes }
    }

    pub fn query(&self, queries: &[f32], threads: usize) -> Vec<Best> {
        let rows = queries.as_chunks::<D>().0;
        let mut all = vec![Best::NONE; rows.len()];
        in_parts(&mut all, threads, |start, part| {
            for (best, query) in part.iter_mut().zip(&rows[start..]) {
                if !self.nodes.is_empty() && is_finite(query) {
                    self.look(0, query, best);
                }
            }
        });
        all
    }

    fn look(&self, at: usize, query: &[f32; D], best: &mut Best) {
        match &self.nodes[at].content {
            Content::Leaf(range) => {
                self.points[range.clone()]
                    .iter()
                    .for_each(|(i, point)| best.offer(squared(query, point), *i));
            }
            Content::Halves(second) => {
                let mut halves = [at + 1, *second].map(|half| {
                    let node = &self.nodes[half];
                    (node.distance(query), node.first, half)
                });
                if (halves[1].0, halves[1].1) < (halves[0].0, halves[0].1) {
                    halves.reverse();
                }
                for (distance, first, half) in halves {
                    if best.may_be_in(distance, first) {
                        self.look(half, query, best);
                    }
                }
            }
        }
    }
}

impl<const D: usize> Node<D> {
    /// The squared distance of the box. It is summed in the same order as a point's, so that rounding never makes it
    /// larger than a point's.
    fn distance(&self, query: &[f32; D]) -> f64 {
        let sides = self.low.iter().zip(query).zip(&self.high);
        let gap = |((low, x), high): ((&f32, &f32), &f32)| {
            let [low, x, high] = [*low, *x, *high].map(f64::from);
            (low - x).max(x - high).max(0.0).powi(2)
        };
        sides.map(gap).fold(0.0, |sum, square| sum + square)
    }
}

/// Adds the tree of `points`, of which there is at least one, that start at place `start`.
fn grow<const D: usize>(nodes: &mut Vec<Node<D>>, points: &mut [(usize, [f32; D])], start: usize) {
    let (mut low, mut high, mut first) = ([f32::INFINITY; D], [f32::NEG_INFINITY; D], usize::MAX);
    for (index, point) in &*points {
        first = first.min(*index);
        for axis in 0..D {
            (low[axis], high[axis]) = (low[axis].min(point[axis]), high[axis].max(point[axis]));
        }
    }
    let content = Content::Leaf(start..start + points.len());
    let at = nodes.len();
    nodes.push(Node { low, high, first, content });
    if points.len() > LEAF {
        let width = |axis: &usize| high[*axis] - low[*axis];
        let axis = (0..D).max_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or(0);
        let middle = points.len() / 2;
        // Equal coordinates are ordered by the index, so that the tree depends on the points alone.
        points.select_nth_unstable_by(middle, |a, b| a.1[axis].total_cmp(&b.1[axis]).then(a.0.cmp(&b.0)));
        let (left, right) = points.split_at_mut(middle);
        grow(nodes, left, start);
        nodes[at].content = Content::Halves(nodes.len());
        grow(nodes, right, start + middle);
    }
}
