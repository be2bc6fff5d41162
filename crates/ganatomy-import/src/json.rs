//! JSON as programs write it: `NaN` and `Infinity` too, which the standard does not know.

use crate::number;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// `null`, `true`, `false`.
    Nothing,
    /// A number.
    Number(f64),
    /// A string, its escapes resolved.
    Text(Vec<u8>),
    /// A list.
    List(Vec<Value>),
    /// An object, its fields in their order.
    Object(Vec<(Vec<u8>, Value)>),
}

/// No log nests deeper.
const DEEPEST: usize = 64;

/// A whole text that is one value.
pub(crate) fn parse(text: &[u8]) -> Option<Value> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.blanks();
    (reader.at == text.len()).then_some(value)
}

impl Value {
    /// A field of an object.
    pub fn field(&self, name: &str) -> Option<&Value> {
        match self {
            Value::Object(fields) => {
                fields.iter().find(|field| field.0 == name.as_bytes()).map(|field| &field.1)
            }
            _ => None,
        }
    }

    /// A number, or a string that holds one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(text) => number::cell(text)?.value,
            _ => None,
        }
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.at += self.text[self.at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    }

    fn next(&mut self) -> Option<u8> {
        self.blanks();
        self.text.get(self.at).copied()
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_there = self.next() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        match self.next()? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(Value::Text),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut fields = Vec::new();
        if self.takes(b'}') {
            return Some(Value::Object(fields));
        }
        loop {
            self.blanks();
            let name = self.string()?;
            if !self.takes(b':') {
                return None;
            }
            fields.push((name, self.value(depth + 1)?));
            if self.takes(b'}') {
                return Some(Value::Object(fields));
            }
            if !self.takes(b',') {
                return None;
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let mut items = Vec::new();
        if self.takes(b']') {
            return Some(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.takes(b']') {
                return Some(Value::List(items));
            }
            if !self.takes(b',') {
                return None;
            }
        }
    }

    fn word(&mut self) -> Option<Value> {
        let rest = &self.text[self.at..];
        for word in [&b"true"[..], b"false", b"null"] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Some(Value::Nothing);
            }
        }
        let found = number::number(rest).filter(|found| !found.percent)?;
        let first = rest.first()?;
        if !(first.is_ascii_digit() || matches!(first, b'-' | b'N' | b'n' | b'I' | b'i')) {
            return None;
        }
        self.at += found.len;
        Some(found.value.map_or(Value::Nothing, Value::Number))
    }

    fn string(&mut self) -> Option<Vec<u8>> {
        if self.text.get(self.at) != Some(&b'"') {
            return None;
        }
        self.at += 1;
        let mut text = Vec::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = memchr::memchr2(b'"', b'\\', rest)?;
            text.extend(&rest[..plain]);
            self.at += plain + 1;
            if rest[plain] == b'"' {
                return Some(text);
            }
            self.escape(&mut text)?;
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let letter = *self.text.get(self.at)?;
        self.at += 1;
        match letter {
            b'n' => text.push(b'\n'),
            b't' => text.push(b'\t'),
            b'r' => text.push(b'\r'),
            b'b' | b'f' => text.push(b' '),
            b'u' => {
                let digits = self.text.get(self.at..self.at + 4)?;
                self.at += 4;
                let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
                // Halves of rare letters stand for themselves nowhere in a log's names.
                let letter = char::from_u32(code).unwrap_or('\u{fffd}');
                text.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            other => text.push(other),
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_write_is_read() {
        let value =
            parse(br#" {"a": NaN, "b": {"c": [1, -2.5e3]}, "d": "x\"\u00e9\n", "e": null, "f": -Infinity} "#)
                .unwrap();
        assert!(value.field("a").unwrap().number().unwrap().is_nan());
        let list = value.field("b").unwrap().field("c").unwrap();
        assert_eq!(*list, Value::List(vec![Value::Number(1.0), Value::Number(-2500.0)]));
        assert_eq!(*value.field("d").unwrap(), Value::Text("x\"é\n".as_bytes().to_vec()));
        assert_eq!(*value.field("e").unwrap(), Value::Nothing);
        assert_eq!(value.field("f").unwrap().number(), Some(f64::NEG_INFINITY));
        assert_eq!(parse(br#""0.5""#).unwrap().number(), Some(0.5));
    }

    #[test]
    fn what_is_torn_or_none_is_refused() {
        let deep = "[".repeat(1000);
        for text in
            ["", "{", "{\"a\"", "{\"a\":}", "{'a': 1}", "[1,]", "{\"a\":1} x", "\"\\u12", "tensor(1)", &deep]
        {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }
}
