//! One row of a table of methods: what a spec calls it, what it is, and how it is read.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::error::SpecError;
use super::fields::Fields;
use super::resolved::FieldDoc;
use super::run_spec::RunSpec;

/// Reads a method's own fields from its table.
pub type Read<T> = dyn Fn(&mut Fields<'_>) -> Result<Box<T>, SpecError> + Send + Sync;

/// A method that a spec can name.
///
/// The reader may own data and settings that are known only while the program runs.
///
/// ```
/// use ganatomy_record::{Entry, RunSpec};
///
/// let shift = 3;
/// let entry: Entry<u64> = Entry::new("shifted", "a count and a shift", move |fields| {
///     Ok(Box::new(fields.count("n", "a count", 4, 0..=9)? + shift))
/// });
/// assert_eq!(*entry.read(&mut RunSpec::parse("n = 5", "example")?.root())?, 8);
/// # Ok::<(), ganatomy_record::SpecError>(())
/// ```
pub struct Entry<T: ?Sized> {
    name: Cow<'static, str>,
    doc: Cow<'static, str>,
    source: Cow<'static, str>,
    read: Arc<Read<T>>,
}

impl<T: ?Sized> Entry<T> {
    /// A row: its name as a value of `kind`, one line of doc, and the reader.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        doc: impl Into<Cow<'static, str>>,
        read: impl Fn(&mut Fields<'_>) -> Result<Box<T>, SpecError> + Send + Sync + 'static,
    ) -> Self {
        Entry { name: name.into(), doc: doc.into(), source: Cow::Borrowed(""), read: Arc::new(read) }
    }

    /// The row with the text of its source file: the documentation of the first public struct there explains it.
    pub fn explained_by(self, source: impl Into<Cow<'static, str>>) -> Self {
        Entry { source: source.into(), ..self }
    }

    /// Its name as a value of `kind`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line of doc.
    pub fn doc(&self) -> &str {
        &self.doc
    }

    /// Its name, its line of doc, and the text of its source file.
    pub fn texts(&self) -> (Cow<'static, str>, Cow<'static, str>, Cow<'static, str>) {
        (self.name.clone(), self.doc.clone(), self.source.clone())
    }

    /// Reads the method from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(&self, fields: &mut Fields<'_>) -> Result<Box<T>, SpecError> {
        (self.read)(fields)
    }

    /// What can be set in the method's own table.
    pub fn fields(&self) -> Vec<FieldDoc> {
        declared(|fields| self.read(fields))
    }
}

/// The fields that a reader asks for, found by giving it an empty table, which it may refuse.
pub fn declared<T>(read: impl FnOnce(&mut Fields<'_>) -> Result<T, SpecError>) -> Vec<FieldDoc> {
    let resolved = RunSpec::parse("", "nothing").and_then(|nothing| {
        let mut fields = nothing.root();
        // Only the fields it asks for matter here, not its result.
        let _ = read(&mut fields);
        fields.finish()
    });
    resolved.map_or(Vec::new(), |resolved| resolved.fields)
}

/// Reads `kind`, and then the chosen method's own fields.
///
/// # Errors
/// A `kind` that no row has, or what the row's reader refuses.
pub fn choose<T: ?Sized>(
    entries: &[Entry<T>],
    fields: &mut Fields<'_>,
    doc: &str,
    default: &str,
) -> Result<Box<T>, SpecError> {
    let names: Vec<&str> = entries.iter().map(Entry::name).collect();
    let name = fields.choice("kind", doc, default, &names)?;
    match entries.iter().find(|entry| entry.name == name) {
        Some(entry) => entry.read(fields),
        // `choice` has already refused every other name.
        None => Err(fields.refuse("kind", format!("must be one of {}, found \"{name}\"", names.join(", ")))),
    }
}

/// Reads a table that holds one method.
///
/// # Errors
/// As [`choose`], and keys that the method does not have.
pub fn choose_in<T: ?Sized>(
    root: &mut Fields<'_>,
    name: &str,
    doc: &str,
    entries: &[Entry<T>],
    default: &str,
) -> Result<Box<T>, SpecError> {
    let mut fields = root.table(name, doc)?;
    let method = choose(entries, &mut fields, doc, default)?;
    root.resolved(name, fields.finish()?);
    Ok(method)
}

impl<T: ?Sized> Clone for Entry<T> {
    fn clone(&self) -> Self {
        let Entry { name, doc, source, read } = self;
        Entry { name: name.clone(), doc: doc.clone(), source: source.clone(), read: Arc::clone(read) }
    }
}

impl<T: ?Sized> fmt::Debug for Entry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).field("doc", &self.doc).finish_non_exhaustive()
    }
}
