//! Initial values of parameters, as a function of (seed, name) alone.

use ganatomy_data::keyed::{Keyed, purpose};
use ganatomy_record::{Fields, Range, SpecError};
use ganatomy_tensor::Shape;

/// What a parameter is before training. Fans are counted as `numel / outputs` and `outputs x taps`, where outputs stand on
/// the last axis. A transposed convolution has its inputs there: its fans are those of the convolution that it transposes,
/// `taps x outputs` in and `taps x inputs` out, as in PyTorch, although each of its outputs adds up `taps / stride^2`
/// of its inputs' numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// One value everywhere.
    Constant(f64),
    /// Normal with this standard deviation (Radford et al. 2016 use 0.02).
    Normal(f64),
    /// Uniform on `gain sqrt(6 / (fan_in + fan_out))` (Glorot and Bengio 2010, eq. 16).
    Xavier(f64),
    /// Normal with deviation `gain sqrt(2 / fan_in)` (He et al. 2015, eq. 10).
    He(f64),
    /// Uniform on `gain / sqrt(fan_in)`.
    FanIn(f64),
    /// Orthonormal columns or rows, times the gain (Saxe et al. 2014).
    Orthogonal(f64),
}

impl Init {
    /// Reads `init` and `init_gain`.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>, default: &str) -> Result<Init, SpecError> {
        let names = ["normal", "xavier", "he", "fan-in", "orthogonal"];
        let name = fields.choice("init", "initial weights", default, &names)?;
        let usual = if name == "normal" { 0.02 } else { 1.0 };
        let doc = "standard deviation of normal weights, or factor of the others";
        let gain = fields.number("init_gain", doc, usual, Range::positive())?;
        Ok(match name.as_str() {
            "normal" => Init::Normal(gain),
            "xavier" => Init::Xavier(gain),
            "he" => Init::He(gain),
            "fan-in" => Init::FanIn(gain),
            _ => Init::Orthogonal(gain),
        })
    }

    /// The values of a parameter whose last axis counts its outputs.
    pub fn values(self, shape: &Shape, name: &str, seed: u64) -> Vec<f32> {
        let n = shape.numel();
        let outputs = shape.last().copied().unwrap_or(1).max(1);
        let fan_in = (n / outputs).max(1) as f64;
        let taps: usize = shape.iter().rev().skip(2).product();
        let fan_out = (outputs * taps.max(1)) as f64;
        let mut random = Keyed::new(&[seed, purpose(name)]);
        let mut normal = |std: f64| (0..n).map(|_| (std * f64::from(random.normal())) as f32).collect();
        match self {
            Init::Constant(value) => vec![value as f32; n],
            Init::Normal(std) => normal(std),
            Init::He(gain) => normal(gain * (2.0 / fan_in).sqrt()),
            Init::Xavier(gain) => uniform(&mut random, n, gain * (6.0 / (fan_in + fan_out)).sqrt()),
            Init::FanIn(gain) => uniform(&mut random, n, gain / fan_in.sqrt()),
            Init::Orthogonal(gain) => orthogonal(normal(1.0), n / outputs, outputs, gain),
        }
    }
}

fn uniform(random: &mut Keyed, n: usize, bound: f64) -> Vec<f32> {
    (0..n).map(|_| random.between(-bound as f32, bound as f32)).collect()
}

/// Gram and Schmidt's method on the shorter side of a `rows x columns` matrix.
fn orthogonal(values: Vec<f32>, rows: usize, columns: usize, gain: f64) -> Vec<f32> {
    let by_row = rows <= columns;
    let (count, length) = if by_row { (rows, columns) } else { (columns, rows) };
    let at = |vector: usize, i: usize| if by_row { vector * columns + i } else { i * columns + vector };
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
    for vector in 0..count {
        let mut v: Vec<f64> = (0..length).map(|i| f64::from(values[at(vector, i)])).collect();
        for known in &basis {
            let along: f64 = v.iter().zip(known).map(|(a, b)| a * b).sum();
            v.iter_mut().zip(known).for_each(|(a, b)| *a -= along * b);
        }
        let norm = v.iter().map(|a| a * a).sum::<f64>().sqrt();
        v.iter_mut().for_each(|a| *a /= norm);
        basis.push(v);
    }
    let mut out = values;
    for (vector, v) in basis.iter().enumerate() {
        for (i, &x) in v.iter().enumerate() {
            out[at(vector, i)] = (gain * x) as f32;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(init: Init, shape: &[usize], std: f64) {
        let values = init.values(&Shape::from(shape), "w", 1);
        let mean = values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len() as f64;
        let var = values.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / values.len() as f64;
        assert!((var.sqrt() / std - 1.0).abs() < 0.05, "{init:?}: deviation {} is not {std}", var.sqrt());
    }

    #[test]
    fn deviations_are_those_of_the_papers() {
        check(Init::Normal(0.02), &[100, 100], 0.02);
        check(Init::He(1.0), &[4, 4, 32, 64], (2.0f64 / 512.0).sqrt());
        check(Init::Xavier(1.0), &[200, 100], (2.0f64 / 300.0).sqrt());
        check(Init::FanIn(1.0), &[300, 100], 1.0 / (3.0f64 * 300.0).sqrt());
    }

    #[test]
    fn orthogonal_columns_are_orthonormal() {
        let w = Init::Orthogonal(2.0).values(&Shape::from([12, 5]), "w", 1);
        for a in 0..5 {
            for b in 0..5 {
                let dot: f32 = (0..12).map(|i| w[i * 5 + a] * w[i * 5 + b]).sum();
                let truth = if a == b { 4.0 } else { 0.0 };
                assert!((dot - truth).abs() < 1e-5, "columns {a}, {b}: {dot}");
            }
        }
    }
}
