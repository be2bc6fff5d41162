//! A small forest of regression trees over settings.

use ganatomy_data::keyed::{Keyed, purpose};

use super::Column;

const N_TREES: usize = 32;
/// Settings that a tree is grown on, at most.
const MOST_DRAWN: usize = 600;
/// Settings in a leaf, at least.
const LEAF: usize = 5;
const DEEPEST: usize = 12;

/// A tree: its nodes, the root first.
pub(super) struct Tree {
    pub nodes: Vec<Node>,
    /// The rows that it was grown on.
    drawn: Vec<bool>,
}

/// Where a tree divides, or what it answers.
#[derive(Clone, Copy)]
pub(super) enum Node {
    /// The mean of the rows that end here.
    Leaf(f64),
    /// Rows that belong to the left go to the first node, the others to the second.
    Split { by: Rule, to: [usize; 2] },
}

/// Which rows belong to the left.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// A number of this column at or below a threshold.
    Below(usize, f64),
    /// This choice of this column.
    Is(usize, usize),
}

impl Rule {
    /// The column that it looks at.
    pub fn column(self) -> usize {
        match self {
            Rule::Below(column, _) | Rule::Is(column, _) => column,
        }
    }

    fn holds(self, columns: &[Column], row: usize) -> bool {
        match (self, &columns[self.column()]) {
            (Rule::Below(_, threshold), Column::Numbers(values)) => values[row] <= threshold,
            (Rule::Is(_, choice), Column::Choices(values)) => values[row] == choice,
            _ => false,
        }
    }
}

/// Trees on rows drawn with replacement (Breiman 2001), each divided where that takes away most of the squares, with all columns looked at: which
/// settings matter is to be seen in every tree.
pub(super) fn forest(columns: &[Column], values: &[f64]) -> Vec<Tree> {
    let mut draws = Keyed::new(&[purpose("forest"), values.len() as u64]);
    let tree = |_| {
        let n = values.len();
        let rows: Vec<usize> = (0..n.min(MOST_DRAWN)).map(|_| draws.below(n as u64) as usize).collect();
        let mut tree = Tree { nodes: Vec::new(), drawn: vec![false; n] };
        rows.iter().for_each(|row| tree.drawn[*row] = true);
        tree.grow(columns, values, rows, 0);
        tree
    };
    (0..N_TREES).map(tree).collect()
}

/// The share of the variance that trees explain in rows that they were not grown on: 1 - squares left / squares. `None` without such rows or variance.
pub(super) fn explained(trees: &[Tree], columns: &[Column], values: &[f64]) -> Option<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let (mut left, mut all) = (0.0, 0.0);
    for (row, value) in values.iter().enumerate() {
        let (mut sum, mut n) = (0.0, 0);
        for tree in trees.iter().filter(|tree| !tree.drawn[row]) {
            sum += tree.at(columns, row);
            n += 1;
        }
        if n > 0 {
            left += (value - sum / f64::from(n)).powi(2);
            all += (value - mean).powi(2);
        }
    }
    (all > 0.0).then(|| 1.0 - left / all)
}

impl Tree {
    /// What the tree answers for a row.
    fn at(&self, columns: &[Column], row: usize) -> f64 {
        let mut place = 0;
        loop {
            match self.nodes[place] {
                Node::Leaf(value) => return value,
                Node::Split { by, to } => place = to[usize::from(!by.holds(columns, row))],
            }
        }
    }

    /// Adds the tree of these rows, and says where its root lies.
    fn grow(&mut self, columns: &[Column], values: &[f64], rows: Vec<usize>, depth: usize) -> usize {
        let place = self.nodes.len();
        let mean = rows.iter().map(|row| values[*row]).sum::<f64>() / rows.len() as f64;
        self.nodes.push(Node::Leaf(mean));
        let found = (depth < DEEPEST).then(|| divide(columns, values, &rows)).flatten();
        if let Some(by) = found {
            let (left, right) = rows.into_iter().partition(|row| by.holds(columns, *row));
            let to = [left, right].map(|rows: Vec<usize>| self.grow(columns, values, rows, depth + 1));
            self.nodes[place] = Node::Split { by, to };
        }
        place
    }
}

/// The rule that takes away most of the squares; `None` if no rule takes any.
fn divide(columns: &[Column], values: &[f64], rows: &[usize]) -> Option<Rule> {
    if rows.len() < 2 * LEAF {
        return None;
    }
    let best = columns.iter().enumerate().filter_map(|(i, column)| match column {
        Column::Numbers(numbers) => by_number(i, numbers, values, rows),
        Column::Choices(choices) => by_choice(i, choices, values, rows),
    });
    let (gain, rule) = best.reduce(|best, other| if other.0 > best.0 { other } else { best })?;
    (gain > 1e-12).then_some(rule)
}

/// How much less the squares are after a division: `sum² / n` of both sides, less that of all.
fn gain(left: (f64, usize), all: (f64, usize)) -> f64 {
    let right = (all.0 - left.0, all.1 - left.1);
    let part = |(sum, n): (f64, usize)| sum * sum / n as f64;
    part(left) + part(right) - part(all)
}

fn by_number(column: usize, numbers: &[f64], values: &[f64], rows: &[usize]) -> Option<(f64, Rule)> {
    let mut pairs: Vec<(f64, f64)> = rows.iter().map(|row| (numbers[*row], values[*row])).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all = (pairs.iter().map(|pair| pair.1).sum(), pairs.len());
    let (mut sum, mut best) = (0.0, None);
    for (i, pair) in pairs.windows(2).enumerate() {
        sum += pair[0].1;
        let n = i + 1;
        if pair[0].0 < pair[1].0 && n >= LEAF && pairs.len() - n >= LEAF {
            let gain = gain((sum, n), all);
            if best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, Rule::Below(column, (pair[0].0 + pair[1].0) / 2.0)));
            }
        }
    }
    best
}

fn by_choice(column: usize, choices: &[usize], values: &[f64], rows: &[usize]) -> Option<(f64, Rule)> {
    let n_choices = rows.iter().map(|row| choices[*row] + 1).max()?;
    let mut sums = vec![(0.0, 0); n_choices];
    for row in rows {
        let (sum, n) = &mut sums[choices[*row]];
        *sum += values[*row];
        *n += 1;
    }
    let all = (rows.iter().map(|row| values[*row]).sum(), rows.len());
    let fits = sums.iter().enumerate().filter(|(_, (_, n))| *n >= LEAF && rows.len() - n >= LEAF);
    fits.map(|(choice, part)| (gain(*part, all), Rule::Is(column, choice)))
        .reduce(|best, other| if other.0 > best.0 { other } else { best })
}
