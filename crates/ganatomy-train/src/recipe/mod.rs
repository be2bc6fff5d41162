//! Recipes: the runnable specs that come with Ganatomy, by name; and specs composed of them.

mod compose;

pub use compose::{RecipeError, compose, lay, spec, text_at};

/// Name and TOML text of every recipe.
const RECIPES: &[(&str, &str)] = &[
    ("ring", include_str!("../../../../recipes/ring.toml")),
    ("imle", include_str!("../../../../recipes/imle.toml")),
    ("adaptive-imle", include_str!("../../../../recipes/adaptive-imle.toml")),
    ("rejection-imle", include_str!("../../../../recipes/rejection-imle.toml")),
    ("grid", include_str!("../../../../recipes/grid.toml")),
    ("swiss-roll", include_str!("../../../../recipes/swiss-roll.toml")),
    ("glyphs", include_str!("../../../../recipes/glyphs.toml")),
    ("outlines", include_str!("../../../../recipes/outlines.toml")),
    ("mnist", include_str!("../../../../recipes/mnist.toml")),
    ("fashion-mnist", include_str!("../../../../recipes/fashion-mnist.toml")),
    ("folder", include_str!("../../../../recipes/folder.toml")),
];

/// Name and TOML text of every method: a partial recipe that names a loss, remedies, a scheme or updates, but neither
/// data nor networks, and is laid over a whole one.
const METHODS: &[(&str, &str)] = &[
    ("mm-gan", include_str!("../../../../recipes/methods/mm-gan.toml")),
    ("ns-gan", include_str!("../../../../recipes/methods/ns-gan.toml")),
    ("lsgan", include_str!("../../../../recipes/methods/lsgan.toml")),
    ("wgan", include_str!("../../../../recipes/methods/wgan.toml")),
    ("wgan-gp", include_str!("../../../../recipes/methods/wgan-gp.toml")),
    ("dragan", include_str!("../../../../recipes/methods/dragan.toml")),
    ("sngan", include_str!("../../../../recipes/methods/sngan.toml")),
    ("rpgan", include_str!("../../../../recipes/methods/rpgan.toml")),
    ("ragan", include_str!("../../../../recipes/methods/ragan.toml")),
    ("r3gan", include_str!("../../../../recipes/methods/r3gan.toml")),
    ("pacgan", include_str!("../../../../recipes/methods/pacgan.toml")),
    ("began", include_str!("../../../../recipes/methods/began.toml")),
    ("vae", include_str!("../../../../recipes/methods/vae.toml")),
    ("f-gan", include_str!("../../../../recipes/methods/f-gan.toml")),
    ("unrolled", include_str!("../../../../recipes/methods/unrolled.toml")),
    ("consensus", include_str!("../../../../recipes/methods/consensus.toml")),
    ("extra-adam", include_str!("../../../../recipes/methods/extra-adam.toml")),
];

/// The text of the recipe or method with this name.
pub fn find(name: &str) -> Option<&'static str> {
    let all = RECIPES.iter().chain(METHODS);
    all.into_iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of all whole recipes, in the order to try them.
pub fn names() -> Vec<&'static str> {
    RECIPES.iter().map(|(name, _)| *name).collect()
}

/// The names of all methods.
pub fn methods() -> Vec<&'static str> {
    METHODS.iter().map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use ganatomy_record::RunSpec;

    use super::*;
    use crate::{Plan, PlanError};
    use ganatomy_data::{DataContext, DataError};

    #[test]
    fn every_recipe_is_a_whole_plan_or_lacks_only_its_data() {
        for name in names() {
            let spec = RunSpec::parse(find(name).unwrap(), name).unwrap();
            match Plan::new(&spec, &DataContext::default()) {
                Ok(plan) => assert_eq!(plan.name(), name),
                Err(PlanError::Data(error)) => {
                    let absent = ["mnist", "fashion-mnist", "folder"].contains(&name);
                    assert!(absent && !matches!(error, DataError::BatchTooLarge { .. }), "{name}: {error}");
                }
                Err(error) => panic!("{name}: {error}"),
            }
        }
    }
    #[test]
    fn every_method_is_a_whole_plan_alone_and_over_the_ring() {
        for name in methods() {
            let method = RunSpec::parse(find(name).unwrap(), name).unwrap();
            let table: toml::Table = method.source().parse().unwrap();
            assert!(!table.contains_key("data") && !table.contains_key("name"), "{name} is not partial");
            let mut ring = RunSpec::parse(find("ring").unwrap(), "ring").unwrap();
            ring.lay_over(&method);
            for spec in [method, ring] {
                Plan::new(&spec, &DataContext::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
            }
        }
    }

    #[test]
    fn names_are_unique() {
        let all = [names(), methods()].concat();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "{all:?}");
    }
}
