//! What to type to switch something on, and the recipes with which that goes.

use ganatomy_data::{BatchKey, DataContext, Dataset};
use ganatomy_record::{Dropped, RunSpec};
use ganatomy_train::registry::{EXTRACTOR, READING, SCORE};
use ganatomy_train::{Plan, PlanError, Registry, recipe};
use serde::Serialize;

/// The kind of a whole recipe.
pub const RECIPE: &str = "recipe";
/// The kind of a method, which is laid over a recipe.
pub const METHOD: &str = "method";

/// The kind of what the clinic says of a run.
pub const VERDICT: &str = "verdict";

/// Words of a command line, and the recipes with which they make a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Use {
    /// What to type after `ganatomy train RECIPE`; of a recipe, a small game, a reading or a verdict, the whole command.
    pub r#type: String,
    /// The recipes with which it goes; empty where the command is whole.
    pub recipes: Vec<&'static str>,
}

/// Every way to switch a row on: the first way that a recipe takes is named for that recipe.
pub(crate) fn of(kind: &str, name: &str, registry: &Registry) -> Vec<Use> {
    let whole = |text: String| vec![Use { r#type: text, recipes: Vec::new() }];
    match kind {
        RECIPE => return whole(format!("ganatomy train {name}")),
        "small game" => return whole(format!("ganatomy game {name}")),
        READING => return whole("ganatomy show RUN".to_owned()),
        VERDICT => {
            let stop = format!("ganatomy train RECIPE --stop-when {name}");
            return [whole("ganatomy diagnose RUN".to_owned()), whole(stop)].concat();
        }
        EXTRACTOR => return whole(format!("ganatomy score RUN --against DATA --extractor {name}")),
        _ => {}
    }
    let mut left = recipe::names();
    let mut uses = Vec::new();
    if kind == SCORE {
        uses.extend(whole(format!("ganatomy score RUN --against DATA --scores {name}")));
    }
    for way in ways(kind, name) {
        let (recipes, others): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|recipe| goes(recipe, &way, registry));
        left = others;
        uses.push(Use { r#type: way.words(), recipes });
    }
    // A row from outside may need settings that nobody here knows: then the plainest way is all that can be said.
    if uses.iter().any(|one| !one.recipes.is_empty()) {
        uses.retain(|one| !one.recipes.is_empty() || one.r#type.starts_with("ganatomy "));
    } else {
        uses.truncate(1);
    }
    uses
}

/// What may be laid over a recipe to switch a row on.
struct Way {
    with: Option<String>,
    set: Vec<String>,
}

impl Way {
    fn words(&self) -> String {
        let with = self.with.iter().map(|with| format!("--with {with}"));
        with.chain(self.set.iter().map(|set| format!("--set {set}"))).collect::<Vec<_>>().join(" ")
    }
}

/// The ways to try, the best first.
fn ways(kind: &str, name: &str) -> Vec<Way> {
    let set = |keys: &[&str]| {
        let set = keys.iter().map(|key| key.replace('*', name)).collect();
        Way { with: None, set }
    };
    match kind {
        METHOD => vec![Way { with: Some(name.to_owned()), set: Vec::new() }],
        "network" => vec![
            set(&["generator.kind=*", "discriminator.kind=*"]),
            // Of a size that can be halved often enough.
            set(&["generator.kind=*", "discriminator.kind=*", "data.size=32"]),
            set(&["generator.kind=*"]),
            set(&["discriminator.kind=*"]),
        ],
        "loss" => vec![set(&["loss.kind=*"]), set(&["loss.kind=*", "discriminator.kind=autoencoder"])],
        // Batch normalisation forbids some remedies.
        "remedy" => vec![set(&["remedies.*={}"]), set(&["remedies.*={}", "discriminator.norm=none"])],
        // Some schemes are of zero-sum games.
        "scheme" => vec![set(&["scheme.kind=*"]), set(&["scheme.kind=*", "loss.kind=minimax"])],
        // Some sets are small.
        "data" => vec![set(&["data.kind=*"]), set(&["data.kind=*", "batch=10"])],
        "update" => vec![
            set(&["generator.update.kind=*", "discriminator.update.kind=*"]),
            set(&["generator.update.kind=*"]),
        ],
        "schedule" => vec![
            set(&["generator.update.schedule.kind=*", "discriminator.update.schedule.kind=*"]),
            set(&["generator.update.schedule.kind=*"]),
        ],
        SCORE => vec![set(&["scores.*={}"])],
        "probe" => vec![set(&["probes.*.every_steps=100"])],
        kind => vec![Way { with: None, set: vec![format!("{kind}.kind={name}")] }],
    }
}

/// Does a recipe make a plan with this laid over it? Data that lie in files are stood in for by others of their shape.
fn goes(recipe: &str, way: &Way, registry: &Registry) -> bool {
    laid(recipe, way).is_some_and(|spec| plan(spec, registry).is_ok())
}

fn laid(recipe: &str, way: &Way) -> Option<RunSpec> {
    let mut spec = RunSpec::parse(recipe::find(recipe)?, recipe).ok()?;
    if let Some(with) = &way.with {
        spec.lay_over(&RunSpec::parse(recipe::find(with)?, with).ok()?);
    }
    way.set.iter().try_for_each(|set| spec.set(set)).ok()?;
    Some(spec)
}

/// The plan of a spec, with others of their shape in the place of data that lie in files.
pub(crate) fn plan(mut spec: RunSpec, registry: &Registry) -> Result<Plan, PlanError> {
    let kind = spec.root().table("data", "")?.text("kind", "", "")?;
    let blank = match kind.as_str() {
        "mnist" | "fashion-mnist" => Blank { shape: vec![28, 28, 1], n_classes: 10 },
        "stacked-mnist" => Blank { shape: vec![28, 28, 3], n_classes: 1000 },
        "folder" => Blank { shape: vec![64, 64, 3], n_classes: 0 },
        _ => return Plan::with_registry(&spec, &DataContext::default(), registry),
    };
    spec.discard(&[Dropped { key: "data".to_owned(), value: String::new() }]);
    Plan::with_data(&spec, blank, registry)
}

/// Stands in for data that are not there: items of a shape, and nothing in them.
struct Blank {
    shape: Vec<usize>,
    n_classes: usize,
}

impl Dataset for Blank {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn n_classes(&self) -> usize {
        self.n_classes
    }

    fn fill(&self, _key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        out.fill(0.0);
        labels.fill(0);
    }

    fn fingerprint(&self) -> String {
        "blank".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::everything;

    #[test]
    fn every_row_goes_with_a_recipe_and_says_so() {
        let registry = Registry::builtin();
        for row in everything(&registry) {
            let uses = of(row.kind, &row.name, &registry);
            let is_whole = [RECIPE, READING, VERDICT, SCORE, EXTRACTOR, "small game"].contains(&row.kind);
            let goes = uses.iter().all(|one| !one.recipes.is_empty());
            assert!(!uses.is_empty() && (is_whole || goes), "{} {}: {uses:?}", row.kind, row.name);
        }
    }

    fn recipes(kind: &str, name: &str) -> Vec<Use> {
        of(kind, name, &Registry::builtin())
    }

    #[test]
    fn what_changes_a_kind_goes_with_every_recipe_that_has_its_table() {
        let all = recipe::names();
        let without_imle: Vec<&str> = all.iter().copied().filter(|name| !name.contains("imle")).collect();
        for kind in ["sgd", "rmsprop", "adam"] {
            let uses = recipes("update", kind);
            assert_eq!(uses[0].recipes, without_imle, "{kind}");
            assert_eq!(uses[1].r#type, format!("--set generator.update.kind={kind}"));
            assert_eq!(uses[1].recipes.len() + without_imle.len(), all.len());
        }
        assert_eq!(recipes("schedule", "constant")[0].recipes, without_imle);
        for name in ["none", "exponential"] {
            assert_eq!(recipes("average", name)[0].recipes, all, "{name}");
        }
        assert_eq!(recipes("network", "mlp")[0].recipes, without_imle);
        assert_eq!(
            recipes("network", "infogan")[0].recipes,
            ["glyphs", "outlines", "mnist", "fashion-mnist", "folder"]
        );
        assert_eq!(recipes("loss", "began")[0].recipes, without_imle);
        assert_eq!(
            recipes("remedy", "gradient-penalty").iter().map(|one| one.recipes.len()).sum::<usize>(),
            8
        );
        let imle = recipes("game", "imle");
        assert!(imle[0].recipes.contains(&"ring") && imle[0].recipes.contains(&"mnist"), "{imle:?}");
        let back = recipes("game", "adversarial");
        assert_eq!(back[0].recipes, all);
        assert!(recipes("method", "wgan-gp")[0].recipes.contains(&"grid"));
    }

    #[test]
    fn a_way_that_is_not_named_is_refused() {
        let way = |set: &str| Way { with: None, set: vec![set.to_owned()] };
        let registry = Registry::builtin();
        assert!(goes("glyphs", &way("remedies.class-conditioning={}"), &registry));
        assert!(!goes("swiss-roll", &way("remedies.class-conditioning={}"), &registry));
        assert!(!goes("ring", &way("loss.kind=began"), &registry));
    }
}
