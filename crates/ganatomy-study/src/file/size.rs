//! The sizes of a study: tables `[size.NAME]`, each laid over the rest of the file.

use toml::{Table, Value};

/// The file in a size; without one, as it stands.
pub(super) fn sized(mut file: Table, size: Option<&str>) -> Result<Table, String> {
    let sizes = match file.remove("size") {
        None => Table::new(),
        Some(Value::Table(sizes)) => sizes,
        Some(_) => return Err("size must be a table of tables, [size.NAME]".to_owned()),
    };
    let Some(name) = size else {
        return Ok(file);
    };
    match sizes.get(name) {
        Some(Value::Table(over)) => {
            lay_over(&mut file, over);
            Ok(file)
        }
        _ => {
            let known: Vec<&str> = sizes.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            Err(format!("there is no size \"{name}\"; its sizes are {known}"))
        }
    }
}

/// Values of `over` replace those below; tables are merged, and lists replaced. `budget` is replaced, as it holds one key.
fn lay_over(below: &mut Table, over: &Table) {
    for (name, value) in over {
        match (below.get_mut(name), value) {
            (Some(Value::Table(below)), Value::Table(over)) if name != "budget" => lay_over(below, over),
            _ => {
                below.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(size: Option<&str>, expected: Result<&str, &str>) {
        let text = "seeds = 9\nbudget = { steps = 5 }\nscore = { reading = \"a\", at = \"best\" }\n\
                    [size.smoke]\nseeds = 1\nbudget = { images = 7 }\nscore = { at = \"last\" }\n";
        let found = sized(text.parse().unwrap(), size);
        match expected {
            Ok(expected) => assert_eq!(found.unwrap(), expected.parse::<Table>().unwrap()),
            Err(expected) => assert_eq!(found.unwrap_err(), expected),
        }
    }

    #[test]
    fn a_size_lies_over_the_file() {
        check(None, Ok("seeds = 9\nbudget.steps = 5\nscore.reading = \"a\"\nscore.at = \"best\""));
        check(Some("smoke"), Ok("seeds = 1\nbudget.images = 7\nscore.reading = \"a\"\nscore.at = \"last\""));
        check(Some("huge"), Err("there is no size \"huge\"; its sizes are smoke"));
    }
}
