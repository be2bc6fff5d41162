//! Everything that can be named: recipes, methods, and the rows of the registries.

use ganatomy_game::{Listing, listing, recipe};

/// A recipe, and a method to be laid over one.
pub(crate) const RECIPE: &str = "recipe";
pub(crate) const METHOD: &str = "method";

/// The recipes and methods, then the registries in their own order; recipes have their TOML text as source.
pub(crate) fn everything() -> Vec<Listing> {
    let named = |kind, name| {
        let source = recipe::find(name).unwrap_or_default();
        Listing { kind, name, doc: opening(source), source }
    };
    let recipes = recipe::names().into_iter().map(|name| named(RECIPE, name));
    let methods = recipe::methods().into_iter().map(|name| named(METHOD, name));
    recipes.chain(methods).chain(listing()).collect()
}

/// The comment on the first line of a recipe.
fn opening(source: &'static str) -> &'static str {
    source.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
}
