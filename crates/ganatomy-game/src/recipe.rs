//! Recipes: the runnable specs that come with Ganatomy, by name.

/// Name and TOML text of every recipe.
const RECIPES: &[(&str, &str)] = &[
    ("ring", include_str!("../../../recipes/ring.toml")),
    ("imle", include_str!("../../../recipes/imle.toml")),
    ("adaptive-imle", include_str!("../../../recipes/adaptive-imle.toml")),
    ("rejection-imle", include_str!("../../../recipes/rejection-imle.toml")),
    ("grid", include_str!("../../../recipes/grid.toml")),
    ("swiss-roll", include_str!("../../../recipes/swiss-roll.toml")),
    ("glyphs", include_str!("../../../recipes/glyphs.toml")),
    ("mnist", include_str!("../../../recipes/mnist.toml")),
    ("fashion-mnist", include_str!("../../../recipes/fashion-mnist.toml")),
    ("folder", include_str!("../../../recipes/folder.toml")),
];

/// The text of the recipe with this name.
pub fn find(name: &str) -> Option<&'static str> {
    RECIPES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of all recipes, in the order to try them.
pub fn names() -> Vec<&'static str> {
    RECIPES.iter().map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use ganatomy_record::RunSpec;

    use super::*;
    use crate::data::{DataContext, DataError, Silent};
    use crate::{Plan, PlanError};

    #[test]
    fn every_recipe_is_a_whole_plan_or_lacks_only_its_data() {
        let context =
            DataContext { data_dir: None, cache_dir: std::env::temp_dir(), threads: 1, progress: &Silent };
        for name in names() {
            let spec = RunSpec::parse(find(name).unwrap(), name).unwrap();
            match Plan::new(&spec, &context) {
                Ok(plan) => assert_eq!(plan.name(), name),
                Err(PlanError::Data(error)) => {
                    let absent = ["mnist", "fashion-mnist", "folder"].contains(&name);
                    assert!(absent && !matches!(error, DataError::BatchTooLarge { .. }), "{name}: {error}");
                }
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
}
