//! A table with every default filled in, and what its fields mean.

use super::dropped::Dropped;

/// One field as its reader declared it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDoc {
    /// Dotted name from the root of the table that was read, such as `generator.update.lr`.
    pub name: String,
    /// One line.
    pub doc: String,
    /// The value it has when nothing is written, as TOML; empty for tables and optional fields.
    pub default: String,
    /// What is allowed, in words.
    pub range: String,
}

/// A table as it will be used: every field present, with the documentation of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resolved {
    /// Name to value, in the order the fields were declared.
    pub table: toml::Table,
    /// What was declared, in the same order, sub-tables included.
    pub fields: Vec<FieldDoc>,
    /// What was left out, because it was written for a kind before.
    pub dropped: Vec<Dropped>,
}

impl Resolved {
    /// The table as the text of a TOML file.
    pub fn to_toml(&self) -> String {
        // A table of plain values always prints: `Display` needs no fallible serialiser.
        self.table.to_string()
    }
}
