//! All products of queries and points, tile by tile, and the few distances that these leave in doubt.

use ganatomy_tensor::cpu::Key;
use ganatomy_tensor::{Bound, Cpu, Program, Store, Trace};

use super::{Best, NearestError, in_parts, is_finite, squared};

/// Queries of a tile.
const QUERIES: usize = 1024;
/// Points of a tile, at most.
const POINTS: usize = 4096;
/// Points of a group; only the least score of a group is kept.
const GROUP: usize = 16;

/// Queries this many times farther than the points reach would overflow; they count as not finite.
const TOO_FAR: f64 = 1e30;

/// A search that a compiled program narrows down in single precision.
///
/// With everything moved to the points' mean and scaled so that no point is longer than one, `|q - p|^2 = |q|^2 + 2 s`
/// where the score `s = |p|^2 / 2 - q p` is a matrix product. A program keeps of each tile of scores the least of
/// every [`GROUP`] points. A group whose least score is within rounding of the least so far may hold the nearest
/// point, so its distances are computed again in double precision.
///
/// ```text
///                 points                 groups
///            +------------------+      +--------+
///   queries  |  s = h - Q P^T   |  ->  | minima |  ->  within 2 eps of the row's least so far?
///            +------------------+      +--------+      then |q - p|^2 of the group in double precision
///             one tile at a time
/// ```
pub(super) struct Tiles {
    /// The finite points without repetitions, in order.
    kept: Vec<usize>,
    centre: Vec<f32>,
    scale: f64,
    n_points: usize,
    store: Store<f32>,
    program: Bound<f32>,
}

/// One query during a search.
struct Pursuit {
    best: Best,
    /// The least score so far.
    score: f32,
    /// Scores that differ by no more may belong to equally near points; NaN for a query that has no answer.
    doubt: f32,
}

impl Tiles {
    pub fn new(points: &[f32], dims: usize, cpu: &Cpu) -> Result<Tiles, NearestError> {
        let kept = distinct(points, dims);
        let row = |i: &usize| &points[i * dims..][..dims];
        let mut sums = vec![0.0f64; dims];
        for i in &kept {
            sums.iter_mut().zip(row(i)).for_each(|(sum, x)| *sum += f64::from(*x));
        }
        let centre: Vec<f32> = sums.iter().map(|sum| (sum / kept.len().max(1) as f64) as f32).collect();
        let reach = kept.iter().map(|i| squared(row(i), &centre)).fold(0.0, f64::max).sqrt();
        // A power of two scales without rounding; the exponent keeps it finite.
        let scale = if reach > 0.0 { (-reach.log2().ceil()).clamp(-126.0, 126.0).exp2() } else { 1.0 };
        let n_points = kept.len().next_multiple_of(GROUP).clamp(GROUP, POINTS);
        let mut store = Store::new();
        let program = narrowing(dims, n_points)?;
        for (name, shape) in program.inputs() {
            store.place(name, shape)?;
        }
        let program = program.bind(cpu, &mut store)?;
        Ok(Tiles { kept, centre, scale, n_points, store, program })
    }

    pub fn query(
        &mut self,
        points: &[f32],
        queries: &[f32],
        dims: usize,
        cpu: &Cpu,
    ) -> Result<Vec<Best>, NearestError> {
        let doubt = |query: &[f32]| self.doubt(query);
        let pursuit = |query| Pursuit { best: Best::NONE, score: f32::INFINITY, doubt: doubt(query) };
        let mut all: Vec<Pursuit> = queries.chunks_exact(dims).map(pursuit).collect();
        for tile in 0..self.kept.len().div_ceil(self.n_points) {
            self.load_points(points, dims, tile)?;
            for (part, rows) in all.chunks_mut(QUERIES).zip(queries.chunks(QUERIES * dims)) {
                self.load_queries(rows, dims, cpu)?;
                self.program.run(cpu, &mut self.store, Key::default())?;
                let minima = self.store.get("minima")?.values();
                let start = tile * self.n_points;
                let kept = &self.kept[start..(start + self.n_points).min(self.kept.len())];
                let n_groups = self.n_points / GROUP;
                in_parts(part, cpu.threads(), |start, part| {
                    let rows = rows[start * dims..].chunks_exact(dims);
                    let minima = minima[start * n_groups..].chunks_exact(n_groups);
                    for ((pursuit, query), minima) in part.iter_mut().zip(rows).zip(minima) {
                        pursuit.follow(query, minima, kept, points);
                    }
                });
            }
        }
        Ok(all.into_iter().map(|pursuit| pursuit.best).collect())
    }

