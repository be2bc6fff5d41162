//! How large a spec may be. Larger texts are refused before they are parsed, which could take minutes or the whole stack.

/// Bytes of a spec's text.
pub(super) const MOST_BYTES: u64 = 1 << 20;
/// Bytes of an assignment.
pub(super) const MOST_ASSIGNED: usize = 1 << 16;
/// Tables within each other.
pub(super) const MOST_TABLES: usize = 32;

/// Why a text is not parsed; nothing where it may be.
pub(super) fn refusal(text: &str) -> Option<String> {
    if text.len() as u64 > MOST_BYTES {
        return Some(too_long(text.len() as u64));
    }
    let line = deep_line(text)?;
    Some(format!("line {line} has a key of more than {MOST_TABLES} tables within each other"))
}

/// What is said of a text that is too long.
pub(super) fn too_long(n_bytes: u64) -> String {
    format!("a spec holds at most {MOST_BYTES} bytes, found {n_bytes}")
}

/// Something given, short enough for a sentence and without control characters.
pub(super) fn shortened(given: &str) -> String {
    const LONGEST: usize = 120;
    let shown = given.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c });
    match given.chars().nth(LONGEST) {
        Some(_) => format!("{}...", shown.take(LONGEST).collect::<String>()),
        None => shown.collect(),
    }
}

/// The first line with a dotted key that goes through too many tables. Dots in strings do not count.
fn deep_line(text: &str) -> Option<usize> {
    let (mut line, mut dots, mut quote, mut escaped) = (1, 0, None, false);
    for c in text.chars() {
        line += usize::from(c == '\n');
        match (quote, c) {
            (Some('"'), '\\') => escaped = !escaped,
            (Some(open), _) if c == open && !escaped => quote = None,
            (Some(_), _) => escaped = false,
            (None, '"' | '\'') => quote = Some(c),
            (None, '.') => dots += 1,
            (None, _) if !(c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '\t')) => dots = 0,
            (None, _) => {}
        }
        if dots >= MOST_TABLES {
            return Some(line);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::RunSpec;
    use super::*;

    fn check(text: &str, expected: Option<usize>) {
        assert_eq!(deep_line(text), expected, "{}", shortened(text));
    }

    #[test]
    fn deep_keys_are_seen_and_nothing_else() {
        let key = vec!["a"; MOST_TABLES].join(".");
        check(&format!("x = 1\n[{key}]\n"), None);
        check(&format!("x = 1\n[{key}.b]\n"), Some(2));
        check(&format!("x = 1\n\n{} = 1\n", vec!["a"; 40].join(" . ")), Some(3));
        check(&format!("x = {{ {key}.b = 1 }}\n"), Some(1));
        check(&format!("path = \"{}\"\n", "../".repeat(40)), None);
        check(&format!("path = \"a\\\"{}\"\nb = '{}'\n", ".".repeat(40), ".".repeat(40)), None);
        check(&format!("hidden = [{}]\n", vec!["0.5"; 100].join(", ")), None);
    }

    #[test]
    fn what_is_too_large_is_refused_in_a_sentence() {
        let refused = |text: &str| RunSpec::parse(text, "big.toml").unwrap_err().to_string();
        let long = format!("# {}\n", "x".repeat(1 << 20));
        assert_eq!(refused(&long), "big.toml: a spec holds at most 1048576 bytes, found 1048579");
        let deep = format!("{}b = 1\n", "a.".repeat(20_000));
        assert_eq!(refused(&deep), "big.toml: line 1 has a key of more than 32 tables within each other");
        let mut spec = RunSpec::parse("", "x").unwrap();
        let set = spec.set(&format!("{}b=1", "a.".repeat(20_000))).unwrap_err().to_string();
        assert!(set.len() < 300 && set.contains("a key goes through at most 32 tables"), "{set}");
        let long = spec.set(&format!("name={}", "x".repeat(70_000))).unwrap_err().to_string();
        assert!(long.len() < 300 && long.ends_with("found 70005"), "{long}");
        let control = spec.set("a\u{1b}[31m\n=1").unwrap_err().to_string();
        assert!(!control.contains(|c: char| c.is_control()), "{control:?}");
        assert!(spec.set(&format!("name={}", "x".repeat(60_000))).is_ok());
    }
}
