//! Exactly what the user asked for: a TOML text and the assignments made over it.

use std::path::Path;

use toml::de::{DeTable, DeValue};
use toml_edit::{DocumentMut, Item};

use super::bounds::{MOST_ASSIGNED, MOST_BYTES, MOST_TABLES, refusal, shortened, too_long};
use super::dropped::{Dropped, KIND};
use super::error::{Place, SpecError};
use super::fields::Fields;
use super::overlay;
use super::tree::{Branch, Mark, Node, Planter, Value};

/// A parsed spec that remembers where each value was written. It holds nothing the user did not write.
///
/// ```
/// use ganatomy_record::{Range, RunSpec};
/// let mut spec = RunSpec::parse("seed = 7\n", "recipe.toml")?;
/// spec.set("update.lr=1e-3")?;
/// let mut root = spec.root();
/// assert_eq!(root.count("seed", "Every random number follows from it.", 0, 0..=u64::MAX)?, 7);
/// let mut update = root.table("update", "How parameters move.")?;
/// assert_eq!(update.number("lr", "Step length.", 2e-4, Range::positive())?, 1e-3);
/// root.resolved("update", update.finish()?);
/// assert_eq!(root.finish()?.to_toml(), "seed = 7\n\n[update]\nlr = 0.001\n");
/// # Ok::<(), ganatomy_record::SpecError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RunSpec {
    /// The document, then every spec laid over it and every assignment.
    sources: Vec<Source>,
    pub(super) root: Branch,
    pub(super) document: DocumentMut,
    /// What was written for another kind, or stood in a table that was replaced whole.
    pub(super) dropped: Vec<Dropped>,
}

/// A text that values were written in.
#[derive(Clone, Debug)]
struct Source {
    /// What messages call it.
    origin: String,
    text: String,
    /// Whether messages show a line. An assignment is short, and stands in the message anyway.
    has_lines: bool,
}

impl RunSpec {
    /// Parses TOML. Messages call it `origin`: a path, or a name such as `recipe ring`.
    ///
    /// # Errors
    /// A text that is not TOML.
    pub fn parse(source: &str, origin: &str) -> Result<RunSpec, SpecError> {
        // Some editors start a file with a byte order mark, which is not TOML.
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        if let Some(why) = refusal(source) {
            return Err(SpecError::Bounds { origin: origin.to_owned(), why });
        }
        let syntax = |message: &str, span: Option<std::ops::Range<usize>>| SpecError::Syntax {
            place: Box::new(Place::of(origin, source, span.unwrap_or(0..0))),
            message: one_line(message),
        };
        let table = DeTable::parse(source).map_err(|e| syntax(e.message(), e.span()))?;
        let document: DocumentMut =
            source.parse().map_err(|e: toml_edit::TomlError| syntax(e.message(), e.span()))?;
        let root = Planter { source: 0, offset: 0 }.branch(table.into_inner());
        let source = Source { origin: origin.to_owned(), text: source.to_owned(), has_lines: true };
        Ok(RunSpec { sources: vec![source], root, document, dropped: Vec::new() })
    }

    /// Reads and parses a file.
    ///
    /// # Errors
    /// A file that cannot be read, is too large, or is not TOML.
    pub fn read(path: &Path) -> Result<RunSpec, SpecError> {
        let failed = |cause| SpecError::Read { path: path.to_owned(), cause };
        let metadata = std::fs::metadata(path).map_err(failed)?;
        let refused = |why| SpecError::Bounds { origin: path.display().to_string(), why };
        if metadata.len() > MOST_BYTES {
            return Err(refused(too_long(metadata.len())));
        }
        if !metadata.is_file() && !metadata.is_dir() {
            return Err(refused("a spec is read from a regular file, and this is none".to_owned()));
        }
        let source = std::fs::read_to_string(path).map_err(failed)?;
        RunSpec::parse(&source, &path.display().to_string())
    }

    /// Applies one `--set key.path=value`, creating the tables on the way.
    ///
    /// The value is TOML. A value that is not, such as `fast` or `/data/faces`, is taken as text. Where it changes the `kind` of
    /// a table, what a text wrote there for the kind before is left out when the spec is read: see [`Dropped`].
    ///
    /// # Errors
    /// An assignment that is not `key=value`, or that goes through a value as if it were a table.
    pub fn set(&mut self, assignment: &str) -> Result<(), SpecError> {
        self.set_as(&format!("--set {assignment}"), assignment)
    }

