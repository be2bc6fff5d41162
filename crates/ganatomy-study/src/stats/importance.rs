//! Which settings matter: functional ANOVA of a forest.

use super::forest::{Node, Rule, Tree, explained, forest};

/// Places along a number at which its effect is looked at.
const PLACES: usize = 24;
/// Settings tried, at least: this many, and so many for each column.
const LEAST: usize = 16;
const LEAST_A_COLUMN: usize = 5;
/// What a forest must explain of settings that it has not seen, or it explains nothing.
const LEAST_EXPLAINED: f64 = 0.1;

/// One setting, of every configuration that was tried.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Numbers.
    Numbers(Vec<f64>),
    /// Choices, by their place among all choices.
    Choices(Vec<usize>),
}

/// What settings do to a score.
#[derive(Clone, Debug, PartialEq)]
pub enum Importance {
    /// Of each column, its share of the variance by itself; the rest is of settings together.
    Shares {
        /// The shares, each from 0 to 1.
        of: Vec<f64>,
        /// The share of the variance that the forest explains in configurations that it was not grown on.
        explained: f64,
    },
    /// So few configurations tell nothing.
    TooFew {
        /// How many it would take.
        least: usize,
    },
    /// The scores do not follow the settings.
    Unexplained,
}

/// The shares of single settings in the variance of a forest's answers (functional ANOVA; Hutter, Hoos and Leyton-Brown 2014, "An efficient approach for assessing
/// hyperparameter importance"): `V_j / V`, with `V_j` the variance over setting j of the mean over all others, worked out exactly on every tree, and averaged over 32 trees.
///
/// Numbers enter by their rank, so that a range counts as it was drawn, logarithmic or not; choices as often as they occur. The values may be ranks too.
pub fn importance(columns: &[Column], values: &[f64]) -> Importance {
    let least = LEAST.max(LEAST_A_COLUMN * columns.len());
    if values.len() < least || columns.is_empty() {
        return Importance::TooFew { least };
    }
    let columns: Vec<Column> = columns.iter().map(Column::ranked).collect();
    let trees = forest(&columns, values);
    let Some(explained) = explained(&trees, &columns, values).filter(|share| *share >= LEAST_EXPLAINED)
    else {
        return Importance::Unexplained;
    };
    let axes: Vec<Axis> = columns.iter().map(Axis::of).collect();
    let (mut of, mut n) = (vec![0.0; axes.len()], 0.0);
    for tree in &trees {
        let whole = variance(leaves(tree, &axes));
        if whole > 0.0 {
            n += 1.0;
            for (j, share) in of.iter_mut().enumerate() {
                *share += main_effect(tree, &axes, j) / whole;
            }
        }
    }
    of.iter_mut().for_each(|share| *share = (*share / f64::max(n, 1.0)).clamp(0.0, 1.0));
    Importance::Shares { of, explained }
}

impl Column {
    /// Numbers as their mean rank, between 0 and 1.
    fn ranked(&self) -> Column {
        let Column::Numbers(values) = self else { return self.clone() };
        Column::Numbers(shares_below(values))
    }
}

/// Of each value, the share of values below it and half of those equal to it.
pub(crate) fn shares_below(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let (mut shares, mut before) = (vec![0.0; values.len()], 0);
    for tied in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let share = (before as f64 + tied.len() as f64 / 2.0) / values.len() as f64;
        tied.iter().for_each(|&i| shares[i] = share);
        before += tied.len();
    }
    shares
}

/// What a setting can be, as part of a box of settings.
#[derive(Clone)]
enum Axis {
    /// Between two ends.
    Between(f64, f64),
    /// The share of each choice; 0 for those that are not in the box.
    Among(Vec<f64>),
}

impl Axis {
    fn of(column: &Column) -> Axis {
        match column {
            Column::Numbers(_) => Axis::Between(0.0, 1.0),
            Column::Choices(values) => {
                let mut shares = vec![0.0; values.iter().max().map_or(0, |most| most + 1)];
                values.iter().for_each(|choice| shares[*choice] += 1.0 / values.len() as f64);
                Axis::Among(shares)
            }
        }
    }

    /// Both parts that a rule makes of it, with their shares of it.
    fn divided(&self, by: Rule) -> [(f64, Axis); 2] {
        match (self, by) {
            (&Axis::Between(low, high), Rule::Below(_, at)) => {
                // A single place belongs to one side.
                let share = if high > low {
                    (at.clamp(low, high) - low) / (high - low)
                } else {
                    f64::from(low <= at)
                };
                let at = at.clamp(low, high);
                [(share, Axis::Between(low, at)), (1.0 - share, Axis::Between(at, high))]
            }
            (Axis::Among(shares), Rule::Is(_, choice)) => {
                let whole: f64 = shares.iter().sum();
                let share = if whole > 0.0 { shares[choice] / whole } else { 0.0 };
                let (mut only, mut others) = (vec![0.0; shares.len()], shares.clone());
                (only[choice], others[choice]) = (shares[choice], 0.0);
                [(share, Axis::Among(only)), (1.0 - share, Axis::Among(others))]
            }
            _ => [(1.0, self.clone()), (0.0, self.clone())],
        }
    }
}