    /// Twice what a score may be off by, `eps = c u (1 + |q|)`, u = 2^-24.
    ///
    /// A product of d terms is off by at most d u |q| |p|; beyond 64 terms, 8 sqrt(d) u |q| |p| is exceeded with a
    /// probability below 1e-13 (Higham and Mary 2019, theorem 2.4). Moving, halving and adding are six roundings more.
    fn doubt(&self, query: &[f32]) -> f32 {
        let dims = query.len() as f64;
        let roundings = dims.min(8.0 * dims.sqrt()) + 6.0;
        let length = squared(query, &self.centre).sqrt() * self.scale;
        let doubt = (2.0 * roundings * (1.0 + length) / f64::from(1u32 << 24)) as f32;
        if length < TOO_FAR { doubt } else { f32::NAN }
    }

    /// Puts one tile of points in place; those beyond the last have an infinite score.
    fn load_points(&mut self, points: &[f32], dims: usize, tile: usize) -> Result<(), NearestError> {
        let kept = &self.kept[tile * self.n_points..];
        let mut halves = vec![f32::INFINITY; self.n_points];
        let to = self.store.get_mut("points")?.values_mut();
        to.fill(0.0);
        for ((row, half), i) in to.chunks_exact_mut(dims).zip(&mut halves).zip(kept) {
            move_to(row, &points[i * dims..][..dims], &self.centre, self.scale);
            *half = (0.5 * row.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>()) as f32;
        }
        self.store.get_mut("halves")?.values_mut().copy_from_slice(&halves);
        Ok(())
    }

    /// Puts one tile of queries in place; what is beyond the last is never looked at.
    fn load_queries(&mut self, rows: &[f32], dims: usize, cpu: &Cpu) -> Result<(), NearestError> {
        let to = &mut self.store.get_mut("queries")?.values_mut()[..rows.len()];
        let mut to: Vec<&mut [f32]> = to.chunks_exact_mut(dims).collect();
        let (centre, scale) = (&self.centre, self.scale);
        in_parts(&mut to, cpu.threads(), |start, part| {
            for (to, from) in part.iter_mut().zip(rows[start * dims..].chunks_exact(dims)) {
                move_to(to, from, centre, scale);
            }
        });
        Ok(())
    }
}

impl Pursuit {
    /// Looks closer at the groups of one tile that may hold a nearer point.
    fn follow(&mut self, query: &[f32], minima: &[f32], kept: &[usize], points: &[f32]) {
        let least = least(minima);
        self.score = self.score.min(least);
        let limit = self.score + self.doubt;
        // If the limit is NaN, no group passes the comparison below.
        if least > limit {
            return;
        }
        for (group, _) in minima.iter().enumerate().filter(|(_, score)| **score <= limit) {
            for &i in kept.iter().skip(group).step_by(minima.len()) {
                self.best.offer(squared(query, &points[i * query.len()..][..query.len()]), i);
            }
        }
    }
}

/// The program that keeps of a tile of scores the least of every group: of points g, g + n, g + 2 n, ..
///
/// # Shapes
/// - queries: `[QUERIES, dims]`, points: `[n_points, dims]`, halves: `[n_points]`
/// - minima: `[QUERIES, n]`, `n = n_points / GROUP`
fn narrowing(dims: usize, n_points: usize) -> Result<Program, NearestError> {
    let trace = Trace::new();
    let queries = trace.input("queries", [QUERIES, dims]);
    let points = trace.input("points", [n_points, dims]);
    let halves = trace.input("halves", [n_points]).reshape([1, n_points]).broadcast([QUERIES, n_points]);
    let scores = halves - queries.product(&points, false, true);
    let minima = scores.reshape([QUERIES, GROUP, n_points / GROUP]).min(&[1]);
    Ok(Program::compile(&trace, &[("minima", &minima)])?)
}

/// The least value, found in lanes, so that no comparison waits for the one before.
fn least(values: &[f32]) -> f32 {
    let (chunks, rest) = values.as_chunks::<16>();
    let mut lanes = [f32::INFINITY; 16];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, x)| *lane = if x < lane { *x } else { *lane });
    }
    lanes.iter().chain(rest).copied().fold(f32::INFINITY, f32::min)
}

/// `(from - centre) scale`.
fn move_to(to: &mut [f32], from: &[f32], centre: &[f32], scale: f64) {
    let scale = scale as f32;
    to.iter_mut().zip(from).zip(centre).for_each(|((to, x), c)| *to = (x - c) * scale);
}

/// The finite points, each once: if many were equal, all their distances would have to be computed again.
fn distinct(points: &[f32], dims: usize) -> Vec<usize> {
    let row = |i: usize| &points[i * dims..][..dims];
    let bits = |i: usize| row(i).iter().map(|x| x.to_bits());
    let mut kept: Vec<usize> = (0..points.len() / dims).filter(|&i| is_finite(row(i))).collect();
    kept.sort_unstable_by(|&a, &b| bits(a).cmp(bits(b)).then(a.cmp(&b)));
    kept.dedup_by(|b, a| bits(*a).eq(bits(*b)));
    kept.sort_unstable();
    kept
}
