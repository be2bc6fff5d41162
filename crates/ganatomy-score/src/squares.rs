//! All squared distances between two sets, one tile at a time, in single precision with a bound on what they are off by.

use ganatomy_game::nearest::{in_parts, squared};
use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Trace};

use crate::error::ScoreError;
use crate::rows::Rows;

/// Queries of a tile.
const QUERIES: usize = 1024;
/// Points of a tile.
const POINTS: usize = 2048;

/// Squared distances of queries to points.
///
/// Both sets are moved to the points' mean and scaled by a power of two so that no row is longer than one; then
/// `|q - p|^2 = |q|^2 + |p|^2 - 2 q p` is a matrix product of single precision, off by at most [`Space::doubt`]. Whoever needs
/// to know better computes the few that are in doubt with [`Space::exact`].
pub(crate) struct Squares<'a> {
    /// What the distances are of.
    pub space: Space<'a>,
    tile: [usize; 2],
    store: Store<f32>,
    program: Bound<f32>,
}

/// Queries and points, moved and scaled.
pub(crate) struct Space<'a> {
    queries: Rows<'a>,
    points: Rows<'a>,
    centre: Vec<f64>,
    scale: f64,
    /// What a distance may be off by, in the scale of the tiles.
    pub doubt: f32,
}

/// The distances of one query to some points.
pub(crate) struct Line<'a> {
    /// The query.
    pub query: usize,
    /// The first of the points.
    pub start: usize,
    /// Squared distances, in the scale of the tiles.
    pub squares: &'a [f32],
}

impl<'a> Squares<'a> {
    pub fn new(queries: Rows<'a>, points: Rows<'a>, cpu: &Cpu) -> Result<Squares<'a>, ScoreError> {
        points.check_like("generated", &queries)?;
        let dims = points.dims();
        let mut centre = vec![0.0; dims];
        for row in points.iter() {
            centre.iter_mut().zip(row).for_each(|(sum, x)| *sum += f64::from(*x));
        }
        centre.iter_mut().for_each(|x| *x /= points.len().max(1) as f64);
        let length =
            |row: &[f32]| row.iter().zip(&centre).map(|(x, c)| (f64::from(*x) - c).powi(2)).sum::<f64>();
        let reach = queries.iter().chain(points.iter()).map(length).fold(0.0, f64::max).sqrt();
        let scale = if reach > 0.0 { (-reach.log2().ceil()).exp2() } else { 1.0 };
        let tile = [queries.len().clamp(1, QUERIES), points.len().clamp(1, POINTS)];
        let mut store = Store::new();
        let program = program(tile, dims)?;
        for (name, shape) in program.inputs() {
            store.place(name, shape)?;
        }
        let program = program.bind(cpu, &mut store)?;
        Ok(Squares {
            space: Space { queries, points, centre, scale, doubt: doubt(dims) },
            tile,
            store,
            program,
        })
    }

    /// Shows every query's state all distances of it, one stretch of points after another.
    pub fn sweep<T: Send>(
        &mut self,
        cpu: &Cpu,
        states: &mut [T],
        visit: impl Fn(&Space<'_>, &mut T, Line<'_>) + Sync,
    ) -> Result<(), ScoreError> {
        let [tall, wide] = self.tile;
        for start in (0..self.space.points.len()).step_by(wide) {
            let n = wide.min(self.space.points.len() - start);
            self.load("points", "point_lengths", self.space.points, start..start + n, cpu)?;
            for (block, states) in states.chunks_mut(tall).enumerate() {
                let first = block * tall;
                self.load("queries", "query_lengths", self.space.queries, first..first + states.len(), cpu)?;
                self.program.run(cpu, &mut self.store, Key::default())?;
                let squares = self.store.get("squares")?.values();
                let shown = &self.space;
                in_parts(states, cpu.threads(), |part, states| {
                    for (i, state) in states.iter_mut().enumerate() {
                        let squares = &squares[(part + i) * wide..][..n];
                        visit(shown, state, Line { query: first + part + i, start, squares });
                    }
                });
            }
        }
        Ok(())
    }

    /// Puts rows and their squared lengths in place; what is beyond the last is never looked at.
    fn load(
        &mut self,
        rows: &str,
        lengths: &str,
        from: Rows<'_>,
        which: std::ops::Range<usize>,
        cpu: &Cpu,
    ) -> Result<(), ScoreError> {
        let (centre, scale) = (&self.space.centre, self.space.scale);
        let mut squares = vec![0.0f32; which.len()];
        let to = self.store.get_mut(rows)?.values_mut();
        let mut lines: Vec<(&mut [f32], &mut f32)> =
            to.chunks_exact_mut(from.dims()).zip(&mut squares).collect();
        in_parts(&mut lines, cpu.threads(), |part, lines| {
            for (i, (to, square)) in lines.iter_mut().enumerate() {
                let row = from.row(which.start + part + i);
                let moved = row.iter().zip(centre).map(|(x, c)| ((f64::from(*x) - c) * scale) as f32);
                to.iter_mut().zip(moved).for_each(|(to, x)| *to = x);
                **square = to.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() as f32;
            }
        });
        self.store.get_mut(lengths)?.values_mut()[..squares.len()].copy_from_slice(&squares);
        Ok(())
    }
}

