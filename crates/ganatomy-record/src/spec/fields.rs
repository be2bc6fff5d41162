//! Reads one table of a spec field by field.

use std::ops::RangeInclusive;

use super::accept::{as_number, as_text, as_whole, counted, listed, one_of, whole};
use super::dropped::{Dropped, KIND};
use super::error::SpecError;
use super::nearest::nearest;
use super::range::Range;
use super::resolved::{FieldDoc, Resolved};
use super::run_spec::RunSpec;
use super::tree::{Branch, Node, Value};

/// A reader of one table. Each call declares a field, checks what was written and records the value in use.
///
/// [`Fields::finish`] refuses every key that no call asked for.
#[derive(Debug)]
pub struct Fields<'a> {
    spec: &'a RunSpec,
    path: String,
    /// Nothing, when the table is not written.
    table: Option<&'a Branch>,
    names: Vec<String>,
    resolved: Resolved,
    /// The source in which the table's kind was written: what texts before it wrote here may be for a kind before.
    kind_at: usize,
}

/// What a field is, apart from its value.
struct Declared<'n> {
    name: &'n str,
    doc: &'n str,
    range: String,
    /// How a message asks for a value: `a number greater than 0`.
    wanted: String,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(spec: &'a RunSpec, path: String, table: Option<&'a Branch>) -> Fields<'a> {
        let kind_at = table.and_then(|table| table.get(KIND)).map_or(0, |kind| kind.at.source);
        Fields { spec, path, table, names: Vec::new(), resolved: Resolved::default(), kind_at }
    }

    /// A finite number that single precision can hold, in which all training is done; an integer is one too.
    ///
    /// # Errors
    /// A value that is not a number or not in `range`.
    pub fn number(&mut self, name: &str, doc: &str, default: f64, range: Range) -> Result<f64, SpecError> {
        let number = self.node(name).and_then(|node| as_number(&node.value));
        let wanted = match number.is_some_and(|x| range.contains(x) && !fits_single(x)) {
            true => format!("zero or a number of size {:e} to {:e}", f32::MIN_POSITIVE, f32::MAX),
            false => range.wanted(),
        };
        let declared = Declared { name, doc, range: range.to_string(), wanted };
        let accept = |x: &f64| range.contains(*x) && fits_single(*x);
        self.read(declared, default, |value| as_number(value).filter(accept))
    }

    /// A whole number of at most 2^63 - 1, the largest that TOML has.
    ///
    /// # Errors
    /// A value that is not a whole number or not in `range`.
    pub fn count(
        &mut self,
        name: &str,
        doc: &str,
        default: u64,
        range: RangeInclusive<u64>,
    ) -> Result<u64, SpecError> {
        let words = counted(&range);
        let wanted = match self.node(name).map(|node| &node.value) {
            // Beyond what TOML counts, "at least 0" would not say what is wrong.
            Some(Value::Text(text)) if text.parse::<u128>().is_ok_and(|n| n > i64::MAX as u128) => {
                format!("a whole number from {} to {}", range.start(), whole(*range.end()))
            }
            _ => format!("a whole number{words}"),
        };
        let declared = Declared { name, doc, range: words.trim_start().to_owned(), wanted };
        let read = |value: &Value| as_whole(value).filter(|n| range.contains(&n.unsigned_abs()));
        self.read(declared, whole(default), read).map(i64::unsigned_abs)
    }

    /// A list of whole numbers.
    ///
    /// # Errors
    /// A value that is not a list of whole numbers, or has a length or a number that is not allowed.
    pub fn counts(
        &mut self,
        name: &str,
        doc: &str,
        default: &[u64],
        len: RangeInclusive<usize>,
        each: RangeInclusive<u64>,
    ) -> Result<Vec<u64>, SpecError> {
        let wanted = listed(&len, &each);
        let declared = Declared { name, doc, range: wanted.clone(), wanted };
        let read = |value: &Value| match value {
            Value::List(items) if len.contains(&items.len()) => items
                .iter()
                .map(|item| as_whole(&item.value).filter(|n| each.contains(&n.unsigned_abs())))
                .collect::<Option<Vec<i64>>>(),
            _ => None,
        };
        let default = default.iter().map(|n| whole(*n)).collect::<Vec<i64>>();
        let values = self.read(declared, default, read)?;
        Ok(values.into_iter().map(i64::unsigned_abs).collect())
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// A value that is neither `true` nor `false`.
    pub fn flag(&mut self, name: &str, doc: &str, default: bool) -> Result<bool, SpecError> {
        let wanted = "true or false".to_owned();
        self.read(Declared { name, doc, range: wanted.clone(), wanted }, default, |value| match value {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        })
    }

    /// Any text.
    ///
    /// # Errors
    /// A value that is not text.
    pub fn text(&mut self, name: &str, doc: &str, default: &str) -> Result<String, SpecError> {
        let (range, wanted) = ("text".to_owned(), "text in quotes".to_owned());
        self.read(Declared { name, doc, range, wanted }, default.to_owned(), as_text)
    }

    /// One of a few names; a mistyped name is answered with the nearest one.
    ///
    /// # Errors
    /// A value that is not one of `allowed`.
    pub fn choice(
        &mut self,
        name: &str,
        doc: &str,
        default: &str,
        allowed: &[&str],
    ) -> Result<String, SpecError> {
        let wanted = one_of(allowed);
        let declared = Declared { name, doc, range: allowed.join(", "), wanted: wanted.clone() };
        let is_outdated = self.node(name).is_some_and(|node| self.is_outdated(name, node));
        let accept = |text: &String| !is_outdated || allowed.contains(&text.as_str());
        let text = self.read(declared, default.to_owned(), |value| as_text(value).filter(accept))?;
        if allowed.contains(&text.as_str()) {
            return Ok(text);
        }
        let meant = nearest(&text, allowed.iter().copied());
        let hint = meant.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
        Err(self.refuse(name, format!("must be {wanted}, found \"{text}\"{hint}")))
    }

    /// A reader of a sub-table, empty when it is not written. Pass its result to [`Fields::resolved`].
    ///
    /// # Errors
    /// A value that is not a table.
    pub fn table(&mut self, name: &str, doc: &str) -> Result<Fields<'a>, SpecError> {
        let path = self.full_name(name);
        self.names.push(name.to_owned());
        let (default, range) = (String::new(), "a table".to_owned());
        self.resolved.fields.push(FieldDoc { name: path.clone(), doc: doc.to_owned(), default, range });
        match self.node(name) {
            None => Ok(Fields::new(self.spec, path, None)),
            Some(Node { value: Value::Table(table), .. }) => Ok(Fields::new(self.spec, path, Some(table))),
            Some(node) if self.is_outdated(name, node) => {
                self.leave_out(name, node);
                Ok(Fields::new(self.spec, path, None))
            }
            Some(node) => Err(self.refuse(name, format!("must be a table, found {}", self.found(node)))),
        }
    }

    /// Leaves a key unread that the kind of another table has no use for: drops it where a text wrote it before that kind was
    /// chosen.
    ///
    /// # Errors
    /// The key was asked for together with that kind, or after it; `why` continues the sentence after its name.
    pub fn unused(&mut self, name: &str, table: &str, why: &str) -> Result<(), SpecError> {
        self.names.push(name.to_owned());
        let Some(node) = self.node(name) else {
            return Ok(());
        };
        let kind = self.spec.find(&format!("{}.{KIND}", self.full_name(table)));
        match kind.is_some_and(|kind| self.spec.is_before(node, kind.at.source)) {
            true => {
                self.leave_out(name, node);
                Ok(())
            }
            false => Err(self.refuse(name, why)),
        }
    }

    /// Allows a key without reading it; it is also suggested for mistyped keys.
    pub fn optional(&mut self, name: &str) {
        self.names.push(name.to_owned());
    }

    /// Adds a sub-table that has been read.
    pub fn resolved(&mut self, name: &str, child: Resolved) {
        self.resolved.table.insert(name.to_owned(), toml::Value::Table(child.table));
        self.resolved.fields.extend(child.fields);
        self.resolved.dropped.extend(child.dropped);
    }

    /// Whether the user wrote this key.
    pub fn has(&self, name: &str) -> bool {
        self.node(name).is_some()
    }

    /// An error located at a key, for checks that need more than one field.
    ///
    /// `why` continues the sentence after the key's name: `must be at most 100, found 128`.
    pub fn refuse(&self, name: &str, why: impl Into<String>) -> SpecError {
        self.spec.refuse(&self.full_name(name), why)
    }

    /// The table with every default filled in; refuses keys that no call asked for, and drops those of a kind before.
    ///
    /// # Errors
    /// A key that no call asked for.
    pub fn finish(mut self) -> Result<Resolved, SpecError> {
        let unasked = self.table.into_iter().flatten().filter(|(key, _)| !self.names.contains(key));
        let (outdated, unknown): (Vec<_>, Vec<_>) =
            unasked.partition(|(key, node)| self.is_outdated(key, node));
        for (key, node) in outdated {
            self.leave_out(key, node);
        }
        // The first one in the text is reported, as people correct a file from the top.
        match unknown.into_iter().min_by(|a, b| a.1.key.cmp(&b.1.key)) {
            Some((key, node)) => Err(self.unknown(key, node)),
            None => Ok(self.resolved),
        }
    }

    fn unknown(&self, key: &str, node: &Node) -> SpecError {
        let mut allowed = self.names.clone();
        allowed.sort();
        SpecError::UnknownKey {
            place: Box::new(self.spec.place(&node.key)),
            key: key.to_owned(),
            table: self.path.clone(),
            nearest: nearest(key, self.names.iter().map(String::as_str)).map(str::to_owned),
            allowed,
        }
    }

    /// Declares a field, and reads it or takes its default.
    fn read<T: Clone + Into<toml::Value>>(
        &mut self,
        declared: Declared<'_>,
        default: T,
        accept: impl Fn(&Value) -> Option<T>,
    ) -> Result<T, SpecError> {
        let Declared { name, doc, range, wanted } = declared;
        let shown = Into::<toml::Value>::into(default.clone()).to_string();
        self.names.push(name.to_owned());
        let full = self.full_name(name);
        self.resolved.fields.push(FieldDoc { name: full, doc: doc.to_owned(), default: shown, range });
        let value = match self.node(name).map(|node| (node, accept(&node.value))) {
            None => default,
            Some((_, Some(value))) => value,
            Some((node, None)) if self.is_outdated(name, node) => {
                self.leave_out(name, node);
                default
            }
            Some((node, None)) => {
                return Err(self.refuse(name, format!("must be {wanted}, found {}", self.found(node))));
            }
        };
        self.resolved.table.insert(name.to_owned(), value.clone().into());
        Ok(value)
    }

    /// Did a text write this before the table got the kind that it has now?
    fn is_outdated(&self, name: &str, node: &Node) -> bool {
        name != KIND && self.spec.is_before(node, self.kind_at)
    }

    fn leave_out(&mut self, name: &str, node: &Node) {
        let value = match &node.value {
            Value::Table(_) => String::new(),
            _ => self.spec.written_line(&node.at),
        };
        self.resolved.dropped.push(Dropped { key: self.full_name(name), value });
    }

    fn node(&self, name: &str) -> Option<&'a Node> {
        self.table.and_then(|table| table.get(name))
    }

    fn full_name(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// What was written, short enough for a sentence.
    fn found(&self, node: &Node) -> String {
        const LONGEST: usize = 60;
        match &node.value {
            Value::Table(_) => "a table".to_owned(),
            // A bare word of an assignment was read as text, and is shown as text.
            Value::Text(text) if text.chars().count() <= LONGEST => format!("{text:?}"),
            _ => {
                let written = self.spec.written(&node.at).split_whitespace().collect::<Vec<_>>().join(" ");
                match written.char_indices().nth(LONGEST) {
                    Some((end, _)) => format!("{}...", &written[..end]),
                    None => written,
                }
            }
        }
    }
}

/// Is a number neither infinite nor lost in single precision?
fn fits_single(x: f64) -> bool {
    x == 0.0 || (f64::from(f32::MIN_POSITIVE)..=f64::from(f32::MAX)).contains(&x.abs())
}
