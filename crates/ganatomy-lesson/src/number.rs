//! How numbers are written in texts and tables.

/// Digits of an exponent.
const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// A number with this many significant digits, as people write it: `0.0123`, `1.2×10⁻⁵`, `25,000`, `−3`.
pub fn number(value: f64, digits: usize) -> String {
    let size = value.abs();
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{}", unsigned(size, digits.max(1)))
}

/// A number with this many digits after the point, for columns: `−1.3257`.
pub fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", value.abs());
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !is_zero { format!("−{text}") } else { text }
}

fn unsigned(size: f64, digits: usize) -> String {
    if size.is_nan() || size == 0.0 {
        return if size.is_nan() { "NaN".to_owned() } else { "0".to_owned() };
    }
    if size.is_infinite() {
        return "∞".to_owned();
    }
    if !(1e-4..1e6).contains(&size) {
        let text = format!("{size:.*e}", digits - 1);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let raised = exponent.chars().map(|c| c.to_digit(10).map_or('⁻', |digit| RAISED[digit as usize]));
        return format!("{mantissa}×10{}", raised.collect::<String>());
    }
    let whole = size.fract() == 0.0;
    let decimals = if whole { 0 } else { (digits as i32 - 1 - size.log10().floor() as i32).max(0) };
    grouped(&format!("{size:.*}", decimals as usize))
}

/// Thousands apart from five digits before the point on: `25,000`, but `1500`.
fn grouped(text: &str) -> String {
    let n_before = text.find('.').unwrap_or(text.len());
    if n_before < 5 {
        return text.to_owned();
    }
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i > 0 && i < n_before && (n_before - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, digits: usize, expected: &str) {
        assert_eq!(number(value, digits), expected);
    }

    #[test]
    fn numbers_have_their_digits() {
        check(1.004987562, 7, "1.004988");
        check(0.012345, 3, "0.0123");
        check(8.0, 3, "8");
        check(123.456, 2, "123");
        check(0.0, 3, "0");
        check(1.23e-7, 2, "1.2×10⁻⁷");
        check(-2.5e12, 2, "−2.5×10¹²");
        check(-0.384, 2, "−0.38");
        check(1500.0, 2, "1500");
        check(25_000.0, 2, "25,000");
        check(123_456.75, 7, "123,456.8");
        assert_eq!([fixed(-1.32567, 4), fixed(-0.0004, 2), fixed(2.0, 1)], ["−1.3257", "0.00", "2.0"]);
        check(f64::NAN, 3, "NaN");
        check(f64::INFINITY, 3, "∞");
    }
}
