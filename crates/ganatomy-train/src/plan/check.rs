//! What tracing the players once, and drawing one batch, shows to be wrong.

use std::collections::BTreeMap;

use ganatomy_data::{BatchKey, Dataset};
use ganatomy_game::game::{self, N_TRACED};
use ganatomy_game::step::{Game, PlayerUpdate, Who};
use ganatomy_record::{RunSpec, SpecError};

use super::parts::Shared;

/// Refuses a run's name that is not one plain part of a path: folders are called after it.
pub(super) fn name(spec: &RunSpec, name: &str) -> Result<(), SpecError> {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let n = name.chars().count();
    match (1..=LONGEST_NAME).contains(&n) && name.chars().all(is_plain) && !name.starts_with(['.', '-']) {
        true => Ok(()),
        false => {
            let shown: String = name.chars().take(40).collect();
            let why = format!(
                "must be 1 to {LONGEST_NAME} letters, digits, \"-\", \"_\" and \".\", the first a letter or digit or \"_\", \
                 found {shown:?} of {n} letters"
            );
            Err(spec.refuse("name", why))
        }
    }
}

/// Letters of a name, which stands in titles and paths.
const LONGEST_NAME: usize = 100;

/// Refuses a data set of which one of the first items has a class that the set does not have.
pub(super) fn labels(spec: &RunSpec, data: &dyn Dataset, batch: usize) -> Result<(), SpecError> {
    // A few items show a set that counts its classes wrongly; a large batch would only take longer.
    let n = batch.min(N_LABELS);
    let len: usize = data.item_shape().iter().product();
    let (mut items, mut labels) = (vec![0.0; n * len], vec![0; n]);
    data.fill(BatchKey { seed: 0, step: 0, draw: 0 }, &mut items, &mut labels);
    let n_classes = data.n_classes().max(1);
    match labels.iter().find(|&&label| label as usize >= n_classes) {
        Some(label) => {
            let why =
                format!("has items of class {label}, but says that it has {} classes", data.n_classes());
            Err(spec.refuse("data", why))
        }
        None => Ok(()),
    }
}

/// Items whose labels are looked at.
const N_LABELS: usize = 64;

/// Refuses a game with a player that no update moves: only a generator and a discriminator have a table in the spec.
pub(super) fn players(
    spec: &RunSpec,
    game: &dyn Game,
    updates: &BTreeMap<Who, PlayerUpdate>,
) -> Result<(), SpecError> {
    match game.players().iter().find(|player| !updates.contains_key(&player.who)) {
        Some(player) => {
            let (name, known) = (player.who.name(), updates.keys().map(|who| who.name()));
            let known = known.collect::<Vec<_>>().join(" and ");
            Err(spec.refuse("game.kind", format!("has a player \"{name}\", but only {known} can be trained")))
        }
        None => Ok(()),
    }
}

/// Refuses a network that answers another shape than its player must: `what` for each of two items.
pub(super) fn answer(
    spec: &RunSpec,
    who: Who,
    facts: &game::Facts,
    what: &str,
    each: &[usize],
) -> Result<(), SpecError> {
    let wanted: Vec<usize> = [N_TRACED].iter().chain(each).copied().collect();
    if facts.out[..] == wanted[..] {
        return Ok(());
    }
    let why = format!("must answer {what}, {wanted:?} for {N_TRACED} items, found {}", facts.out);
    Err(spec.refuse(&format!("{}.kind", who.name()), why))
}

/// Refuses a remedy that a network leaves without a place to take part.
pub(super) fn uses(
    spec: &RunSpec,
    who: Who,
    facts: &game::Facts,
    remedies: &[Shared],
) -> Result<(), SpecError> {
    for (name, remedy) in remedies {
        let uses = remedy.uses(who);
        let lacking = match () {
            () if uses.weights && facts.n_weights == 0 => "makes no weight with `Scope::weight`",
            () if uses.hidden && !facts.shows_hidden => {
                "does not hand its last hidden layer to `Scope::hidden`"
            }
            () if uses.logits && !facts.shows_logits => "does not hand its logits to `Scope::logits`",
            () => continue,
        };
        let why = format!("would do nothing: the {}'s network {lacking}", who.name());
        return Err(spec.refuse(&format!("remedies.{name}"), why));
    }
    Ok(())
}
