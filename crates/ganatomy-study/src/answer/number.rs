//! Numbers as people read them.

/// A number in about four digits.
pub fn told(value: f64) -> String {
    ganatomy_view::told(value, 4)
}

/// A p value: two digits, and none that seem exact below a thousandth.
pub(crate) fn told_p(p: f64) -> String {
    match p {
        p if p < 0.001 => "< 0.001".to_owned(),
        p if p > 0.9995 => "1".to_owned(),
        p => format!("{p:.3}"),
    }
}

/// A share in whole percent, and in tenths where it is small or nearly all.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent > 0.0 && percent < 100.0 && !(9.5..90.5).contains(&percent) {
        return format!("{percent:.1} %");
    }
    format!("{percent:.0} %")
}

/// A whole number with its thousands apart.
pub(crate) fn whole(n: usize) -> String {
    let digits = n.to_string();
    let first = digits.len() % 3;
    let groups =
        digits.as_bytes()[first..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let head = (first > 0).then(|| digits[..first].to_owned());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let values = [7.0, 0.12345, 12.345, 1234.5, 2e7 + 0.5, 1e-5, -0.5];
        let expected = ["7", "0.1235", "12.35", "1234", "2.0e7", "1.0e-5", "-0.5000"];
        assert_eq!(values.map(told), expected);
        assert_eq!([0.00001, 0.0312, 1.0].map(told_p), ["< 0.001", "0.031", "1"]);
        assert_eq!([0.0, 0.03, 0.5, 0.995, 1.0].map(percent), ["0 %", "3.0 %", "50 %", "99.5 %", "100 %"]);
        assert_eq!([0, 999, 1000, 1_234_567].map(whole), ["0", "999", "1,000", "1,234,567"]);
    }
}
