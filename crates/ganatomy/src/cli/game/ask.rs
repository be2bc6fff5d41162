//! From the arguments of `ganatomy game` to plans, one a scheme.

use ganatomy_record::{Entry, RunSpec, nearest};
use ganatomy_train::small::{SmallError, SmallPlan};
use ganatomy_train::{Registry, recipe};

use super::Game;
use crate::cli::failure::Failure;
use crate::cli::spec;

/// What is wrong with a request.
#[derive(Debug, thiserror::Error)]
pub(super) enum Wrong {
    #[error("there is no {kind} \"{name}\"{}; there are {}", hint(nearest.as_deref()), known.join(", "))]
    Name { kind: &'static str, name: String, nearest: Option<String>, known: Vec<String> },
    #[error(
        "the game {game} has no discriminator, so there is no loss to choose; leave --loss out, or play dirac"
    )]
    NoLoss { game: String },
    #[error("the method {name} names no loss, so --loss cannot take it")]
    Lossless { name: String },
    #[error("--lr must be a number greater than 0, found {found}")]
    Lr { found: String },
    #[error("--start must be numbers with commas between, such as 1,1, found \"{found}\"")]
    Start { found: String },
    #[error("--start must be {wanted} numbers ({labels}), found {found}")]
    Count { wanted: usize, labels: String, found: usize },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}

/// The tables of a method that a small game can be played by.
const RULES: [&str; 2] = ["loss", "remedies"];

impl Game {
    /// A plan for every scheme, all checked.
    pub(super) fn plans(&self, registry: &Registry) -> Result<Vec<(String, SmallPlan)>, Failure> {
        known("small game", &self.name, registry.small_games.iter().map(Entry::name).collect())?;
        let with_discriminator = has_discriminator(registry, &self.name);
        if self.loss.is_some() && !with_discriminator {
            return Err(Failure::request(Wrong::NoLoss { game: self.name.clone() }));
        }
        let usual = if with_discriminator { "alternating" } else { "simultaneous" };
        let asked = if self.scheme.is_empty() { vec![usual.to_owned()] } else { self.scheme.clone() };
        let plan = |scheme: String| {
            let spec = self.spec(registry, &scheme)?;
            match SmallPlan::with_registry(&spec, registry) {
                Ok(plan) => Ok((scheme, plan)),
                Err(error @ SmallError::Spec(_)) => Err(Failure::request(error)),
                Err(error) => Err(Failure::run(error)),
            }
        };
        asked.into_iter().map(plan).collect()
    }

    fn spec(&self, registry: &Registry, scheme: &str) -> Result<RunSpec, Failure> {
        let mut words = scheme.split(',').map(str::trim);
        let kind = words.next().unwrap_or_default();
        known("scheme", kind, registry.schemes.iter().map(Entry::name).collect())?;
        let lr = self.lr.trim();
        if !lr.parse().is_ok_and(|lr: f64| lr > 0.0 && lr.is_finite()) {
            return Err(Failure::request(Wrong::Lr { found: lr.to_owned() }));
        }
        let mut spec = RunSpec::parse("", &format!("game {}", self.name)).map_err(Failure::request)?;
        if let Some(loss) = &self.loss {
            spec.lay_over(&rules(registry, loss)?);
        }
        let mut assignments = vec![
            format!("game.kind={}", self.name),
            format!("scheme.kind={kind}"),
            "update.kind=sgd".to_owned(),
            format!("update.lr={:?}", lr.parse().unwrap_or(f64::NAN)),
            format!("steps={}", self.steps),
        ];
        assignments.extend(self.set.iter().cloned());
        spec::apply(&mut spec, &assignments).map_err(Failure::request)?;
        let own = |setting: &str| spec.set_as(&format!("--scheme {scheme}"), &format!("scheme.{setting}"));
        words.try_for_each(own).map_err(Failure::request)?;
        Ok(spec)
    }
}

/// A loss by its name, or the loss and remedies of a method.
fn rules(registry: &Registry, name: &str) -> Result<RunSpec, Failure> {
    let losses = registry.losses.iter().map(Entry::name);
    let names: Vec<&str> = losses.clone().chain(recipe::methods()).collect();
    known("loss or method", name, names)?;
    if losses.clone().any(|loss| loss == name) {
        let text = format!("loss.kind = \"{name}\"");
        return RunSpec::parse(&text, &format!("--loss {name}")).map_err(Failure::request);
    }
    let mut method = spec::find(name)?;
    method.keep(&RULES);
    match method.root().has(RULES[0]) || method.root().has(RULES[1]) {
        true => Ok(method),
        false => Err(Failure::request(Wrong::Lossless { name: name.to_owned() })),
    }
}

fn has_discriminator(registry: &Registry, name: &str) -> bool {
    let entry = registry.small_games.iter().find(|entry| entry.name() == name);
    let nothing = RunSpec::parse("", "nothing").ok();
    entry
        .zip(nothing)
        .and_then(|(entry, spec)| entry.read(&mut spec.root()).ok())
        .is_some_and(|game| game.has_discriminator())
}

/// Refuses an unknown name.
fn known(kind: &'static str, name: &str, known: Vec<&str>) -> Result<(), Failure> {
    if known.contains(&name) {
        return Ok(());
    }
    let nearest = nearest(name, known.iter().copied()).map(str::to_owned);
    let (name, known) = (name.to_owned(), known.into_iter().map(str::to_owned).collect());
    Err(Failure::request(Wrong::Name { kind, name, nearest, known }))
}

/// The numbers of `--start`.
pub(super) fn start(text: &str) -> Result<Vec<f64>, Failure> {
    let number = |word: &str| word.trim().parse::<f64>().ok().filter(|x| x.is_finite());
    let numbers: Option<Vec<f64>> = text.split(',').map(number).collect();
    numbers.ok_or_else(|| Failure::request(Wrong::Start { found: text.to_owned() }))
}
