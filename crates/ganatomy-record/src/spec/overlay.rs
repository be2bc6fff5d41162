//! One spec laid over another: the values of the upper spec replace those of the lower.

use toml_edit::{Item, Table, TableLike};

use super::dropped::KIND;
use super::tree::{Branch, Mark, Node, Value};

/// Lays the nodes of `over`, whose sources come after `sources` others, over those of `below`. A table with a `kind` replaces
/// the one below as a whole: other keys may belong to the old kind.
pub(super) fn tree(below: &mut Branch, over: &Branch, sources: usize) {
    for (name, node) in over {
        match (below.get_mut(name), &node.value) {
            (Some(Node { value: Value::Table(below), .. }), Value::Table(over))
                if !over.contains_key(KIND) =>
            {
                tree(below, over, sources);
            }
            _ => {
                below.insert(name.clone(), moved(node, sources));
            }
        }
    }
}

/// The tables below that [`tree`] replaces as a whole, by their dotted names, with what takes their place.
pub(super) fn replaced<'a>(
    path: &str,
    below: &'a Branch,
    over: &'a Branch,
) -> Vec<(String, &'a Branch, &'a Branch)> {
    let mut found = Vec::new();
    for (name, node) in over {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if let (Some(Value::Table(below)), Value::Table(over)) =
            (below.get(name).map(|node| &node.value), &node.value)
        {
            match over.contains_key(KIND) {
                true => found.push((key, below, over)),
                false => found.extend(replaced(&key, below, over)),
            }
        }
    }
    found
}

/// The node with its marks moved behind so many other sources.
fn moved(node: &Node, sources: usize) -> Node {
    let mark = |mark: &Mark| Mark { source: mark.source + sources, ..mark.clone() };
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(|item| moved(item, sources)).collect()),
        Value::Table(table) => {
            Value::Table(table.iter().map(|(name, node)| (name.clone(), moved(node, sources))).collect())
        }
        plain => plain.clone(),
    };
    Node { key: mark(&node.key), at: mark(&node.at), value }
}

/// The same for the text: tables below keep their place and their comments.
pub(super) fn document(below: &mut dyn TableLike, over: &dyn TableLike) {
    for (name, item) in over.iter() {
        let Some(over) = item.as_table_like() else {
            put(below, name, item);
            continue;
        };
        if below.get(name).is_none_or(|old| !old.is_table_like()) {
            let mut fresh = Table::new();
            // A table of tables needs no heading of its own; an empty table does.
            fresh.set_implicit(!over.is_empty());
            below.insert(name, Item::Table(fresh));
        }
        let Some(next) = below.get_mut(name).and_then(Item::as_table_like_mut) else {
            continue;
        };
        if over.contains_key(KIND) {
            next.clear();
        }
        document(next, over);
    }
}

/// Puts a value without the space and the comments around it.
fn put(below: &mut dyn TableLike, name: &str, item: &Item) {
    let mut item = item.clone();
    if let Item::Value(value) = &mut item {
        value.decor_mut().clear();
    }
    match (below.get_mut(name), item) {
        // The comment after the old value stays.
        (Some(Item::Value(old)), Item::Value(mut new)) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        (_, item) => {
            below.insert(name, item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Range, RunSpec};

    const BELOW: &str = "\
# Below.
seed = 7 # kept

[loss]
kind = \"hinge\"
margin = 2

[player]
width = 8

[player.update] # moves
kind = \"adam\"
beta1 = 0.5
schedule = { kind = \"linear\" }

[remedies.r1]
gamma = 1
";

    fn laid(over: &[&str]) -> RunSpec {
        let mut spec = RunSpec::parse(BELOW, "below.toml").unwrap();
        for (i, over) in over.iter().enumerate() {
            spec.lay_over(&RunSpec::parse(over, &format!("over-{i}.toml")).unwrap());
        }
        spec
    }

    /// The result of laying over, read from the text; the tree must be the same.
    fn check(over: &[&str], expected: &str) {
        let spec = laid(over);
        let found: toml::Table = spec.source().parse().unwrap();
        let expected: toml::Table = expected.parse().unwrap();
        assert_eq!(found, expected, "{}", spec.source());
        let again = RunSpec::parse(&spec.source(), "again").unwrap();
        assert_eq!(outline(&again.root), outline(&spec.root));
    }

    fn outline(branch: &super::Branch) -> String {
        let entry = |(name, node): (&String, &super::Node)| match &node.value {
            super::Value::Table(table) => format!("{name}{{{}}}", outline(table)),
            super::Value::List(items) => format!("{name}[{}]", items.len()),
            other => format!("{name}={other:?}"),
        };
        branch.iter().map(entry).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_kind_replaces_its_table_and_other_keys_replace_themselves() {
        check(
            &[
                "[player.update]\nkind = \"rmsprop\"\nlr = 5e-5\n[remedies.packing]\n[loss]\nkind = \"wasserstein\"\n",
            ],
            "seed = 7\nloss = { kind = \"wasserstein\" }\nremedies = { r1 = { gamma = 1 }, packing = {} }\n\
             player = { width = 8, update = { kind = \"rmsprop\", lr = 5e-5 } }",
        );
        check(
            &["seed = 1\nplayer.update.beta1 = 0\n", "seed = 2\nremedies.r1 = {}\nplayer.width = [1, 2]\n"],
            "seed = 2\nloss = { kind = \"hinge\", margin = 2 }\nremedies.r1.gamma = 1\n\
             player = { width = [1, 2], update = { kind = \"adam\", beta1 = 0, schedule.kind = \"linear\" } }",
        );
        check(
            &["seed = { kind = \"x\" }\nloss = 3\n[player.update.schedule]\nkind = \"cosine\"\nfrom = 1\n"],
            "seed.kind = \"x\"\nloss = 3\nremedies.r1.gamma = 1\n\
             player = { width = 8, update = { kind = \"adam\", beta1 = 0.5, schedule = { kind = \"cosine\", from = 1 } } }",
        );
    }

    #[test]
    fn comments_below_stay() {
        let source = laid(&["seed = 1 # mine\n[player.update]\nkind = \"sgd\"\n"]).source();
        assert!(source.starts_with("# Below.\nseed = 1 # kept\n"), "{source}");
        assert!(source.contains("[player.update] # moves\nkind = \"sgd\"\n\n"), "{source}");
    }

    #[test]
    fn messages_name_the_text_that_a_value_was_written_in() {
        let mut spec = laid(&["\nseed = -1\n", "[player]\nwidth = \"wide\"\n"]);
        let seed = |spec: &RunSpec| spec.root().count("seed", "", 0, 0..=9).unwrap_err().to_string();
        let found = "over-0.toml:2: seed must be a whole number from 0 to 9, found -1\n  2 | seed = -1";
        assert!(seed(&spec).starts_with(found), "{}", seed(&spec));
        let mut player = spec.root().table("player", "").unwrap();
        let text = player.number("width", "", 1.0, Range::positive()).unwrap_err().to_string();
        assert!(text.starts_with("over-1.toml:2: player.width must be a number greater than 0"), "{text}");
        spec.set("seed=-2").unwrap();
        assert!(seed(&spec).starts_with("--set seed=-2: seed must be"), "{}", seed(&spec));
    }

    #[test]
    fn some_keys_can_be_kept_alone() {
        let mut spec = laid(&[]);
        spec.keep(&["loss", "remedies"]);
        let found: toml::Table = spec.source().parse().unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["loss", "remedies"]);
        assert_eq!(spec.root.keys().collect::<Vec<_>>(), ["loss", "remedies"]);
    }
}
