//! A run's state: which tensors it is made of, and what they are at the start.

use ganatomy_game::average;
use ganatomy_game::step::{Who, lr_factor_name};
use ganatomy_tensor::{Shape, Store, StoreError};

use crate::rules::Rules;

/// The number of steps done.
pub(crate) const STEP: &str = "step";

/// Is this tensor part of a run's state, and not of one step's work?
pub(crate) fn is_state(name: &str) -> bool {
    const STATE: [&str; 8] =
        ["generator.", "discriminator.", "update.", "scheme.", "loss.", "remedy.", "game.", "average."];
    name == STEP || STATE.iter().any(|prefix| name.starts_with(prefix))
}

/// The values of a tensor of the state.
pub(crate) fn tensor_of<'a>(store: &'a Store<f32>, name: &str) -> Result<&'a [f32], StoreError> {
    match is_state(name) {
        true => Ok(store.get(name)?.values()),
        false => Err(StoreError::Missing { name: name.to_owned() }),
    }
}

/// Parameters, running statistics and factors of learning rates as they are before training.
pub(crate) fn initial(rules: &Rules) -> Result<Store<f32>, StoreError> {
    let mut store = Store::new();
    store.insert(STEP, [], vec![0.0])?;
    for player in rules.game.players() {
        store.insert(&lr_factor_name(player.who), [], vec![1.0])?;
        for d in &player.declared {
            let values = d.init.values(&d.shape, &d.name, rules.seed);
            if player.who == Who::GENERATOR && rules.averages() {
                store.insert(&average::name(&d.name), d.shape.clone(), values.clone())?;
            }
            store.insert(&d.name, d.shape.clone(), values)?;
        }
    }
    Ok(store)
}

/// The names and shapes of the tensors that [`initial`] makes.
pub(crate) fn initial_shapes(rules: &Rules) -> Vec<(String, Shape)> {
    let mut all = Vec::new();
    for player in rules.game.players() {
        for d in &player.declared {
            if player.who == Who::GENERATOR && rules.averages() {
                all.push((average::name(&d.name), d.shape.clone()));
            }
            all.push((d.name.clone(), d.shape.clone()));
        }
    }
    all
}

/// The name by which a tensor that is not finite is reported, if there is one.
pub(crate) fn first_not_finite(store: &Store<f32>) -> Option<String> {
    let broken = |values: &[f32]| values.iter().any(|x| !x.is_finite());
    store
        .iter()
        .find(|(name, array)| is_state(name) && broken(array.values()))
        .map(|(name, _)| name.to_owned())
}
