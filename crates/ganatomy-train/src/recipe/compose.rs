//! A spec from names: a recipe or a file, and methods or files laid over it.

use std::path::Path;

use ganatomy_record::{RunSpec, SpecError, nearest};

use super::{find, methods, names};

/// A spec that cannot be composed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecipeError {
    /// Neither a recipe nor a file.
    #[error(
        "there is no recipe \"{name}\"{}; the recipes are {}, and the path of a TOML file may stand in their place",
        nearest.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default(), known.join(", ")
    )]
    Unknown {
        /// As asked for.
        name: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
        /// All names.
        known: Vec<&'static str>,
    },
    /// A spec that cannot be read.
    #[error(transparent)]
    Spec(#[from] SpecError),
}

/// The spec of a recipe's or method's name, or of a TOML file, which is looked for from `folder`.
///
/// # Errors
/// A name that is none, or a file that cannot be read.
pub fn spec(asked: &str, folder: &Path) -> Result<RunSpec, RecipeError> {
    if let Some(source) = find(asked) {
        return Ok(RunSpec::parse(source, &format!("recipe {asked}"))?);
    }
    let path = Path::new(asked);
    let looks_like_a_path = path.extension().is_some() || path.components().count() > 1;
    if looks_like_a_path || folder.join(path).is_file() {
        return Ok(RunSpec::read(&folder.join(path))?);
    }
    let known = [names(), methods()].concat();
    let nearest = nearest(asked, known.iter().copied());
    Err(RecipeError::Unknown { name: asked.to_owned(), nearest, known })
}

/// The spec of a name, as [`spec`] finds it, with others laid over it in their order.
///
/// The run is called after all of them, `ring-wgan-gp`, so that runs of several methods stand apart.
///
/// # Errors
/// As [`spec`].
pub fn compose(asked: &str, with: &[String], folder: &Path) -> Result<RunSpec, RecipeError> {
    let mut composed = lay(spec(asked, folder)?, &stem(asked), with, folder)?;
    if methods().contains(&asked) && with.is_empty() {
        composed.set(&format!("name={}", toml::Value::String(stem(asked))))?;
    }
    Ok(composed)
}

/// Lays others over a spec, which is called `name` where it has none of its own.
///
/// # Errors
/// As [`spec`].
pub fn lay(mut below: RunSpec, name: &str, with: &[String], folder: &Path) -> Result<RunSpec, RecipeError> {
    let mut name = text_at(&below, &["name"]).unwrap_or_else(|| name.to_owned());
    for over in with {
        let over_spec = spec(over, folder)?;
        name = text_at(&over_spec, &["name"]).unwrap_or_else(|| format!("{name}-{}", stem(over)));
        below.lay_over(&over_spec);
    }
    if !with.is_empty() {
        below.set(&format!("name={}", toml::Value::String(name)))?;
    }
    Ok(below)
}

/// The name of a recipe, or of a file without folder and ending.
fn stem(asked: &str) -> String {
    let stem = Path::new(asked).file_stem().map_or_else(|| asked.into(), |stem| stem.to_string_lossy());
    // A file may be called what a run may not.
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    stem.chars().map(plain).take(60).collect()
}

/// The text that a spec writes at a path.
pub fn text_at(spec: &RunSpec, path: &[&str]) -> Option<String> {
    let table: toml::Table = spec.source().parse().ok()?;
    let root = toml::Value::Table(table);
    let found = path.iter().try_fold(&root, |value, name| value.get(name))?;
    found.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(asked: &str, expected: &str) {
        let text = spec(asked, Path::new("")).unwrap_err().to_string();
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn unknown_recipes_and_unknown_files_differ() {
        check("rign", "there is no recipe \"rign\"; did you mean \"ring\"?; the recipes are ");
        check("zebra", "there is no recipe \"zebra\"; the recipes are ");
        check("no/such.toml", "cannot read the spec no/such.toml: ");
        check("no-such.toml", "cannot read the spec no-such.toml: ");
    }

    #[test]
    fn files_are_looked_for_from_the_folder_given() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("mine.toml"), "batch = 7\n").unwrap();
        let composed = compose("mine.toml", &["wgan".to_owned()], place.path()).unwrap();
        let table: toml::Table = composed.source().parse().unwrap();
        assert_eq!((table["batch"].as_integer(), table["name"].as_str()), (Some(7), Some("mine-wgan")));
        assert!(compose("mine.toml", &[], Path::new("")).is_err());
    }
}
