//! From a full matrix to an upper band of the same singular values.

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Tensor, Trace};

use super::reflect::{Block, dot, reflect, reflector};
use crate::error::ScoreError;

/// Diagonals of the band beside the main one: as many columns and rows are eliminated at a time.
pub(crate) const WIDTH: usize = 32;
/// Once so few columns are left, the matrix is not cut again.
const SMALL: usize = 192;

/// An upper band, `[n, 3 WIDTH]`: the element of row i and column j is at `(i, j - i + WIDTH)`, so that there is room for what
/// rotations move beside it.
pub(crate) struct Band {
    pub values: Vec<f64>,
    pub n: usize,
}

impl Band {
    fn new(n: usize) -> Band {
        Band { values: vec![0.0; n * 3 * WIDTH], n }
    }

    /// Where the elements of row i begin, from column j on.
    pub fn at(&self, i: usize, j: usize) -> usize {
        i * 3 * WIDTH + j + WIDTH - i
    }
}

/// Householder reflections of blocks of columns and of rows by turns (Grosser and Lang 1999): almost all of the work is matrix products.
///
/// # Shapes
/// - a: `[m, n]` with no fewer rows than columns
pub(crate) fn band(mut a: Vec<f64>, m: usize, n: usize, cpu: &Cpu) -> Result<Band, ScoreError> {
    let mut to = Band::new(n);
    let mut done = 0;
    while done < n {
        let [rows, columns] = [m - done, n - done];
        // What is finished is cut off when it is half of the rest, so that little work is wasted on it.
        let end = if columns > SMALL { (columns / 2).next_multiple_of(WIDTH) } else { columns };
        a = Work::new(a, rows, columns, cpu)?.advance(end, cpu, |i, j, x| {
            let at = to.at(done + i, done + j);
            to.values[at] = x;
        })?;
        done += end;
    }
    Ok(to)
}

/// Something made of inputs that are known by name.
type Formula = fn(&dyn Fn(&str) -> Tensor) -> Tensor;

/// A matrix that is being reduced, and the products that do it.
struct Work {
    m: usize,
    n: usize,
    store: Store<f64>,
    /// `y = A^T V T`, `z = (A - V y^T) U T'`, `A - V y^T - z U^T`.
    programs: [Bound<f64>; 3],
}

impl Work {
    fn new(a: Vec<f64>, m: usize, n: usize, cpu: &Cpu) -> Result<Work, ScoreError> {
        let mut store = Store::new();
        store.insert("a", [m, n], a)?;
        let panels = [("v", m), ("u", n), ("y", n), ("z", m), ("t", WIDTH)];
        for (name, rows) in panels {
            store.insert(name, [rows, WIDTH], vec![0.0; rows * WIDTH])?;
        }
        let mut bound = |name: &str, made: Formula| {
            let trace = Trace::new();
            let input = |name: &str| match panels.iter().find(|(known, _)| *known == name) {
                Some((_, rows)) => trace.input(name, [*rows, WIDTH]),
                None => trace.input(name, [m, n]),
            };
            let made = made(&input);
            Ok::<_, ScoreError>(Program::compile(&trace, &[(name, &made)])?.bind(cpu, &mut store)?)
        };
        let programs = [
            bound("y", |of| of("a").product(&of("v"), true, false).product(&of("t"), false, false))?,
            bound("z", |of| {
                let (u, shared) = (of("u"), of("y").product(&of("u"), true, false));
                let across = of("a").product(&u, false, false) - of("v").product(&shared, false, false);
                across.product(&of("t"), false, false)
            })?,
            bound("a", |of| {
                let (left, right) = (of("v").concat(&[&of("z")], 1), of("y").concat(&[&of("u")], 1));
                of("a") - left.product(&right, false, true)
            })?,
        ];
        Ok(Work { m, n, store, programs })
    }

