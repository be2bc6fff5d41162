//! The kernel distance (Bińkowski et al. 2018).

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_record::{Direction, Fields, SpecError};
use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Tensor, Trace};

use crate::error::ScoreError;
use crate::rows::Rows;
use crate::score::{Known, Score, Sides, Value, mean_and_deviation};

/// Items of a subset at most: every pair of them is a number of 8 bytes, 200 MB for a table.
const MOST: usize = 5000;

/// The squared distance of the means in the space of all products of three features, `MMD^2` with `k(x, y) = (x y / d + 1)^3`.
///
/// Each subset takes `size` items of a side without repetition, or half of the smaller side where that is fewer (subsets of all
/// items would all be one, and have no spread; the reference refuses such sizes), and gives the unbiased estimate
/// `mean_{i != j} k(x_i, x_j) + mean_{i != j} k(y_i, y_j) - 2 mean k(x_i, y_j)`; the score is the mean over subsets, and the spread
/// their standard deviation, as in `torch-fidelity`, which takes 100 subsets. With Inception's features this is the KID.
///
/// It sees the first three moments. It has no bias, so that numbers of different n compare and 1,000 items are enough; it may be
/// a little below zero. It is blind to what no product of three features tells.
#[derive(Clone, Copy, Debug)]
pub struct Kid {
    subsets: usize,
    size: usize,
}

impl Kid {
    /// Reads its settings.
    ///
    /// # Errors
    /// A field that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Kid, SpecError> {
        Ok(Kid {
            subsets: fields.count("subsets", "subsets that are compared", 20, 2..=10_000)? as usize,
            size: fields.count("size", "items of a subset, at most half of a side", 1000, 2..=MOST as u64)?
                as usize,
        })
    }
}

impl Score for Kid {
    fn numbers(&self) -> Vec<(&'static str, Direction)> {
        vec![("kid", Direction::Down)]
    }

    fn check(&self, known: &Known) -> Result<(), ScoreError> {
        known.need("kid", 4)
    }

    fn memory_bytes(&self, n: usize, dims: usize) -> u64 {
        let size = self.size.min(n / 2) as u64;
        // Both subsets, as drawn and as the program's, and three tables of their pairs.
        8 * size * (4 * dims as u64 + 3 * size)
    }

    fn score(&self, sides: &Sides<'_>, cpu: &Cpu) -> Result<Vec<Value>, ScoreError> {
        self.check(&sides.known())?;
        let size = self.size.min(sides.real().len().min(sides.generated().len()) / 2);
        let mut pair = Pair::new(size, sides.real().dims(), cpu)?;
        let mut random = Keyed::new(&[sides.seed, purpose("kid")]);
        let mut found = Vec::with_capacity(self.subsets);
        for _ in 0..self.subsets {
            let mut chosen = |rows: Rows<'_>| -> Vec<f64> {
                let drawn = rows.drawn(size, &mut random).into_iter();
                drawn.flat_map(|i| rows.row(i)).map(|x| f64::from(*x)).collect()
            };
            let (x, y) = (chosen(sides.real()), chosen(sides.generated()));
            found.push(pair.distance(&x, &y, cpu)?);
        }
        let [mean, spread] = mean_and_deviation(&found);
        Ok(vec![Value::new("kid", mean, Direction::Down).within(spread)])
    }
}

/// The unbiased estimate from all items of both sides, of which there are equally many.
///
/// # Errors
/// Sides of different shapes, of fewer than two items, or of more than 5,000.
pub fn kernel_distance(real: Rows<'_>, generated: Rows<'_>, cpu: &Cpu) -> Result<f64, ScoreError> {
    real.check_like("generated", &generated)?;
    real.need("kid", "real", generated.len().max(2))?;
    generated.need("kid", "generated", real.len())?;
    if real.len() > MOST {
        return Err(ScoreError::TooMany { score: "kid", most: MOST, found: real.len() });
    }
    let all = |rows: Rows<'_>| rows.values().iter().map(|x| f64::from(*x)).collect::<Vec<_>>();
    Pair::new(real.len(), real.dims(), cpu)?.distance(&all(real), &all(generated), cpu)
}

/// The program that compares two subsets.
struct Pair {
    size: usize,
    dims: usize,
    store: Store<f64>,
    program: Bound<f64>,
}