impl Space<'_> {
    /// The squared distance of a query and a point in double precision.
    pub fn exact(&self, query: usize, point: usize) -> f64 {
        squared(self.queries.row(query), self.points.row(point))
    }

    /// What distances are multiplied by.
    pub fn unit(&self) -> f64 {
        self.scale
    }

    /// A squared distance in the scale of the tiles.
    pub fn scaled(&self, squared: f64) -> f32 {
        (squared * self.scale * self.scale) as f32
    }
}

/// What a squared distance of rows no longer than one may be off by.
///
/// A product of d terms is off by at most d u; beyond 64 terms, 8 sqrt(d) u is exceeded with a probability below 1e-13 (Higham
/// and Mary 2019, theorem 2.4). It counts twice; moving, adding and the lengths are at most 24 roundings more, u = 2^-24.
fn doubt(dims: usize) -> f32 {
    let dims = dims as f64;
    ((2.0 * dims.min(8.0 * dims.sqrt()) + 24.0) / f64::from(1u32 << 24)) as f32
}

fn program([tall, wide]: [usize; 2], dims: usize) -> Result<Program, ScoreError> {
    let trace = Trace::new();
    let queries = trace.input("queries", [tall, dims]);
    let points = trace.input("points", [wide, dims]);
    let of_queries = trace.input("query_lengths", [tall]).reshape([tall, 1]).broadcast([tall, wide]);
    let of_points = trace.input("point_lengths", [wide]).reshape([1, wide]).broadcast([tall, wide]);
    let squares = of_queries + of_points - queries.product(&points, false, true) * 2.0;
    Ok(Program::compile(&trace, &[("squares", &squares)])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::made;

    #[test]
    fn distances_are_off_by_no_more_than_their_doubt() {
        let (a, b) = (made(1, 1100, 33), made(2, 2100, 33));
        let far: Vec<f32> = a.iter().map(|x| x * 3.0 + 100.0).collect();
        let (queries, points) = (Rows::new(&far, 33).unwrap(), Rows::new(&b, 33).unwrap());
        let cpu = Cpu::new(2);
        let mut all = Squares::new(queries, points, &cpu).unwrap();
        let mut worst = vec![(0.0f32, 0); 1100];
        let see = |all: &Space<'_>, (worst, n): &mut (f32, usize), line: Line<'_>| {
            for (j, square) in line.squares.iter().enumerate() {
                *worst = worst.max((square - all.scaled(all.exact(line.query, line.start + j))).abs());
                *n += 1;
            }
        };
        all.sweep(&cpu, &mut worst, see).unwrap();
        assert!(
            worst.iter().all(|(off, n)| *n == 2100 && *off > 0.0 && *off < all.space.doubt),
            "{:?}",
            worst[0]
        );
    }
}
