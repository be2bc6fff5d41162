//! Numbers, durations, tables and commands as people read them.

use clap::builder::styling::Style;
use ganatomy_view::told;

/// A number in about four digits.
pub(crate) fn number(value: f64) -> String {
    told(value, 4)
}

/// A number in about three digits, for where room is short.
pub(crate) fn brief(value: f64) -> String {
    told(value, 3)
}

/// A whole number with its thousands apart: `60,000`.
pub(crate) fn whole(value: u64) -> String {
    let digits = value.to_string();
    let first = digits.len() % 3;
    let mut text = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        if !text.is_empty() {
            text.push(',');
        }
        text.extend(group.iter().map(|digit| char::from(*digit)));
    }
    text
}

/// A number of things: `1 step`, `3,000 steps`.
pub(crate) fn counted(n: u64, thing: &str) -> String {
    match n {
        1 => format!("1 {thing}"),
        _ => format!("{} {thing}s", whole(n)),
    }
}

/// A duration in its two largest units: `2 min 10 s`.
pub(crate) fn secs(value: f64) -> String {
    if !value.is_finite() || value < 0.0 {
        return "unknown".to_owned();
    }
    if value < 10.0 {
        return format!("{value:.1} s");
    }
    let all = value.round() as u64;
    let (days, hours, minutes, seconds) = (all / 86_400, all / 3600 % 24, all / 60 % 60, all % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {seconds} s"),
        (0, _, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

/// Steps a second.
pub(crate) fn pace(steps: u64, secs: f64) -> String {
    let rate = steps as f64 / secs;
    match rate {
        _ if !rate.is_finite() => "-".to_owned(),
        _ if rate >= 100.0 => format!("{rate:.0}/s"),
        _ => format!("{rate:.1}/s"),
    }
}

/// Rows of cells, each column as wide as its widest cell. Columns from `right` on are aligned right.
pub(crate) fn table(rows: &[Vec<String>], indent: &str, right: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            _ if column >= right => format!("{cell:>width$}"),
            _ => format!("{cell:<width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(&format!("{indent}{}\n", line.trim_end()));
    }
    text
}

/// A whole number as TOML counts, from the command line.
pub(crate) fn whole_number(text: &str) -> Result<u64, String> {
    let number = text.parse::<i64>().ok().and_then(|number| u64::try_from(number).ok());
    number.ok_or_else(|| "must be a whole number of 0 or more".to_owned())
}

/// A whole number that is not zero, from the command line.
pub(crate) fn at_least_one(text: &str) -> Result<u64, String> {
    let number = whole_number(text).ok().filter(|number| *number > 0);
    number.ok_or_else(|| "must be a whole number of 1 or more".to_owned())
}

/// Text in a style.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A command that calls this program as the user called it.
pub(crate) fn command(arguments: &[&str]) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "ganatomy".to_owned());
    let words = std::iter::once(program.as_str()).chain(arguments.iter().copied());
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

/// A word as a shell reads it, with quotes where they are needed.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    match word {
        _ if !word.is_empty() && word.chars().all(plain) => word.to_owned(),
        _ => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_digits() {
        let check = |value: f64, expected: &str| assert_eq!(number(value), expected);
        check(8.0, "8");
        check(0.0, "0");
        check(0.123456, "0.1235");
        check(0.0123456, "0.0123");
        check(0.00345678, "0.0035");
        check(12.3456, "12.35");
        check(-1234.56, "-1235");
        check(1e-7, "1.0e-7");
        check(3.2e8 + 0.5, "3.2e8");
        check(f64::NAN, "NaN");
        check(f64::INFINITY, "inf");
        assert_eq!(brief(0.123456), "0.123");
        assert_eq!(brief(1234.5), "1234");
    }

    #[test]
    fn thousands_stand_apart() {
        let check = |value: u64, expected: &str| assert_eq!(whole(value), expected);
        check(0, "0");
        check(999, "999");
        check(1000, "1,000");
        check(60_000_000, "60,000,000");
    }

    #[test]
    fn durations_have_two_units() {
        let check = |value: f64, expected: &str| assert_eq!(secs(value), expected);
        check(1.25, "1.2 s");
        check(59.4, "59 s");
        check(130.0, "2 min 10 s");
        check(3900.0, "1 h 5 min");
        check(180_000.0, "2 d 2 h");
        check(f64::NAN, "unknown");
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".to_owned(), "10".to_owned()], vec!["long".to_owned(), "5".to_owned()]];
        assert_eq!(table(&rows, "  ", 1), "  a     10\n  long   5\n");
        assert_eq!(table(&rows, "", 2), "a     10\nlong  5\n");
    }

    #[test]
    fn words_survive_a_shell() {
        let check = |word: &str, expected: &str| assert_eq!(quoted(word), expected);
        check("runs/ring-0", "runs/ring-0");
        check("my runs", "'my runs'");
        check("it's", "'it'\\''s'");
        check("", "''");
    }
}
