//! What a change of `kind` drops: values that belonged to the kind before.

use std::collections::BTreeMap;
use std::fmt;

use super::run_spec::RunSpec;
use super::tree::{Branch, Mark, Node, Value};

/// The key that chooses what the rest of its table means.
pub(super) const KIND: &str = "kind";

/// A value that was written for another kind than the one that is used now, and so was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Its dotted name, or that of a table that was dropped whole.
    pub key: String,
    /// The value as it was written; empty for a table.
    pub value: String,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.as_str() {
            "" => write!(f, "[{}]", self.key),
            value => write!(f, "{} = {value}", self.key),
        }
    }
}

impl RunSpec {
    /// What was dropped from this spec and not written again since, by name.
    pub fn dropped(&self) -> Vec<Dropped> {
        let gone = self.dropped.iter().filter(|dropped| self.find(&dropped.key).is_none());
        // Of what was dropped twice, the last is told.
        let by_key: BTreeMap<&str, &Dropped> = gone.map(|dropped| (dropped.key.as_str(), dropped)).collect();
        by_key.into_values().cloned().collect()
    }

    /// Takes out what was dropped when the spec was read, so that its text holds only what is used.
    pub fn discard(&mut self, dropped: &[Dropped]) {
        for Dropped { key, .. } in dropped {
            let names: Vec<&str> = key.split('.').collect();
            uproot(&mut self.root, &names);
            if let Some(table) = self.document.as_item_mut().as_table_like_mut() {
                strike(table, &names);
            }
        }
        self.dropped.extend(dropped.iter().cloned());
    }

    /// Was everything at this node written in a text, and before another text or assignment that comes later?
    pub(super) fn is_before(&self, node: &Node, later: usize) -> bool {
        match &node.value {
            Value::Table(table) if !table.is_empty() => {
                table.values().all(|node| self.is_before(node, later))
            }
            _ => node.key.source < later && self.is_text(node.key.source),
        }
    }

    /// The leaves of a table that is about to be replaced, apart from those that are written again.
    pub(super) fn note_replaced(&mut self, path: &str, below: &Branch, over: &Branch) {
        let mut lost = Vec::new();
        leaves(path, below, Some(over), &mut lost);
        let dropped = lost.into_iter().map(|(key, at)| Dropped { key, value: self.written_line(&at) });
        let dropped: Vec<Dropped> = dropped.collect();
        self.dropped.extend(dropped);
    }

