//! Two Gaussians of variance one, `p = N(0, 1)` and `q = N(mu, 1)`, by quadrature.

use std::f64::consts::{LN_2, PI};

/// Points of the trapezoidal rule: errors of smooth, decaying integrands are far below what is shown.
const N: usize = 4001;

/// The density of a Gaussian.
pub fn normal(x: f64, mean: f64, std: f64) -> f64 {
    let z = (x - mean) / std;
    (-0.5 * z * z).exp() / (std * (2.0 * PI).sqrt())
}

/// `log(1 + e^t)` without overflow.
pub fn softplus(t: f64) -> f64 {
    t.max(0.0) + (-t.abs()).exp().ln_1p()
}

/// `1 / (1 + e^-t)` without overflow.
pub fn sigmoid(t: f64) -> f64 {
    if t >= 0.0 { 1.0 / (1.0 + (-t).exp()) } else { t.exp() / (1.0 + t.exp()) }
}

/// Trapezoidal rule.
pub fn integral(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let h = (high - low) / (N - 1) as f64;
    let inner: f64 = (1..N - 1).map(|i| f(low + h * i as f64)).sum();
    h * (inner + 0.5 * (f(low) + f(high)))
}

/// The divergences at one distance, and their gradients by it.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// The distance between the means.
    pub mu: f64,
    /// `KL(p|q)`, which is `KL(q|p)` too.
    pub kl: f64,
    /// The Jensen-Shannon divergence.
    pub js: f64,
    /// `log 2 - JS`, computed as such: the difference itself would be lost to rounding.
    pub below_log_2: f64,
    /// The Wasserstein distance, from quantiles.
    pub w: f64,
    /// `d(2 JS)/dmu = E_q[mu D*]`.
    pub minimax: f64,
    /// `d(KL(q|p) - 2 JS)/dmu = E_q[mu (1 - D*)]`.
    pub non_saturating: f64,
}

impl At {
    /// Everything at one distance.
    pub fn of(mu: f64) -> At {
        let (low, high) = (-14.0, mu + 14.0);
        // The optimal discriminator is the sigmoid of -s.
        let s = |x: f64| -best_logit(mu, x);
        let under = |f: &dyn Fn(f64) -> f64, mean: f64| integral(low, high, |x| normal(x, mean, 1.0) * f(x));
        let kl = under(&|x| -s(x), 0.0);
        let below_log_2 = 0.5 * under(&|x| softplus(s(x)), 0.0) + 0.5 * under(&|x| softplus(-s(x)), mu);
        let minimax = mu * under(&|x| sigmoid(-s(x)), mu);
        let non_saturating = mu * under(&|x| sigmoid(s(x)), mu);
        At { mu, kl, js: LN_2 - below_log_2, below_log_2, w: wasserstein(mu), minimax, non_saturating }
    }
}

/// The logit of the optimal discriminator `p / (p + q)`: a straight line.
pub fn best_logit(mu: f64, x: f64) -> f64 {
    mu * mu / 2.0 - mu * x
}

/// The Jensen-Shannon divergence at a distance.
pub fn js_of(mu: f64) -> f64 {
    At::of(mu).js
}

/// `W = integral |F_p - F_q| dx` over the two distribution functions.
fn wasserstein(mu: f64) -> f64 {
    let (low, high) = (-10.0, mu + 10.0);
    let h = (high - low) / (N - 1) as f64;
    let (mut below_p, mut below_q, mut sum) = (0.0, 0.0, 0.0);
    for i in 1..N {
        let (a, b) = (low + h * (i - 1) as f64, low + h * i as f64);
        let before = below_p - below_q;
        below_p += 0.5 * h * (normal(a, 0.0, 1.0) + normal(b, 0.0, 1.0));
        below_q += 0.5 * h * (normal(a, mu, 1.0) + normal(b, mu, 1.0));
        sum += 0.5 * h * (before.abs() + (below_p - below_q).abs());
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_known_ones() {
        let check = |found: f64, expected: f64, tolerance: f64| {
            assert!((found - expected).abs() <= tolerance * expected, "{found} is not {expected}");
        };
        check(At::of(0.5).js, 0.030311301, 1e-7);
        check(At::of(5.0).js, 0.675942577, 1e-8);
        check(At::of(30.0).below_log_2, 1.15e-50, 5e-3);
        check(At::of(15.0).minimax, 7.49e-13, 2e-3);
        check(At::of(3.0).non_saturating, 2.704136, 1e-6);
        check(At::of(7.0).kl, 24.5, 1e-9);
        check(At::of(7.0).w, 7.0, 1e-7);
    }
}
