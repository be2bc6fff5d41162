//! A spec's values with the place each was written at.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeString, DeTable, DeValue};

/// A table: name to node.
pub(crate) type Branch = BTreeMap<String, Node>;

/// Bytes of one of a spec's sources: 0 is the document, n the n-th spec laid over it or `--set`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub source: usize,
    pub start: usize,
    pub end: usize,
}

/// A value, with the place of its key and its own.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub key: Mark,
    pub at: Mark,
    pub value: Value,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Flag(bool),
    Whole(i64),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Table(Branch),
    Date,
}

/// Turns parsed TOML into nodes marked with their `source`, `offset` bytes into it.
#[derive(Clone, Copy)]
pub(crate) struct Planter {
    pub source: usize,
    pub offset: usize,
}

impl Planter {
    pub fn mark(&self, span: Range<usize>) -> Mark {
        Mark { source: self.source, start: span.start + self.offset, end: span.end + self.offset }
    }

    pub fn branch(&self, table: DeTable<'_>) -> Branch {
        table.into_iter().map(|(key, value)| self.entry(key, value)).collect()
    }

    fn entry(&self, key: Spanned<DeString<'_>>, value: Spanned<DeValue<'_>>) -> (String, Node) {
        let mark = self.mark(key.span());
        (key.into_inner().into_owned(), self.node(mark, value))
    }

    pub fn node(&self, key: Mark, value: Spanned<DeValue<'_>>) -> Node {
        let at = self.mark(value.span());
        Node { key, at, value: self.value(value.into_inner()) }
    }

    fn value(&self, value: DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(integer) => whole(&integer),
            // An overflowing literal becomes infinite, which every numeric field refuses.
            DeValue::Float(float) => Value::Number(float.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(flag) => Value::Flag(flag),
            DeValue::Datetime(_) => Value::Date,
            DeValue::Array(items) => {
                Value::List(items.into_iter().map(|item| self.node(self.mark(item.span()), item)).collect())
            }
            DeValue::Table(table) => Value::Table(self.branch(table)),
        }
    }
}

/// TOML integers end at 64 bits with sign; longer ones are numbers, but not whole ones.
fn whole(integer: &DeInteger<'_>) -> Value {
    match i64::from_str_radix(integer.as_str(), integer.radix()) {
        Ok(whole) => Value::Whole(whole),
        Err(_) => Value::Number(integer.as_str().parse().unwrap_or(f64::NAN)),
    }
}