    /// A value as it was written, in one line.
    pub(super) fn written_line(&self, at: &Mark) -> String {
        self.written(at).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The values in a table that another lacks, by their dotted names. Its kind is not lost: another took its place.
fn leaves(path: &str, below: &Branch, over: Option<&Branch>, lost: &mut Vec<(String, Mark)>) {
    for (name, node) in below {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let above = over.and_then(|over| over.get(name)).map(|node| &node.value);
        match (&node.value, above) {
            (Value::Table(inner), Some(Value::Table(above))) => leaves(&key, inner, Some(above), lost),
            (Value::Table(inner), None) => leaves(&key, inner, None, lost),
            (_, Some(_)) => {}
            (_, None) => lost.push((key, node.at.clone())),
        }
    }
}

fn uproot(branch: &mut Branch, path: &[&str]) {
    match path {
        [] => {}
        [name] => {
            branch.remove(*name);
        }
        [name, rest @ ..] => {
            if let Some(Node { value: Value::Table(next), .. }) = branch.get_mut(*name) {
                uproot(next, rest);
            }
        }
    }
}

fn strike(table: &mut dyn toml_edit::TableLike, path: &[&str]) {
    match path {
        [] => {}
        [name] => {
            table.remove(name);
        }
        [name, rest @ ..] => {
            if let Some(next) = table.get_mut(name).and_then(toml_edit::Item::as_table_like_mut) {
                strike(next, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Fields, Range, Resolved, SpecError};
    use super::*;

    /// A table of two kinds: `round` has a radius and a size, `square` a side and a size of whole numbers.
    fn read(spec: &RunSpec) -> Result<Resolved, SpecError> {
        let mut root = spec.root();
        let mut shape = root.table("shape", "")?;
        match shape.choice("kind", "", "round", &["round", "square"])?.as_str() {
            "round" => shape.number("radius", "", 1.0, Range::positive()).map(drop)?,
            _ => shape.counts("side", "", &[1], 1..=2, 1..=9).map(drop)?,
        }
        shape.number("size", "", 3.0, Range::at_most(if shape.has("side") { 1.0 } else { 9.0 }))?;
        let mut inner: Fields<'_> = shape.table("inner", "")?;
        inner.choice("kind", "", "plain", &["plain", "other"])?;
        shape.resolved("inner", inner.finish()?);
        root.resolved("shape", shape.finish()?);
        root.finish()
    }

    const ROUND: &str =
        "[shape]\nkind = \"round\"\nradius = 2 # mine\nsize = 4\n[shape.inner]\nkind = \"other\"\n";

    fn check(assignments: &[&str], dropped: &str, source: &str) {
        let mut spec = RunSpec::parse(ROUND, "round.toml").unwrap();
        assignments.iter().for_each(|assignment| spec.set(assignment).unwrap());
        let resolved = read(&spec).unwrap();
        spec.discard(&resolved.dropped);
        let found: Vec<String> = spec.dropped().iter().map(Dropped::to_string).collect();
        assert_eq!((found.join(", ").as_str(), spec.source().as_str()), (dropped, source));
        // What is left is a spec of its own: it reads as the same, and nothing more is dropped.
        let again = read(&RunSpec::parse(&spec.source(), "again.toml").unwrap()).unwrap();
        assert_eq!((again.table, again.dropped), (resolved.table, Vec::new()));
    }

    #[test]
    fn a_new_kind_drops_what_it_does_not_know_and_keeps_the_rest() {
        check(&[], "", ROUND);
        // The same kind once more changes nothing.
        check(&["shape.kind=round"], "", ROUND);
        check(
            &["shape.kind=square"],
            "shape.radius = 2",
            "[shape]\nkind = \"square\"\nsize = 4\n[shape.inner]\nkind = \"other\"\n",
        );
        // A value that the new kind does not allow goes too.
        check(
            &["shape.kind=square", "shape.side=[3]"],
            "shape.radius = 2, shape.size = 4",
            "[shape]\nkind = \"square\"\nside = [3]\n[shape.inner]\nkind = \"other\"\n",
        );
    }

    #[test]
    fn what_is_asked_for_now_is_never_dropped() {
        let refused = |assignments: &[&str]| {
            let mut spec = RunSpec::parse(ROUND, "round.toml").unwrap();
            assignments.iter().for_each(|assignment| spec.set(assignment).unwrap());
            read(&spec).unwrap_err().to_string()
        };
        for order in [["shape.kind=square", "shape.radius=3"], ["shape.radius=3", "shape.kind=square"]] {
            assert!(refused(&order).contains("unknown key \"radius\" in [shape]"), "{}", refused(&order));
        }
        assert!(refused(&["shape.radois=3"]).contains("did you mean \"radius\"?"));
    }

    #[test]
    fn tables_that_are_replaced_whole_say_what_they_lose() {
        let mut spec = RunSpec::parse(ROUND, "round.toml").unwrap();
        spec.lay_over(&RunSpec::parse("shape = { kind = \"round\", size = 5 }", "over").unwrap());
        let found: Vec<String> = spec.dropped().iter().map(Dropped::to_string).collect();
        assert_eq!(found, ["shape.inner.kind = \"other\"", "shape.radius = 2"]);
        spec.set("shape.radius=7").unwrap();
        assert_eq!(spec.dropped().len(), 1);
        spec.set("shape={ kind = \"square\" }").unwrap();
        let found: Vec<String> = spec.dropped().iter().map(Dropped::to_string).collect();
        assert_eq!(found[1..], ["shape.radius = 7", "shape.size = 5"], "{found:?}");
    }
}
