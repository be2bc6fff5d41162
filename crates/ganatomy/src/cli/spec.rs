//! From the arguments of the command line to a spec.

use std::path::Path;

use ganatomy_record::{RunSpec, SpecError, nearest};
use ganatomy_train::recipe;

use super::failure::Failure;

/// The recipe that is meant when none is named.
pub(crate) const DEFAULT_RECIPE: &str = "ring";

/// An unknown recipe.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no recipe \"{name}\"{}; the recipes are {}, and the path of a TOML file may stand in their place",
    nearest.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default(), known.join(", ")
)]
struct UnknownRecipe {
    name: String,
    nearest: Option<&'static str>,
    known: Vec<&'static str>,
}

/// The spec of a recipe's name or of a TOML file.
pub(crate) fn find(asked: &str) -> Result<RunSpec, Failure> {
    if let Some(source) = recipe::find(asked) {
        return RunSpec::parse(source, &format!("recipe {asked}")).map_err(Failure::request);
    }
    let path = Path::new(asked);
    let looks_like_a_path = path.extension().is_some() || path.components().count() > 1;
    if looks_like_a_path || path.is_file() {
        return RunSpec::read(path).map_err(Failure::request);
    }
    let known = [recipe::names(), recipe::methods()].concat();
    let nearest = nearest(asked, known.iter().copied());
    Err(Failure::request(UnknownRecipe { name: asked.to_owned(), nearest, known }))
}

/// The spec of a recipe's name or of a TOML file, with others laid over it in their order.
///
/// The run is called after all of them, `ring-wgan-gp`, so that runs of several methods stand apart.
pub(crate) fn compose(asked: &str, with: &[String]) -> Result<RunSpec, Failure> {
    let mut spec = lay(find(asked)?, &stem(asked), with)?;
    if recipe::methods().contains(&asked) && with.is_empty() {
        spec.set(&format!("name={}", toml::Value::String(stem(asked)))).map_err(Failure::request)?;
    }
    Ok(spec)
}

/// Lays others over a spec, which is called `name` where it has none of its own.
pub(crate) fn lay(mut spec: RunSpec, name: &str, with: &[String]) -> Result<RunSpec, Failure> {
    let mut name = text_at(&spec, &["name"]).unwrap_or_else(|| name.to_owned());
    for over in with {
        let over_spec = find(over)?;
        name = text_at(&over_spec, &["name"]).unwrap_or_else(|| format!("{name}-{}", stem(over)));
        spec.lay_over(&over_spec);
    }
    if !with.is_empty() {
        spec.set(&format!("name={}", toml::Value::String(name))).map_err(Failure::request)?;
    }
    Ok(spec)
}

/// The name of a recipe, or of a file without folder and ending.
fn stem(asked: &str) -> String {
    let stem = Path::new(asked).file_stem().map_or_else(|| asked.into(), |stem| stem.to_string_lossy());
    // A file may be called what a run may not.
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    stem.chars().map(plain).take(60).collect()
}

/// Applies assignments in their order.
pub(crate) fn apply(spec: &mut RunSpec, assignments: &[String]) -> Result<(), SpecError> {
    assignments.iter().try_for_each(|assignment| spec.set(assignment))
}

/// The kind of data a spec names; nothing where it leaves that to the default, or is wrong.
pub(crate) fn data_kind(spec: &RunSpec) -> Option<String> {
    text_at(spec, &["data", "kind"])
}

/// The text that a spec writes at a path.
fn text_at(spec: &RunSpec, path: &[&str]) -> Option<String> {
    let table: toml::Table = spec.source().parse().ok()?;
    let root = toml::Value::Table(table);
    let found = path.iter().try_fold(&root, |value, name| value.get(name))?;
    found.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::failure::sentence;

    fn check(asked: &str, expected: &str) {
        let Err(Failure::Request(error)) = find(asked) else { panic!("{asked} must be refused") };
        let text = sentence(error.as_ref());
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
    fn the_kind_of_data_is_seen() {
        let mut spec = find(DEFAULT_RECIPE).unwrap();
        apply(&mut spec, &["data.kind=mnist".to_owned()]).unwrap();
        assert_eq!(data_kind(&spec).as_deref(), Some("mnist"));
    }
}
