//! Householder reflections, alone and in blocks.

use super::band::WIDTH;

/// `h` of length sqrt(2) so that `(1 - h h^T) x` is zero but for its first number, and that number.
pub(crate) fn reflector(x: &[f64]) -> (Vec<f64>, f64) {
    let largest = x.iter().map(|x| x.abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return (vec![0.0; x.len()], 0.0);
    }
    let mut h: Vec<f64> = x.iter().map(|x| x / largest).collect();
    let length = dot(&h, &h).sqrt();
    let first = -h[0].signum() * length;
    h[0] -= first;
    let scale = 1.0 / (length * (length + (h[0] + first).abs())).sqrt();
    h.iter_mut().for_each(|x| *x *= scale);
    (h, first * largest)
}

/// `(1 - h h^T) x`.
pub(crate) fn reflect(h: &[f64], x: &mut [f64]) {
    let share = dot(h, x);
    x.iter_mut().zip(h).for_each(|(x, h)| *x -= share * h);
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += a * b);
    }
    a_rest.iter().zip(b_rest).fold(sums.iter().sum(), |sum, (a, b)| sum + a * b)
}

/// Some reflections one after the other, `1 - V T V^T` (Schreiber and Van Loan 1989).
pub(crate) struct Block {
    /// `V`, `[length, WIDTH]`; columns that are not used are zero.
    pub values: Vec<f64>,
    /// `T`, upper triangular, `[WIDTH, WIDTH]`.
    pub t: Vec<f64>,
}

impl Block {
    /// Reflects lines so that line i is zero but for its first i + 1 numbers; the lines begin at a place of so many.
    pub fn of(lines: &mut [Vec<f64>], start: usize, length: usize) -> Block {
        let mut values = vec![0.0; length * WIDTH];
        let mut t = vec![0.0; WIDTH * WIDTH];
        let mut known: Vec<Vec<f64>> = Vec::new();
        for i in 0..lines.len() {
            let (line, rest) = (i.min(lines[i].len()), i + 1);
            let (h, x) = reflector(&lines[i][line..]);
            lines[i][line..].fill(0.0);
            lines[i].get_mut(line).into_iter().for_each(|first| *first = x);
            lines[rest..].iter_mut().for_each(|other| reflect(&h, &mut other[line..]));
            h.iter().enumerate().for_each(|(j, h)| values[(start + line + j) * WIDTH + i] = *h);
            let shares: Vec<f64> =
                known.iter().enumerate().map(|(j, v)| dot(&v[line - j.min(line)..], &h)).collect();
            for j in 0..i {
                t[j * WIDTH + i] = -(j..i).map(|l| t[j * WIDTH + l] * shares[l]).sum::<f64>();
            }
            t[i * WIDTH + i] = 1.0;
            known.push(h);
        }
        Block { values, t }
    }
}
