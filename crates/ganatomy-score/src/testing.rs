//! Data sets and made numbers for tests.

use ganatomy_data::{DataContext, Dataset, Silent, data_sets, read};
use ganatomy_record::RunSpec;

/// Builds a set that needs no files.
pub(crate) fn build(kind: &str, options: &str) -> Box<dyn Dataset> {
    let spec = RunSpec::parse(&format!("kind = \"{kind}\"\n{options}"), "test").unwrap();
    let context =
        DataContext { data_dir: None, cache_dir: "/nonexistent".into(), threads: 1, progress: &Silent };
    read(&data_sets(), &mut spec.root()).unwrap().build(&context).unwrap()
}

/// `[n, dims]` sums of three uniform numbers of 20 bits each, so that every language makes the same; in NumPy:
///
/// ```text
/// u = numpy.uint64
/// z = numpy.arange(1, n * dims + 1, dtype=u) * u(0x9E3779B97F4A7C15) + u(seed) * u(0xD1342543DE82EF95)
/// z = (z ^ (z >> u(30))) * u(0xBF58476D1CE4E5B9); z = (z ^ (z >> u(27))) * u(0x94D049BB133111EB); z ^= z >> u(31)
/// s = (z & u(0xFFFFF)) + ((z >> u(20)) & u(0xFFFFF)) + ((z >> u(40)) & u(0xFFFFF))
/// made = (s / 2**20 - 1.5).astype(numpy.float32).reshape(n, dims)
/// ```
pub(crate) fn made(seed: u64, n: usize, dims: usize) -> Vec<f32> {
    let number = |i: u64| {
        let mut z =
            i.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(seed.wrapping_mul(0xd134_2543_de82_ef95));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        let sum = [0, 20, 40].map(|shift| (z >> shift) & 0xf_ffff).iter().sum::<u64>();
        (sum as f64 / f64::from(1 << 20) - 1.5) as f32
    };
    (1..=(n * dims) as u64).map(number).collect()
}

/// The same, of a wider law about another mean: what the references' numbers were made of.
pub(crate) fn moved(seed: u64, n: usize, dims: usize) -> Vec<f32> {
    made(seed, n, dims).into_iter().map(|x| x * 1.25 + 0.125).collect()
}

/// Names, numbers and directions of a score of `made(1, n, dims)` against `moved(2, m, dims)`.
pub(crate) fn scored(
    score: &dyn crate::Score,
    [n, m, dims]: [usize; 3],
) -> Vec<(&'static str, f64, ganatomy_record::Direction)> {
    let (a, b) = (made(1, n, dims), moved(2, m, dims));
    let rows = |x| crate::Rows::new(x, dims).unwrap();
    let sides = crate::Sides::new(rows(&a), rows(&b)).unwrap();
    let found = score.score(&sides, &ganatomy_tensor::Cpu::new(1)).unwrap();
    found.into_iter().map(|value| (value.name, value.value, value.direction)).collect()
}
