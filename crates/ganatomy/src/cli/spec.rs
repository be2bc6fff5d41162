//! From the arguments of the command line to a spec.

use std::path::Path;

use ganatomy_record::{RunSpec, SpecError};
use ganatomy_train::recipe;

use super::failure::Failure;

/// The recipe that is meant when none is named.
pub(crate) const DEFAULT_RECIPE: &str = "ring";

/// The spec of a recipe's name or of a TOML file.
pub(crate) fn find(asked: &str) -> Result<RunSpec, Failure> {
    recipe::spec(asked, Path::new("")).map_err(Failure::request)
}

/// The spec of a recipe's name or of a TOML file, with others laid over it in their order.
pub(crate) fn compose(asked: &str, with: &[String]) -> Result<RunSpec, Failure> {
    recipe::compose(asked, with, Path::new("")).map_err(Failure::request)
}

/// Lays others over a spec, which is called `name` where it has none of its own.
pub(crate) fn lay(spec: RunSpec, name: &str, with: &[String]) -> Result<RunSpec, Failure> {
    recipe::lay(spec, name, with, Path::new("")).map_err(Failure::request)
}

/// Applies assignments in their order.
pub(crate) fn apply(spec: &mut RunSpec, assignments: &[String]) -> Result<(), SpecError> {
    assignments.iter().try_for_each(|assignment| spec.set(assignment))
}

/// The kind of data a spec names; nothing where it leaves that to the default, or is wrong.
pub(crate) fn data_kind(spec: &RunSpec) -> Option<String> {
    recipe::text_at(spec, &["data", "kind"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_data_is_seen() {
        let mut spec = find(DEFAULT_RECIPE).unwrap();
        apply(&mut spec, &["data.kind=mnist".to_owned()]).unwrap();
        assert_eq!(data_kind(&spec).as_deref(), Some("mnist"));
    }
}