/// The answers of a tree's leaves with the share of the box that each takes.
fn leaves(tree: &Tree, axes: &[Axis]) -> Vec<(f64, f64)> {
    let mut found = Vec::new();
    collect(tree, 0, 1.0, &mut axes.to_vec(), &mut found);
    found
}

fn collect(tree: &Tree, node: usize, weight: f64, axes: &mut [Axis], found: &mut Vec<(f64, f64)>) {
    match tree.nodes[node] {
        Node::Leaf(value) => found.push((weight, value)),
        Node::Split { by, to } => {
            let column = by.column();
            let whole = axes[column].clone();
            for ((share, part), to) in whole.divided(by).into_iter().zip(to) {
                if share > 0.0 {
                    axes[column] = part;
                    collect(tree, to, weight * share, axes, found);
                }
            }
            axes[column] = whole;
        }
    }
}

/// The variance over one setting of the tree's mean over all others.
fn main_effect(tree: &Tree, axes: &[Axis], column: usize) -> f64 {
    let places: Vec<(f64, Axis)> = match &axes[column] {
        Axis::Between(..) => {
            let at = |i: usize| (i as f64 + 0.5) / PLACES as f64;
            (0..PLACES).map(|i| (1.0 / PLACES as f64, Axis::Between(at(i), at(i)))).collect()
        }
        Axis::Among(shares) => {
            let only = |choice: usize| {
                let mut only = vec![0.0; shares.len()];
                only[choice] = 1.0;
                Axis::Among(only)
            };
            shares.iter().enumerate().map(|(choice, share)| (*share, only(choice))).collect()
        }
    };
    let mut axes = axes.to_vec();
    let at = |(weight, place): (f64, Axis)| {
        axes[column] = place;
        let mean = leaves(tree, &axes).iter().map(|(weight, value)| weight * value).sum();
        (weight, mean)
    };
    variance(places.into_iter().map(at).collect())
}

/// The variance of weighted values; the weights add up to 1.
fn variance(values: Vec<(f64, f64)>) -> f64 {
    let mean: f64 = values.iter().map(|(weight, value)| weight * value).sum();
    values.iter().map(|(weight, value)| weight * (value - mean).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use ganatomy_data::keyed::Keyed;

    use super::super::reference::check;
    use super::*;

    /// Uniform numbers, and choices among three.
    fn drawn(n: usize) -> ([Vec<f64>; 3], Vec<usize>) {
        let mut draws = Keyed::new(&[5]);
        let numbers = [0; 3].map(|_| (0..n).map(|_| f64::from(draws.uniform())).collect());
        (numbers, (0..n).map(|_| draws.below(3) as usize).collect())
    }

    fn shares(columns: &[Column], values: &[f64]) -> (Vec<f64>, f64) {
        match importance(columns, values) {
            Importance::Shares { of, explained } => (of, explained),
            other => panic!("{other:?}"),
        }
    }

    /// Sums of independent numbers: the variances add up, on paper.
    #[test]
    fn shares_are_those_of_a_sum() {
        let ([a, b, nothing], choices) = drawn(400);
        // A choice of -1, 0 or 1 times 0.6 has a variance of 0.24; a uniform number's is 1/12.
        let value = |i: usize| 2.0 * a[i] + b[i] + 0.6 * (choices[i] as f64 - 1.0);
        let values: Vec<f64> = (0..400).map(value).collect();
        let whole = 4.0 / 12.0 + 1.0 / 12.0 + 0.24;
        let expected = [4.0 / 12.0 / whole, 1.0 / 12.0 / whole, 0.0, 0.24 / whole];
        // A number over ranges of a thousand: only its rank counts.
        let stretched = a.iter().map(|a| (7.0 * a).exp()).collect();
        let columns = [
            Column::Numbers(stretched),
            Column::Numbers(b),
            Column::Numbers(nothing),
            Column::Choices(choices),
        ];
        let (found, explained) = shares(&columns, &values);
        for (j, (found, expected)) in found.iter().zip(expected).enumerate() {
            check(&format!("column {j}"), *found, expected, 0.06);
        }
        assert!(explained > 0.8, "{explained}");
    }

    #[test]
    fn what_acts_together_is_of_neither_alone() {
        let ([a, b, _], _) = drawn(600);
        let values: Vec<f64> =
            a.iter().zip(&b).map(|(a, b)| if (*a < 0.5) == (*b < 0.5) { 1.0 } else { 0.0 }).collect();
        let (found, explained) = shares(&[Column::Numbers(a), Column::Numbers(b)], &values);
        assert!(found.iter().all(|share| *share < 0.15) && explained > 0.5, "{found:?} {explained}");
    }

    #[test]
    fn noise_and_few_settings_tell_nothing() {
        let ([a, b, noise], _) = drawn(200);
        let columns = [Column::Numbers(a), Column::Numbers(b)];
        assert_eq!(importance(&columns, &noise), Importance::Unexplained);
        assert_eq!(importance(&columns, &[1.0; 200]), Importance::Unexplained);
        assert_eq!(importance(&columns, &noise[..10]), Importance::TooFew { least: 16 });
        assert_eq!(importance(&[], &noise), Importance::TooFew { least: 16 });
    }
}
