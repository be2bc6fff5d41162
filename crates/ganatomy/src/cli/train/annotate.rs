//! Writes beside each line of a plan what its field means.

use std::collections::BTreeMap;

use ganatomy_record::FieldDoc;

/// Comments start here, unless a line is longer.
const COLUMN: usize = 30;

/// The text of a TOML table with a comment after every documented field; it still reads as the same table.
pub(super) fn annotated(toml: &str, fields: &[FieldDoc]) -> String {
    let docs: BTreeMap<&str, &FieldDoc> = fields.iter().map(|field| (field.name.as_str(), field)).collect();
    let mut section = String::new();
    let mut text = String::new();
    for line in toml.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        }
        let key = line.split_once(" = ").map(|(key, _)| format!("{section}{key}"));
        match key.and_then(|key| docs.get(key.as_str()).copied()) {
            Some(FieldDoc { doc, range, .. }) => {
                // Ranges are written to follow "a whole number", which is left out here.
                let range = range.strip_prefix("of ").unwrap_or(range);
                text.push_str(&format!("{line:<COLUMN$}  # {doc} ({range})\n"));
            }
            None => text.push_str(&format!("{line}\n")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(toml: &str, expected: &str) {
        let field = |name: &str, doc: &str, range: &str| FieldDoc {
            name: name.to_owned(),
            doc: doc.to_owned(),
            default: String::new(),
            range: range.to_owned(),
        };
        let fields =
            [field("steps", "how long", "of at least 1"), field("a.b.lr", "step length", "greater than 0")];
        let found = annotated(toml, &fields);
        assert_eq!(found, expected);
        assert_eq!(found.parse::<toml::Table>().unwrap(), toml.parse::<toml::Table>().unwrap());
    }

    #[test]
    fn fields_are_explained_where_they_stand() {
        check(
            "steps = 10\n\n[a.b]\nlr = 0.1\nsteps = 3\n",
            "steps = 10                      # how long (at least 1)\n\n[a.b]\n\
             lr = 0.1                        # step length (greater than 0)\nsteps = 3\n",
        );
    }
}
