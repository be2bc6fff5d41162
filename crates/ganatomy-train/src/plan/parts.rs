//! The parts of a plan, read from their tables and built.

use std::collections::BTreeMap;
use std::sync::Arc;

use ganatomy_game::game::{GameSpec, Generator, Ingredients, Model, Noise, Second};
use ganatomy_game::loss::Loss;
use ganatomy_game::network::{Network, NetworkSpec};
use ganatomy_game::remedy::{self, Named, Parts, Remedies, Remedy};
use ganatomy_game::step::{Game, PlayerUpdate, Who};
use ganatomy_record::{Fields, RunSpec, SpecError, choose, choose_in};

use super::check;
use crate::registry::Registry;

/// The game as read, before the data's shape is known.
pub(crate) struct GameParts {
    game: Box<dyn GameSpec>,
    noise: Noise,
    generator: Box<dyn NetworkSpec>,
    /// The network of a discriminator or an encoder.
    second: Option<Box<dyn NetworkSpec>>,
    /// What games with a discriminator have besides.
    duel: Option<Duel>,
    updates: BTreeMap<Who, PlayerUpdate>,
}

struct Duel {
    loss: Box<dyn Loss>,
    remedies: Vec<Named>,
}

/// What the data say about themselves.
pub(crate) struct Facts<'a> {
    pub item: &'a [usize],
    pub n_classes: usize,
    /// The share of each class; empty where they are alike, or not known.
    pub class_shares: &'a [f64],
    pub batch: usize,
}

/// A game and how its players move.
pub(crate) struct Built {
    pub generator: Generator,
    pub discriminator: Option<Arc<Model>>,
    pub game: Box<dyn Game>,
    pub updates: BTreeMap<Who, PlayerUpdate>,
}

impl GameParts {
    /// Reads `[game]`, `[generator]`, for games of two players `[discriminator]`, and for those that judge `[loss]` and `[remedies]`.
    pub(crate) fn read(root: &mut Fields<'_>, registry: &Registry) -> Result<GameParts, SpecError> {
        let game = choose_in(root, "game", "what is played", &registry.games, "adversarial")?;
        let mut updates = BTreeMap::new();
        let mut fields = root.table("generator", "makes samples")?;
        let noise = Noise::read(&mut fields)?;
        let generator = choose(&registry.networks, &mut fields, "the player's network", "mlp")?;
        updates.insert(Who::GENERATOR, update(&mut fields, registry)?);
        root.resolved("generator", fields.finish()?);
        let (what, unused, why): (_, &[&str], _) = match game.second() {
            Second::Discriminator => (Some("tells real from generated"), &[], ""),
            Second::Encoder => (
                Some("tells where in latent space an item comes from"),
                &["loss", "remedies"],
                "must be left out: in this game [discriminator] encodes, and nobody judges",
            ),
            Second::Nobody => (
                None,
                &["discriminator", "loss", "remedies"],
                "must be left out: this game has no discriminator",
            ),
        };
        let mut second = None;
        if let Some(what) = what {
            let mut fields = root.table("discriminator", what)?;
            second = Some(choose(&registry.networks, &mut fields, "the player's network", "mlp")?);
            updates.insert(Who::DISCRIMINATOR, update(&mut fields, registry)?);
            root.resolved("discriminator", fields.finish()?);
        }
        for name in unused {
            root.unused(name, "game", why)?;
        }
        let duel = unused.is_empty().then(|| Duel::read(root, registry)).transpose()?;
        Ok(GameParts { game, noise, generator, second, duel, updates })
    }

