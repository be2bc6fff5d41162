//! Round numbers along an axis, and how they are written.

/// A tick: where it stands and what is written beside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// At most `max` round values within [low, high], evenly spaced by 1, 2 or 5 times a power of ten.
pub(crate) fn linear(low: f64, high: f64, max: usize) -> Vec<Tick> {
    spaced(low, high, (high - low) / max.max(1) as f64)
}

/// The same for things that are counted: whole numbers only.
pub(crate) fn whole(low: f64, high: f64, max: usize) -> Vec<Tick> {
    spaced(low, high, ((high - low) / max.max(1) as f64).max(1.0))
}

/// Round values that are at least so far apart.
fn spaced(low: f64, high: f64, rough: f64) -> Vec<Tick> {
    if !rough.is_finite() || rough <= 0.0 {
        return vec![Tick { value: low, label: plain(low) }];
    }
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|m| m * power);
    let step = steps.into_iter().find(|s| *s >= rough * 0.999_999).unwrap_or(steps[3]);
    // A thousandth of slack keeps an end that is a round number.
    let first = (low / step - 1e-3).ceil() as i64;
    let last = (high / step + 1e-3).floor() as i64;
    let values: Vec<f64> = (first..=last).map(|k| k as f64 * step).collect();
    let write = writer(&values, step);
    values.iter().map(|value| Tick { value: *value, label: write(*value) }).collect()
}

/// Powers of ten within [low, high], with 2 and 5 between them while there is room.
pub(crate) fn logarithmic(low: f64, high: f64, max: usize) -> Vec<Tick> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let inside = |v: &f64| *v >= low * 0.999 && *v <= high * 1.001;
    let fit = |factors: &[f64], stride: usize| -> Vec<f64> {
        let powers = (first..=last).step_by(stride).map(|k| 10f64.powi(k));
        powers.flat_map(|p| factors.iter().map(move |f| f * p)).filter(inside).collect()
    };
    let candidates = [fit(&[1.0, 2.0, 5.0], 1), fit(&[1.0], 1)];
    let strided = (2..).map(|stride| fit(&[1.0], stride));
    let values = candidates.into_iter().chain(strided).find(|values| values.len() <= max.max(2));
    match values {
        Some(values) if values.len() >= 2 => {
            values.into_iter().map(|value| Tick { value, label: plain(value) }).collect()
        }
        // Less than a third of a decade: round numbers of a linear axis are easier to read.
        _ => linear(low, high, max),
    }
}

/// Writes all labels of one axis in the same way: thousands as "k", millions as "M".
fn writer(values: &[f64], step: f64) -> impl Fn(f64) -> String {
    let largest = values.iter().fold(0f64, |most, v| most.max(v.abs()));
    let (unit, mark) = match step {
        s if s >= 1e6 => (1e6, "M"),
        s if s >= 1e3 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let decimals = (-(step / unit).log10().floor()).clamp(0.0, 4.0) as usize;
    let scientific = largest >= 1e9 || step < 1e-4;
    let digits = (largest.log10().floor() - step.log10().floor()).clamp(0.0, 5.0) as usize;
    move |value| match value {
        v if v.abs() < step / 2.0 => "0".to_owned(),
        v if scientific => format!("{v:.digits$e}"),
        v => format!("{:.decimals$}{mark}", v / unit),
    }
}

/// A number in the fewest digits: 0.05, 200, 1e-6.
fn plain(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e5).contains(&size) {
        return format!("{value:.0e}");
    }
    // Rounding hides the error of binary fractions, as in 0.30000000000000004.
    format!("{}", (value * 1e6).round() / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ticks: Vec<Tick>, expected: &[&str]) {
        let labels: Vec<&str> = ticks.iter().map(|t| t.label.as_str()).collect();
        assert_eq!(labels, expected);
    }

    #[test]
    fn linear_ticks_are_round() {
        check(linear(0.0, 1.0, 5), &["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        check(linear(-2.4, 2.4, 6), &["-2", "-1", "0", "1", "2"]);
        check(linear(0.0, 3000.0, 6), &["0", "500", "1000", "1500", "2000", "2500", "3000"]);
        check(linear(0.0, 100_000.0, 5), &["0", "20k", "40k", "60k", "80k", "100k"]);
        check(linear(0.0, 8.0, 4), &["0", "2", "4", "6", "8"]);
        check(linear(0.0, 4e-6, 2), &["0", "2e-6", "4e-6"]);
        check(linear(3.0, 3.0, 4), &["3"]);
        check(whole(0.0, 3.0, 6), &["0", "1", "2", "3"]);
        check(whole(-0.4, 8.4, 4), &["0", "5"]);
    }

    #[test]
    fn logarithmic_ticks_are_powers_of_ten() {
        check(logarithmic(0.01, 10.0, 6), &["0.01", "0.1", "1", "10"]);
        check(logarithmic(0.1, 1.0, 6), &["0.1", "0.2", "0.5", "1"]);
        check(logarithmic(1e-8, 1.0, 5), &["1e-8", "1e-6", "1e-4", "0.01", "1"]);
        check(logarithmic(2.1, 2.9, 4), &["2.2", "2.4", "2.6", "2.8"]);
    }
}
