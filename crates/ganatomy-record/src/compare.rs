//! Whether two plans are of the same run.

use std::fmt;

use toml::{Table, Value};

/// The first field in which two plans differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Dotted name.
    pub key: String,
    /// The value in the first plan, if it is there.
    pub old: Option<Value>,
    /// The value in the second plan, if it is there.
    pub new: Option<Value>,
}

/// Finds the first difference between two plans, apart from the dotted names in `ignored` and all below them.
///
/// ```
/// let old = "steps = 10\n[update]\nlr = 0.1".parse()?;
/// let new = "steps = 20\n[update]\nlr = 0.2".parse()?;
/// let difference = ganatomy_record::first_difference(&old, &new, &["steps"]);
/// assert_eq!(difference.unwrap().to_string(), "update.lr was 0.1 and is now 0.2");
/// # Ok::<(), toml::de::Error>(())
/// ```
pub fn first_difference(old: &Table, new: &Table, ignored: &[&str]) -> Option<Difference> {
    within("", old, new, ignored)
}

fn within(path: &str, old: &Table, new: &Table, ignored: &[&str]) -> Option<Difference> {
    let added = new.keys().filter(|key| !old.contains_key(*key));
    old.keys().chain(added).find_map(|name| {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        if ignored.contains(&key.as_str()) {
            return None;
        }
        match (old.get(name), new.get(name)) {
            (Some(Value::Table(old)), Some(Value::Table(new))) => within(&key, old, new, ignored),
            (old, new) if old == new => None,
            (old, new) => Some(Difference { key, old: old.cloned(), new: new.cloned() }),
        }
    })
}

/// Ends a sentence such as "this run cannot be resumed with another plan: ...".
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let say = |value: &Option<Value>| match value {
            None => "not there".to_owned(),
            Some(value) => value.to_string(),
        };
        write!(f, "{} was {} and is now {}", self.key, say(&self.old), say(&self.new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: &str, new: &str, ignored: &[&str], expected: Option<&str>) {
        let (old, new) = (old.parse().unwrap(), new.parse().unwrap());
        let found = first_difference(&old, &new, ignored).map(|difference| difference.to_string());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn the_first_difference_is_named() {
        check("a = 1", "a = 1", &[], None);
        check("a = 1\nb = 1", "b = 2\na = 2", &[], Some("a was 1 and is now 2"));
        check("[t.u]\na = [1]", "[t.u]\na = [1, 2]", &[], Some("t.u.a was [1] and is now [1, 2]"));
        check("a = 1", "a = 1\nb = \"x\"", &[], Some("b was not there and is now \"x\""));
        check("[t]\na = 1", "t = 3", &[], Some("t was { a = 1 } and is now 3"));
    }

    #[test]
    fn ignored_names_cover_what_is_below_them() {
        check("a = 1\n[t]\nb = 1", "a = 2\n[t]\nb = 2", &["a", "t"], None);
        check("[t]\nb = 1\nc = 1", "[t]\nb = 2\nc = 2", &["t.b", "c"], Some("t.c was 1 and is now 2"));
        check("a = 1", "", &["a"], None);
    }
}