    /// Builds the game for data of a kind.
    pub(crate) fn build(self, spec: &RunSpec, facts: &Facts<'_>) -> Result<Built, SpecError> {
        let GameParts { game, noise, generator, second, duel, updates } = self;
        let misfit = |part: &str, why: String| spec.refuse(part, format!("does not fit the data: {why}"));
        let (loss, mut remedies) =
            duel.map_or_else(Default::default, |duel| (Some(duel.loss), duel.remedies));
        // Remedies see a first generator; then they may change what it is given.
        let bare =
            generator.generator(noise.z_dims, facts.item).map_err(|why| misfit("generator.kind", why))?;
        fit(spec, &mut remedies, loss.as_deref(), bare.mixes_batch(), facts)?;
        let remedies: Vec<Shared> = remedies.into_iter().map(|(name, r)| (name, Arc::from(r))).collect();
        let most =
            |count: fn(&dyn Remedy) -> usize| remedies.iter().map(|(_, r)| count(&**r)).max().unwrap_or(0);
        let (n_classes, n_reference, n_given) =
            (most(|r| r.n_classes()), most(|r| r.n_reference()), most(|r| r.n_given()));
        let class_shares =
            remedies.iter().map(|(_, remedy)| remedy.class_shares()).find(|all| !all.is_empty());
        let class_shares = class_shares.unwrap_or_default().to_vec();
        let mut made = facts.item.to_vec();
        if let [.., channels] = &mut made[..] {
            // A remedy that gives an item's channels has seen to it that some are left to make.
            *channels = channels.saturating_sub(n_given);
        }
        let given: usize = facts.item.iter().product::<usize>() - made.iter().product::<usize>();
        let input = noise.z_dims + n_classes + given;
        let network = generator.generator(input, &made).map_err(|why| misfit("generator.kind", why))?;
        let hooks = Remedies::new(remedies.iter().map(|(_, remedy)| Arc::clone(remedy)).collect());
        let (model, found) = Model::new(Who::GENERATOR, network, &[input], &hooks, 0);
        check::answer(spec, Who::GENERATOR, &found, "items of the data's shape", &made)?;
        check::uses(spec, Who::GENERATOR, &found, &remedies)?;
        let (model, item) = (Arc::new(model), facts.item.to_vec());
        let generator = Generator { model, noise, item, n_classes, class_shares, n_given, n_reference };
        let mut ingredients = Ingredients { generator: generator.clone(), duel: None, encoder: None };
        if let Some(second) = second {
            let seen = hooks.seen_shape(facts.item, facts.batch, n_classes);
            let network = second.discriminator(&seen).map_err(|why| misfit("discriminator.kind", why))?;
            match loss {
                None => ingredients.encoder = Some(encoder(spec, network, &generator)?),
                Some(loss) => {
                    check_loss(spec, &*loss, &*network)?;
                    check_slopes(spec, &hooks, &*network)?;
                    let (judge, found) = Model::new(Who::DISCRIMINATOR, network, &seen, &hooks, n_classes);
                    check::answer(spec, Who::DISCRIMINATOR, &found, "one logit an item", &[])?;
                    check::uses(spec, Who::DISCRIMINATOR, &found, &remedies)?;
                    ingredients.duel = Some((Arc::new(judge), loss, hooks));
                }
            }
        }
        let discriminator = ingredients.duel.as_ref().map(|(judge, ..)| judge.clone());
        let game = game.build(ingredients).map_err(|why| spec.refuse("game.kind", why))?;
        check::players(spec, &*game, &updates)?;
        Ok(Built { generator, discriminator, game, updates })
    }
}

impl Duel {
    fn read(root: &mut Fields<'_>, registry: &Registry) -> Result<Duel, SpecError> {
        let loss = choose_in(root, "loss", "what the players minimise", &registry.losses, "non-saturating")?;
        let remedies = remedy::read(root, &registry.remedies)?;
        Ok(Duel { loss, remedies })
    }
}

/// The encoder of a game: two numbers for each number of a latent point.
fn encoder(
    spec: &RunSpec,
    network: Box<dyn Network>,
    generator: &Generator,
) -> Result<Arc<Model>, SpecError> {
    let n = 2 * generator.noise.z_dims;
    let (model, found) = Model::encoder(network, &generator.item, n);
    check::answer(spec, Who::DISCRIMINATOR, &found, "two numbers for each number of a latent point", &[n])?;
    Ok(Arc::new(model))
}

/// A remedy that has been fitted, by its name.
pub(super) type Shared = (String, Arc<dyn Remedy>);

