//! From a full matrix to an upper band of the same singular values.

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Trace};

use super::reflect::{Block, reflect, reflector};
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

/// A matrix that is being reduced, and the products that do it.
struct Work {
    m: usize,
    n: usize,
    store: Store<f64>,
    /// `along = A^T v`, `across = A u`, `A - left right^T`.
    programs: [Bound<f64>; 3],
}

impl Work {
    fn new(a: Vec<f64>, m: usize, n: usize, cpu: &Cpu) -> Result<Work, ScoreError> {
        let mut store = Store::new();
        store.insert("a", [m, n], a)?;
        for (name, rows, columns) in
            [("v", m, WIDTH), ("u", n, WIDTH), ("left", m, 2 * WIDTH), ("right", n, 2 * WIDTH)]
        {
            store.insert(name, [rows, columns], vec![0.0; rows * columns])?;
        }
        let mut bound = |name: &str, product: [&str; 2], turned: [bool; 2], shapes: [[usize; 2]; 2]| {
            let trace = Trace::new();
            let [a, b] = [0, 1].map(|i| trace.input(product[i], shapes[i]));
            let made = a.product(&b, turned[0], turned[1]);
            let made = if name == "a" { trace.input("a", [m, n]) - made } else { made };
            Ok::<_, ScoreError>(Program::compile(&trace, &[(name, &made)])?.bind(cpu, &mut store)?)
        };
        let (v, u) = ([m, WIDTH], [n, WIDTH]);
        let programs = [
            bound("along", ["a", "v"], [true, false], [[m, n], v])?,
            bound("across", ["a", "u"], [false, false], [[m, n], u])?,
            bound("a", ["left", "right"], [false, true], [[m, 2 * WIDTH], [n, 2 * WIDTH]])?,
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
            let wide = WIDTH.min(n - k);
            let mut columns = self.columns(k, wide)?;
            let v = Block::of(&mut columns, k, m);
            columns
                .iter()
                .enumerate()
                .for_each(|(j, column)| (0..=j).for_each(|i| tell(k + i, k + j, column[i])));
            if k + wide == n {
                break;
            }
            let y = v.turned(self.product(0, ("v", &v), "along", cpu)?);
            let mut rows = self.rows(k, k + wide, &v, &y)?;
            let u = Block::of(&mut rows, k + wide, n);
            rows.iter().enumerate().for_each(|(i, row)| {
                (0..row.len().min(i + 1)).for_each(|j| tell(k + i, k + wide + j, row[j]));
            });
            // `A u` of the matrix from which the columns' reflections are taken off already.
            let mut z = self.product(1, ("u", &u), "across", cpu)?;
            v.take_off(&mut z, &y, &u);
            let z = u.turned(z);
            for (name, parts) in [("left", [&v.values, &z]), ("right", [&y, &u.values])] {
                let to = self.store.get_mut(name)?.values_mut().chunks_exact_mut(2 * WIDTH);
                let from = parts[0].chunks_exact(WIDTH).zip(parts[1].chunks_exact(WIDTH));
                to.zip(from).for_each(|(to, (a, b))| {
                    to[..WIDTH].copy_from_slice(a);
                    to[WIDTH..].copy_from_slice(b);
                });
            }
            self.programs[2].run(cpu, &mut self.store, Key::default())?;
        }
        let a = self.store.get("a")?.values();
        Ok(a.chunks_exact(n).skip(end).flat_map(|row| &row[end..]).copied().collect())
    }

    /// The columns from k on, below row k.
    fn columns(&self, k: usize, wide: usize) -> Result<Vec<Vec<f64>>, ScoreError> {
        let a = self.store.get("a")?.values();
        Ok((k..k + wide).map(|j| a[k * self.n..].iter().skip(j).step_by(self.n).copied().collect()).collect())
    }

    /// The rows from k on, right of a column, with the reflections of the columns taken off.
    fn rows(&self, k: usize, right: usize, v: &Block, y: &[f64]) -> Result<Vec<Vec<f64>>, ScoreError> {
        let a = self.store.get("a")?.values();
        let row = |i: usize| {
            let own = &v.values[i * WIDTH..][..WIDTH];
            let line =
                a[i * self.n + right..(i + 1) * self.n].iter().zip(y[right * WIDTH..].chunks_exact(WIDTH));
            line.map(|(x, y)| x - own.iter().zip(y).map(|(v, y)| v * y).sum::<f64>()).collect()
        };
        Ok((k..right).map(row).collect())
    }

    /// One of the products with a block.
    fn product(
        &mut self,
        which: usize,
        (name, block): (&str, &Block),
        made: &str,
        cpu: &Cpu,
    ) -> Result<Vec<f64>, ScoreError> {
        self.store.get_mut(name)?.values_mut().copy_from_slice(&block.values);
        self.programs[which].run(cpu, &mut self.store, Key::default())?;
        Ok(self.store.get(made)?.values().to_vec())
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
