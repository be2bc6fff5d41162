//! Numbers as programs print them.

/// A number at the start of some text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Number {
    /// Its value; nothing where the text says that there is none (`N/A`, `None`).
    pub value: Option<f64>,
    /// The bytes it takes.
    pub len: usize,
    /// Is it followed by `%`?
    pub percent: bool,
}

/// Words that stand where a number would.
const WORDS: [(&[u8], Option<f64>); 14] = [
    (b"-infinity", Some(f64::NEG_INFINITY)),
    (b"+infinity", Some(f64::INFINITY)),
    (b"infinity", Some(f64::INFINITY)),
    (b"-inf", Some(f64::NEG_INFINITY)),
    (b"+inf", Some(f64::INFINITY)),
    (b"inf", Some(f64::INFINITY)),
    (b"-nan", Some(f64::NAN)),
    (b"+nan", Some(f64::NAN)),
    (b"nan", Some(f64::NAN)),
    (b"none", None),
    (b"null", None),
    (b"n/a", None),
    (b"na", None),
    (b"no", None),
];

/// The number that some text begins with.
pub(crate) fn number(text: &[u8]) -> Option<Number> {
    match text.first()? {
        b't' | b'T' => tensor(text),
        _ => scalar(text),
    }
}

/// A number that is printed as such, or a word for one.
fn scalar(text: &[u8]) -> Option<Number> {
    let first = *text.first()?;
    if !(first.is_ascii_digit() || matches!(first, b'.' | b'-' | b'+')) {
        return word(text);
    }
    let len = plain(text);
    if len == 0 {
        return word(text);
    }
    let value = std::str::from_utf8(&text[..len]).ok()?.parse().ok()?;
    let percent = text.get(len) == Some(&b'%');
    Some(Number { value: Some(value), len: len + usize::from(percent), percent })
}

/// A whole cell of a table, or a string, that is a number; quotes and blanks around it do not count.
pub(crate) fn cell(text: &[u8]) -> Option<Number> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"[").and_then(|t| t.strip_suffix(b"]")).unwrap_or(text);
    if text.is_empty() {
        return None;
    }
    number(text).filter(|number| number.len == text.len())
}

/// The bytes of a plain decimal number: `-1.5e-3`.
fn plain(text: &[u8]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let whole = digits(at);
    at += whole;
    let mut some = whole > 0;
    if text.get(at) == Some(&b'.') {
        let part = digits(at + 1);
        if !some && part == 0 {
            return 0;
        }
        some = true;
        at += 1 + part;
    }
    if !some {
        return 0;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'-' | b'+')));
        let power = digits((at + 1 + sign).min(text.len()));
        if power > 0 {
            at += 1 + sign + power;
        }
    }
    at
}

/// `nan`, `inf` and what stands for no number, in any case.
fn word(text: &[u8]) -> Option<Number> {
    let (word, value) = WORDS
        .iter()
        .find(|(word, _)| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)))?;
    let ends = text.get(word.len()).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_');
    ends.then_some(Number { value: *value, len: word.len(), percent: false })
}

/// What PyTorch prints of a tensor: `tensor(10.5290, grad_fn=<...>)`.
fn tensor(text: &[u8]) -> Option<Number> {
    let inside = text.get(7..).filter(|_| text[..7].eq_ignore_ascii_case(b"tensor("))?;
    let skipped = inside.iter().take_while(|b| matches!(b, b'[' | b' ')).count();
    // Of a tensor in a tensor nothing is known, however deep it is.
    let found = scalar(&inside[skipped..])?;
    // Parentheses may be nested: grad_fn=<MeanBackward0>, size=(1,).
    let mut depth = 1;
    for (i, byte) in inside.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(Number { value: found.value, len: 7 + i + 1, percent: false });
        }
    }
    Some(Number { value: found.value, len: text.len(), percent: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, value: Option<f64>, len: usize) {
        let found = number(text.as_bytes()).unwrap();
        assert_eq!((found.len, format!("{:?}", found.value)), (len, format!("{value:?}")), "{text}");
    }

    #[test]
    fn tensors_in_tensors_are_none_however_deep() {
        assert_eq!(number(format!("{}1", "tensor(".repeat(200_000)).as_bytes()), None);
    }

    #[test]
    fn numbers_are_read_as_they_are_printed() {
        check("0.693, x", Some(0.693), 5);
        check("-1e-3]", Some(-0.001), 5);
        check(".5", Some(0.5), 2);
        check("12.", Some(12.0), 3);
        check("1e", Some(1.0), 1);
        check("68.36%]", Some(68.36), 6);
        check("NaN ", Some(f64::NAN), 3);
        check("-Infinity", Some(f64::NEG_INFINITY), 9);
        check("-inf,", Some(f64::NEG_INFINITY), 4);
        check("N/A ada", None, 3);
        check("tensor(10.5290, grad_fn=<MeanBackward0>) G", Some(10.529), 40);
        check("tensor([0.5], device='cuda:0')", Some(0.5), 30);
        check("1e400", Some(f64::INFINITY), 5);
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["", "north", "nano", "information", "-", ".", "loss", "tensor", "tensor(", "e5"] {
            assert_eq!(number(text.as_bytes()), None, "{text}");
        }
        assert_eq!(cell(b" 1.5 ").unwrap().value, Some(1.5));
        assert_eq!(cell(b"1.5 s"), None);
        assert_eq!(cell(b"2020-01-01"), None);
        assert_eq!(cell(b""), None);
    }
}