impl Pair {
    fn new(size: usize, dims: usize, cpu: &Cpu) -> Result<Pair, ScoreError> {
        let trace = Trace::new();
        let (x, y) = (trace.input("x", [size, dims]), trace.input("y", [size, dims]));
        let kernel = |a: &Tensor, b: &Tensor| {
            let base = a.product(b, false, true) * (1.0 / dims as f64) + 1.0;
            (&base * &base * &base).sum_all()
        };
        let (xx, yy, xy) = (kernel(&x, &x), kernel(&y, &y), kernel(&x, &y));
        let program = Program::compile(&trace, &[("xx", &xx), ("yy", &yy), ("xy", &xy)])?;
        let mut store = Store::<f64>::new();
        for (name, shape) in program.inputs() {
            store.place(name, shape)?;
        }
        Ok(Pair { size, dims, program: program.bind(cpu, &mut store)?, store })
    }

    fn distance(&mut self, x: &[f64], y: &[f64], cpu: &Cpu) -> Result<f64, ScoreError> {
        self.store.get_mut("x")?.values_mut().copy_from_slice(x);
        self.store.get_mut("y")?.values_mut().copy_from_slice(y);
        self.program.run(cpu, &mut self.store, Key::default())?;
        let (n, dims) = (self.size as f64, self.dims);
        let kernel = |row: &[f64]| (row.iter().map(|x| x * x).sum::<f64>() / dims as f64 + 1.0).powi(3);
        let own = |all: &[f64]| all.chunks_exact(dims).map(kernel).sum::<f64>();
        let sum =
            |name| Ok::<f64, ScoreError>(self.store.get(name)?.values().first().copied().unwrap_or(f64::NAN));
        let within = (sum("xx")? - own(x) + sum("yy")? - own(y)) / (n * (n - 1.0));
        Ok(within - 2.0 * sum("xy")? / (n * n))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    /// Made with NumPy 2.4.6 by the formula of `polynomial_mmd` of torch-fidelity (degree 3, gamma 1 / dims, coef0 1, unbiased).
    #[test]
    fn the_distance_of_a_subset_is_that_of_torch_fidelity() {
        let check = |n: usize, dims: usize, expected: f64| {
            let b: Vec<f32> = made(2, n, dims).into_iter().map(|x| x * 1.25 + 0.125).collect();
            let a = made(1, n, dims);
            let (a, b) = (Rows::new(&a, dims).unwrap(), Rows::new(&b, dims).unwrap());
            let found = kernel_distance(a, b, &Cpu::new(2)).unwrap();
            assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        };
        check(2, 3, 0.976083740876466);
        check(200, 64, 0.05359766057489557);
        check(50, 2048, 0.0456744067034931);
    }

    #[test]
    fn subsets_of_one_law_are_near_zero_and_spread() {
        let (a, b) = (made(1, 300, 16), made(2, 400, 16));
        let sides = Sides::new(Rows::new(&a, 16).unwrap(), Rows::new(&b, 16).unwrap()).unwrap();
        let found = Kid { subsets: 20, size: 100 }.score(&sides, &Cpu::new(1)).unwrap()[0];
        let spread = found.spread.unwrap();
        assert!(spread > 0.0 && found.value.abs() < 2.0 * spread, "{found:?}");
        assert_eq!(found, Kid { subsets: 20, size: 100 }.score(&sides, &Cpu::new(2)).unwrap()[0]);
    }

    #[test]
    fn few_items_still_make_subsets_that_differ_and_too_many_are_refused() {
        let (a, b) = (made(1, 5, 3), made(2, 4, 3));
        let rows = |x, n: usize| Rows::new(&(x as &Vec<f32>)[..n * 3], 3).unwrap();
        let kid = Kid { subsets: 20, size: 1000 };
        let found = kid.score(&Sides::new(rows(&a, 5), rows(&b, 4)).unwrap(), &Cpu::new(1)).unwrap()[0];
        assert!(found.spread.unwrap() > 0.0, "{found:?}");
        let why = kid.check(&Sides::new(rows(&a, 5), rows(&b, 3)).unwrap().known()).unwrap_err();
        assert_eq!(why.to_string(), "kid needs at least 4 generated items, found 3");
        let many = vec![0.0; 5001];
        let many = Rows::new(&many, 1).unwrap();
        let why = kernel_distance(many, many, &Cpu::new(1)).unwrap_err().to_string();
        assert_eq!(why, "kid compares at most 5000 items of a side at once, found 5001");
    }
}