    /// The same for an assignment that messages call by another name, such as `--scheme unrolled,k=3`.
    ///
    /// # Errors
    /// As [`RunSpec::set`].
    pub fn set_as(&mut self, origin: &str, assignment: &str) -> Result<(), SpecError> {
        let origin = &shortened(origin);
        let refuse = |why: String| SpecError::Assignment { origin: origin.clone(), why };
        if assignment.len() > MOST_ASSIGNED {
            return Err(refuse(format!(
                "it holds at most {MOST_ASSIGNED} bytes, found {}",
                assignment.len()
            )));
        }
        let Some((path, text)) = assignment.split_once('=') else {
            return Err(refuse("it must be written key=value".to_owned()));
        };
        let names: Vec<&str> = path.trim().split('.').map(str::trim).collect();
        if names.len() > MOST_TABLES {
            return Err(refuse(format!(
                "a key goes through at most {MOST_TABLES} tables, found {}",
                names.len()
            )));
        }
        if let Some(name) = names.iter().find(|name| !is_bare_key(name)) {
            return Err(refuse(format!(
                "a key is made of letters, digits, \"-\" and \"_\", with dots between tables, found \"{}\"",
                shortened(name)
            )));
        }
        let planter = Planter { source: self.sources.len(), offset: path.len() + 1 };
        let (node, item) = assigned(text, planter).map_err(refuse)?;
        if let (Value::Table(new), Some(Value::Table(old))) =
            (&node.value, self.find(&names.join(".")).map(|node| node.value.clone()))
        {
            self.note_replaced(&names.join("."), &old, new);
        }
        plant(&mut self.root, &names, node).map_err(refuse)?;
        write(self.document.as_item_mut(), &names, item).map_err(refuse)?;
        let (origin, text) = (origin.clone(), assignment.to_owned());
        self.sources.push(Source { origin, text, has_lines: false });
        Ok(())
    }

    /// Lays another spec over this one: its values replace the ones here.
    ///
    /// A table in which it writes `kind` is replaced as a whole, since other keys there may belong to the old kind.
    ///
    /// ```
    /// # use ganatomy_record::RunSpec;
    /// let mut spec = RunSpec::parse("seed = 7\nupdate = { kind = \"adam\", beta1 = 0.5 }\n", "recipe")?;
    /// spec.lay_over(&RunSpec::parse("update = { kind = \"rmsprop\", lr = 5e-5 }\n", "method")?);
    /// assert_eq!(spec.source(), "seed = 7\nupdate = { kind = \"rmsprop\", lr = 5e-5 }\n");
    /// # Ok::<(), ganatomy_record::SpecError>(())
    /// ```
    pub fn lay_over(&mut self, over: &RunSpec) {
        let below = self.root.clone();
        for (path, below, over) in overlay::replaced("", &below, &over.root) {
            self.note_replaced(&path, below, over);
        }
        overlay::tree(&mut self.root, &over.root, self.sources.len());
        overlay::document(self.document.as_table_mut(), over.document.as_table());
        self.sources.extend(over.sources.iter().cloned());
    }

    /// Keeps only these top-level keys.
    pub fn keep(&mut self, names: &[&str]) {
        self.root.retain(|name, _| names.contains(&name.as_str()));
        self.document.retain(|name, _| names.contains(&name));
    }

    /// The spec as TOML text, comments kept, assignments applied.
    pub fn source(&self) -> String {
        self.document.to_string()
    }

    /// What messages call the document.
    pub fn origin(&self) -> &str {
        self.sources.first().map_or("", |source| &source.origin)
    }

