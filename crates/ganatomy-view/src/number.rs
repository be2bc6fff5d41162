//! Numbers as people read them.

/// A number in about so many digits; a whole one as it is.
///
/// ```
/// use ganatomy_view::told;
/// assert_eq!([told(0.123456, 4), told(12.3456, 3), told(8.0, 3), told(1e-7, 3)], ["0.1235", "12.3", "8", "1.0e-7"]);
/// ```
pub fn told(value: f64, digits: i32) -> String {
    let size = value.abs();
    match size {
        _ if !value.is_finite() => value.to_string(),
        _ if value.fract() == 0.0 && size < 1e9 => format!("{value:.0}"),
        _ if !(1e-3..1e6).contains(&size) => format!("{value:.1e}"),
        _ => {
            let decimals = (digits - 1 - size.log10().floor() as i32).clamp(0, digits) as usize;
            format!("{value:.decimals$}")
        }
    }
}