/// Lets every remedy see the rest of the game, and refuse it.
pub(crate) fn fit(
    spec: &RunSpec,
    remedies: &mut [Named],
    loss: Option<&dyn Loss>,
    generator_mixes_batch: bool,
    facts: &Facts<'_>,
) -> Result<(), SpecError> {
    let names: Vec<String> = remedies.iter().map(|(name, _)| name.clone()).collect();
    let beside: Vec<&str> = names.iter().map(String::as_str).collect();
    let projects = remedies.iter().any(|(_, remedy)| remedy.projects());
    let Facts { item, n_classes, class_shares, batch } = *facts;
    let has_labels = loss.is_some_and(labels_items);
    let averages_logits = loss.is_some_and(Loss::averages_logits);
    for (name, remedy) in remedies {
        let beside = &beside[..];
        let parts = Parts {
            has_labels,
            averages_logits,
            generator_mixes_batch,
            projects,
            item,
            n_classes,
            class_shares,
            batch,
            beside,
        };
        remedy.fit(&parts).map_err(|why| spec.refuse(&format!("remedies.{name}"), why))?;
    }
    Ok(())
}

/// Refuses a loss that the discriminator cannot serve.
fn check_loss(spec: &RunSpec, loss: &dyn Loss, network: &dyn Network) -> Result<(), SpecError> {
    match loss.wants_autoencoder() && !network.is_autoencoder() {
        true => {
            let why = "needs a discriminator that reconstructs items: discriminator.kind = \"autoencoder\"";
            Err(spec.refuse("loss.kind", why))
        }
        false => Ok(()),
    }
}

/// Refuses penalties on the slope at an item where batch normalisation ties the items of a batch together.
fn check_slopes(spec: &RunSpec, remedies: &Remedies, network: &dyn Network) -> Result<(), SpecError> {
    match network.mixes_batch() && remedies.iter().any(Remedy::wants_slopes) {
        true => {
            let why = "must be \"none\" or \"layer\": a penalty on D's slope at an item means little under batch \
                       normalisation";
            Err(spec.refuse("discriminator.norm", why))
        }
        false => Ok(()),
    }
}

/// Does a loss label items real or generated?
fn labels_items(loss: &dyn Loss) -> bool {
    loss.label(&ganatomy_tensor::Trace::new().zeros([1]), true).is_some()
}

/// Reads a player's `update` and its `schedule`.
pub(crate) fn update(player: &mut Fields<'_>, registry: &Registry) -> Result<PlayerUpdate, SpecError> {
    let mut fields = player.table("update", "how the parameters move")?;
    let rule = choose(&registry.updates, &mut fields, "the rule", "adam")?;
    let mut inner = fields.table("schedule", "the learning rate's factor over the run")?;
    let schedule = choose(&registry.schedules, &mut inner, "the curve", "constant")?;
    let doc = "steps over which the learning rate rises from zero";
    let warmup_steps = inner.count("warmup_steps", doc, 0, 0..=1_000_000_000)?;
    fields.resolved("schedule", inner.finish()?);
    player.resolved("update", fields.finish()?);
    Ok(PlayerUpdate { rule, schedule, warmup_steps })
}

/// The chosen kind of every table, for people.
pub(super) fn kinds(table: &toml::Table) -> Vec<(String, String)> {
    let parts = ["data", "game", "generator", "discriminator", "loss", "scheme"];
    let kind = |part: &&str| {
        let name = table.get(*part)?.get("kind")?.as_str()?;
        Some(((*part).to_owned(), name.to_owned()))
    };
    let added = |part: &&str| {
        let is_on = |own: &toml::Value| own.get("every_steps").and_then(toml::Value::as_integer) != Some(0);
        let own = table.get(*part)?.as_table()?;
        let on: Vec<&str> = own
            .iter()
            .filter(|(_, own)| *part != "scores" || is_on(own))
            .map(|(name, _)| name.as_str())
            .collect();
        (!on.is_empty()).then(|| ((*part).to_owned(), on.join(", ")))
    };
    parts.iter().filter_map(kind).chain(["remedies", "scores"].iter().filter_map(added)).collect()
}