    /// A reader of the top-level table.
    pub fn root(&self) -> Fields<'_> {
        Fields::new(self, String::new(), Some(&self.root))
    }

    /// An error located at a dotted key, or at the spec as a whole when the key is not written.
    ///
    /// `why` continues the sentence after the key's name: `must be at most 100, found 128`.
    pub fn refuse(&self, key: &str, why: impl Into<String>) -> SpecError {
        let place = match self.find(key) {
            Some(node) => self.place(&node.at),
            None => Place { origin: self.origin().to_owned(), line: None },
        };
        SpecError::Field { place: Box::new(place), field: key.to_owned(), why: why.into() }
    }

    pub(super) fn find(&self, key: &str) -> Option<&Node> {
        let (path, name) = key.rsplit_once('.').unwrap_or(("", key));
        let mut branch = &self.root;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            branch = match &branch.get(part)?.value {
                Value::Table(next) => next,
                _ => return None,
            };
        }
        branch.get(name)
    }

    pub(crate) fn place(&self, mark: &Mark) -> Place {
        match self.sources.get(mark.source) {
            Some(source) if source.has_lines => Place::of(&source.origin, &source.text, mark.start..mark.end),
            Some(source) => Place { origin: source.origin.clone(), line: None },
            None => Place { origin: self.origin().to_owned(), line: None },
        }
    }

    /// Is this source a text, such as a recipe's, and not an assignment?
    pub(super) fn is_text(&self, source: usize) -> bool {
        self.sources.get(source).is_some_and(|source| source.has_lines)
    }

    /// The text at a mark, as the user wrote it.
    pub(crate) fn written(&self, mark: &Mark) -> &str {
        let source = self.sources.get(mark.source).map_or("", |source| &source.text);
        source.get(mark.start..mark.end).unwrap_or("")
    }
}

/// The value of an assignment, as a marked node and as an item to write into the document.
fn assigned(text: &str, planter: Planter) -> Result<(Node, Item), String> {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let key = planter.mark(0..text.len());
    let planter = Planter { offset: planter.offset + start, ..planter };
    let parsed = DeValue::parse(trimmed).map_err(|e| e.message().to_owned());
    match (parsed, trimmed.parse::<toml_edit::Value>()) {
        (Ok(value), Ok(item)) => Ok((planter.node(key, value), Item::Value(item))),
        (Err(message), _) if trimmed.starts_with(['"', '\'', '[', '{']) => {
            Err(format!("its value is not valid TOML: {}", one_line(&message)))
        }
        _ => {
            let value = Value::Text(trimmed.to_owned());
            let item = toml_edit::value(trimmed);
            Ok((Node { key, at: planter.mark(0..trimmed.len()), value }, item))
        }
    }
}

/// Puts a node at a path of the tree.
fn plant(branch: &mut Branch, path: &[&str], node: Node) -> Result<(), String> {
    let Some((name, rest)) = path.split_first() else {
        return Ok(());
    };
    if rest.is_empty() {
        let same = |old: &Node| match (&old.value, &node.value) {
            (Value::Text(old), Value::Text(new)) => *name == KIND && old == new,
            _ => false,
        };
        // The same kind once more is no change of it.
        if !branch.get(*name).is_some_and(same) {
            branch.insert((*name).to_owned(), node);
        }
        return Ok(());
    }
    let (key, at) = (node.key.clone(), node.at.clone());
    let next = branch.entry((*name).to_owned()).or_insert_with(|| Node {
        key,
        at,
        value: Value::Table(Branch::new()),
    });
    match &mut next.value {
        Value::Table(next) => plant(next, rest, node),
        _ => Err(format!("\"{name}\" is a value in the spec, not a table of fields")),
    }
}

/// Puts a value at a path of the document.
fn write(item: &mut Item, path: &[&str], value: Item) -> Result<(), String> {
    let Some((name, rest)) = path.split_first() else {
        return Ok(());
    };
    let Some(table) = item.as_table_like_mut() else {
        return Err("it goes through a value that is not a table".to_owned());
    };
    if !rest.is_empty() {
        let mut fresh = toml_edit::Table::new();
        fresh.set_implicit(true);
        let next = table.entry(name).or_insert(Item::Table(fresh));
        return write(next, rest, value);
    }
    match (table.get_mut(name), value) {
        // The comment after the old value stays.
        (Some(Item::Value(old)), Item::Value(mut new)) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        (_, value) => {
            table.insert(name, value);
        }
    }
    Ok(())
}

fn is_bare_key(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

/// Joins the lines of a parser's message into one; what it says of escapes is mostly about a path of Windows.
fn one_line(message: &str) -> String {
    let text = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ");
    match text.contains("escape") || text.contains("unicode") {
        true => format!("{text}; a text with backslashes is written in single quotes, 'C:\\data'"),
        false => text,
    }
}