    /// Reduces columns and rows until `end`, tells what is left of them, and answers the rest of the matrix.
    fn advance(
        mut self,
        end: usize,
        cpu: &Cpu,
        mut tell: impl FnMut(usize, usize, f64),
    ) -> Result<Vec<f64>, ScoreError> {
        let (m, n) = (self.m, self.n);
        for k in (0..end).step_by(WIDTH) {
            let right = (k + WIDTH).min(n);
            let mut columns = self.columns(k, right)?;
            let v = Block::of(&mut columns, k, m);
            for (j, column) in columns.iter().enumerate() {
                (0..=j).for_each(|i| tell(k + i, k + j, column[i]));
            }
            if right == n {
                break;
            }
            self.run(0, "v", &v, cpu)?;
            let mut rows = self.rows(k, right)?;
            let u = Block::of(&mut rows, right, n);
            for (i, row) in rows.iter().enumerate() {
                (0..row.len().min(i + 1)).for_each(|j| tell(k + i, right + j, row[j]));
            }
            self.run(1, "u", &u, cpu)?;
            self.programs[2].run(cpu, &mut self.store, Key::default())?;
        }
        let a = self.store.get("a")?.values();
        Ok(a.chunks_exact(n).skip(end).flat_map(|row| &row[end..]).copied().collect())
    }

    /// One of the products, with a block of reflections.
    fn run(&mut self, which: usize, name: &str, block: &Block, cpu: &Cpu) -> Result<(), ScoreError> {
        self.store.get_mut(name)?.values_mut().copy_from_slice(&block.values);
        self.store.get_mut("t")?.values_mut().copy_from_slice(&block.t);
        Ok(self.programs[which].run(cpu, &mut self.store, Key::default())?)
    }

    /// The columns from k on, below row k.
    fn columns(&self, k: usize, right: usize) -> Result<Vec<Vec<f64>>, ScoreError> {
        let mut columns = vec![Vec::with_capacity(self.m - k); right - k];
        for row in self.store.get("a")?.values().chunks_exact(self.n).skip(k) {
            columns.iter_mut().zip(&row[k..right]).for_each(|(column, x)| column.push(*x));
        }
        Ok(columns)
    }

    /// The rows from k on, right of the columns, with the columns' reflections taken off.
    fn rows(&self, k: usize, right: usize) -> Result<Vec<Vec<f64>>, ScoreError> {
        let [a, v, y] = ["a", "v", "y"].map(|name| self.store.get(name).map(|array| array.values()));
        let (a, v, y) = (a?, v?, y?);
        let row = |i: usize| {
            let own = &v[i * WIDTH..][..WIDTH];
            let line =
                a[i * self.n + right..(i + 1) * self.n].iter().zip(y[right * WIDTH..].chunks_exact(WIDTH));
            line.map(|(x, y)| x - dot(own, y)).collect()
        };
        Ok((k..right).map(row).collect())
    }
}

/// Rotates the band into two diagonals, one element of each in turn (Lang 1996): what a reflection moves out of the band is chased down it.
pub(crate) fn two_diagonals(mut band: Band) -> Vec<f64> {
    let n = band.n;
    for i in 0..n.saturating_sub(1) {
        // The row whose elements from `first + 1` to `last` must go.
        let (mut row, mut first, mut last) = (i, i + 1, (i + WIDTH).min(n - 1));
        while first < last {
            let at = band.at(row, first);
            let (h, x) = reflector(&band.values[at..=at + last - first]);
            band.values[at..=at + last - first].fill(0.0);
            band.values[at] = x;
            for r in row + 1..=last {
                let at = band.at(r, first);
                reflect(&h, &mut band.values[at..=at + last - first]);
            }
            band.lift(first, last);
            (row, first, last) = (first, first + WIDTH, (last + WIDTH).min(n - 1));
        }
    }
    let element = |i: usize, j: usize| band.values[band.at(i, j)];
    (0..n)
        .flat_map(|i| [Some((i, i)), (i + 1 < n).then_some((i, i + 1))])
        .flatten()
        .map(|(i, j)| element(i, j))
        .collect()
}

impl Band {
    /// Zeros below the diagonal of the column `first` down to row `last`, by a reflection of these rows.
    fn lift(&mut self, first: usize, last: usize) {
        let column: Vec<f64> = (first..=last).map(|r| self.values[self.at(r, first)]).collect();
        let (h, x) = reflector(&column);
        let end = (last + WIDTH).min(self.n - 1);
        let mut sums = [0.0; 2 * WIDTH];
        let sums = &mut sums[..end - first];
        for (h, r) in h.iter().zip(first..) {
            let at = self.at(r, first);
            self.values[at] = if r == first { x } else { 0.0 };
            sums.iter_mut().zip(&self.values[at + 1..]).for_each(|(sum, x)| *sum += h * x);
        }
        for (h, r) in h.iter().zip(first..) {
            let at = self.at(r, first) + 1;
            self.values[at..].iter_mut().zip(&*sums).for_each(|(x, sum)| *x -= h * sum);
        }
    }
}
