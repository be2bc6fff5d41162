//! The exponential moving average of the generator.

use ganatomy_tensor::Tensor;

use crate::network::Values;

/// The average's name for a generator's tensor.
pub fn name(of: &str) -> String {
    format!("ema.{of}")
}

/// `a <- d a + (1 - d) p` with `d = min(decay, (1 + step) / (10 + step))`, for every tensor of the
/// generator: averaged iterates settle where the last one circles (Yazici et al. 2019).
///
/// The smaller decay of the first steps keeps the random start out of the average.
pub fn step(values: &Values, steps_done: &Tensor, decay: f64) -> Values {
    let trace = steps_done.trace();
    let young = (steps_done + 1.0) / (steps_done + 10.0);
    let keep = young.minimum(&trace.full([], decay));
    let average = |(of, p): (&String, &Tensor)| {
        let old = trace.input(&name(of), p.shape());
        // Written as a step towards p, which is exact where the two are equal.
        let new = p + &keep * (old - p);
        (name(of), new)
    };
    values.iter().map(average).collect()
}
