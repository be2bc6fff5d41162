//! What is compared: groups of arms, each a spec with assignments.

use std::path::Path;

/// Arms that belong into one table.
pub(super) struct Group {
    pub title: String,
    pub arms: Vec<Arm>,
}

/// One row of a table.
pub(super) struct Arm {
    /// Unique among all arms.
    pub id: usize,
    pub name: String,
    pub published: String,
    pub spec: String,
    pub set: Vec<String>,
}

/// Reads the file, or returns what is missing in it.
pub(super) fn read(path: &Path) -> Result<Vec<Group>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let table: toml::Table = text.parse().map_err(|error| format!("{}: {error}", path.display()))?;
    let mut id = 0;
    tables(&table, "group")?
        .into_iter()
        .map(|group| {
            let mut arms = Vec::new();
            for arm in tables(group, "arm")? {
                id += 1;
                let spec = text_of(arm, "spec").or_else(|_| text_of(group, "spec"))?;
                let set = [list(group), list(arm)].concat();
                arms.push(Arm {
                    id,
                    name: text_of(arm, "name")?,
                    published: text_of(arm, "published")?,
                    spec,
                    set,
                });
            }
            Ok(Group { title: text_of(group, "title")?, arms })
        })
        .collect()
}

fn tables<'a>(table: &'a toml::Table, name: &str) -> Result<Vec<&'a toml::Table>, String> {
    let all =
        table.get(name).and_then(toml::Value::as_array).ok_or(format!("{name} must be a list of tables"))?;
    Ok(all.iter().filter_map(toml::Value::as_table).collect())
}

fn text_of(table: &toml::Table, name: &str) -> Result<String, String> {
    let text = table.get(name).and_then(toml::Value::as_str).ok_or(format!("{name} must be text"))?;
    Ok(text.to_owned())
}

fn list(table: &toml::Table) -> Vec<String> {
    let all = table.get("set").and_then(toml::Value::as_array).into_iter().flatten();
    all.filter_map(toml::Value::as_str).map(str::to_owned).collect()
}
