//! Fits how sure a verdict may be of itself.

use ganatomy_clinic::ward::{Case, figures};

/// What a fit is drawn to where there are few runs, and how strongly: the mean and the standard deviation of `a` and `b`.
const PRIOR: [(f64, f64); 2] = [(1.0, 1.5), (0.5, 0.5)];

/// `a` and `b` of `1 / (1 + exp(-(a + b ln strength)))` for every verdict, at the most probable place.
pub fn fit(cases: &[Case]) -> Vec<(&'static str, f64, f64)> {
    let given = figures(cases, Clone::clone).given;
    let mut names: Vec<&'static str> = given.iter().map(|(finding, _)| finding.name).collect();
    names.sort_unstable();
    names.dedup();
    let of = |name: &'static str| {
        let own = given.iter().filter(|(finding, _)| finding.name == name);
        let points: Vec<(f64, f64)> = own
            .map(|(finding, right)| (finding.strength.clamp(1.0, 1e3).ln(), f64::from(u8::from(*right))))
            .collect();
        let (a, b) = logistic(&points);
        (name, a, b)
    };
    names.into_iter().map(of).collect()
}

/// Newton's method on the penalised likelihood.
fn logistic(points: &[(f64, f64)]) -> (f64, f64) {
    let [(mean_a, std_a), (mean_b, std_b)] = PRIOR;
    let (mut a, mut b) = (mean_a, mean_b);
    for _ in 0..100 {
        let (mut ga, mut gb) = ((a - mean_a) / std_a.powi(2), (b - mean_b) / std_b.powi(2));
        let (mut haa, mut hab, mut hbb) = (1.0 / std_a.powi(2), 0.0, 1.0 / std_b.powi(2));
        for &(x, y) in points {
            let p = 1.0 / (1.0 + (-(a + b * x)).exp());
            let w = p * (1.0 - p);
            ga += p - y;
            gb += (p - y) * x;
            haa += w;
            hab += w * x;
            hbb += w * x * x;
        }
        let det = haa * hbb - hab * hab;
        a -= (hbb * ga - hab * gb) / det;
        b -= (haa * gb - hab * ga) / det;
    }
    (a, b)
}
