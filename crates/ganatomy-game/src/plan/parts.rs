//! The parts of a plan, read from their tables and built.

use std::collections::BTreeMap;
use std::sync::Arc;

use ganatomy_record::{Fields, RunSpec, SpecError};

use crate::data::{DataSpec, registry as data_registry};
use crate::game::{Game, GameSpec, Generator, Ingredients, Noise, Player, Who};
use crate::loss::Loss;
use crate::network::{Network, NetworkSpec};
use crate::registry::{Entry, Registry, choose};
use crate::remedy::{Parts, Remedies, Remedy};
use crate::update::{Schedule, Update};

/// How one player's parameters move.
pub struct PlayerUpdate {
    /// The rule.
    pub rule: Box<dyn Update>,
    /// The learning rate's factor over the run.
    pub schedule: Box<dyn Schedule>,
    /// Steps over which the learning rate rises from zero.
    pub warmup_steps: u64,
}

/// The game as read, before the data's shape is known.
pub(crate) struct GameParts {
    game: Box<dyn GameSpec>,
    noise: Noise,
    generator: Box<dyn NetworkSpec>,
    /// What games with a discriminator have besides.
    duel: Option<Duel>,
    updates: BTreeMap<Who, PlayerUpdate>,
}

struct Duel {
    discriminator: Box<dyn NetworkSpec>,
    loss: Box<dyn Loss>,
    remedies: Vec<(&'static str, Box<dyn Remedy>)>,
}

/// What the data say about themselves.
pub(crate) struct Facts<'a> {
    pub item: &'a [usize],
    pub n_classes: usize,
    pub batch: usize,
}

/// A game and how its players move.
pub(crate) struct Built {
    pub generator: Generator,
    pub discriminator: Option<Arc<Player>>,
    pub game: Box<dyn Game>,
    pub updates: BTreeMap<Who, PlayerUpdate>,
}

/// Reads `[data]`.
pub(super) fn data(root: &mut Fields<'_>, registry: &Registry) -> Result<Box<dyn DataSpec>, SpecError> {
    let mut fields = root.table("data", "what is learned")?;
    let spec = data_registry::read_from(&registry.data, &mut fields)?;
    root.resolved("data", fields.finish()?);
    Ok(spec)
}

/// Reads a table that holds one method.
pub(crate) fn method<T: ?Sized>(
    root: &mut Fields<'_>,
    name: &'static str,
    doc: &'static str,
    entries: &[Entry<T>],
    default: &str,
) -> Result<Box<T>, SpecError> {
    let mut fields = root.table(name, doc)?;
    let method = choose(entries, &mut fields, doc, default)?;
    root.resolved(name, fields.finish()?);
    Ok(method)
}

impl GameParts {
    /// Reads `[game]`, `[generator]`, and for games with a discriminator `[discriminator]`, `[loss]` and `[remedies]`.
    pub(crate) fn read(root: &mut Fields<'_>, registry: &Registry) -> Result<GameParts, SpecError> {
        let game = method(root, "game", "what is played", &registry.games, "adversarial")?;
        let mut updates = BTreeMap::new();
        let mut fields = root.table("generator", "makes samples")?;
        let noise = Noise::read(&mut fields)?;
        let generator = choose(&registry.networks, &mut fields, "the player's network", "mlp")?;
        updates.insert(Who::GENERATOR, update(&mut fields, registry)?);
        root.resolved("generator", fields.finish()?);
        let duel = if game.has_discriminator() {
            let (duel, moves) = Duel::read(root, registry)?;
            updates.insert(Who::DISCRIMINATOR, moves);
            Some(duel)
        } else {
            for name in ["discriminator", "loss", "remedies"] {
                if root.has(name) {
                    return Err(root.refuse(name, "must be left out: this game has no discriminator"));
                }
            }
            None
        };
        Ok(GameParts { game, noise, generator, duel, updates })
    }

    /// Builds the game for data of a kind.
    pub(crate) fn build(self, spec: &RunSpec, facts: &Facts<'_>) -> Result<Built, SpecError> {
        let GameParts { game, noise, generator, duel, updates } = self;
        let misfit = |part: &str, why: String| spec.refuse(part, format!("does not fit the data: {why}"));
        let (rest, mut remedies) = match duel {
            Some(Duel { discriminator, loss, remedies }) => (Some((discriminator, loss)), remedies),
            None => (None, Vec::new()),
        };
        // A first look at the generator tells the remedies what it is; they may then change what it is given.
        let bare =
            generator.generator(noise.z_dims, facts.item).map_err(|why| misfit("generator.kind", why))?;
        let loss = rest.as_ref().map(|(_, loss)| &**loss);
        fit(spec, &mut remedies, loss, bare.mixes_batch(), facts)?;
        let remedies = Remedies::new(remedies.into_iter().map(|(_, remedy)| remedy).collect());
        let n_classes = remedies.iter().map(Remedy::n_classes).max().unwrap_or(0);
        let n_reference = remedies.iter().map(Remedy::n_reference).max().unwrap_or(0);
        let n_told = remedies.iter().map(Remedy::n_told).max().unwrap_or(0);
        let mut made = facts.item.to_vec();
        if let [.., channels] = &mut made[..] {
            *channels -= n_told;
        }
        let told =
            noise.z_dims + n_classes + facts.item.iter().product::<usize>() - made.iter().product::<usize>();
        let network = generator.generator(told, &made).map_err(|why| misfit("generator.kind", why))?;
        let player = Arc::new(Player::new(Who::GENERATOR, network, &[told], &remedies, 0));
        let item = facts.item.to_vec();
        let generator = Generator { player, noise, item, n_classes, n_told, n_reference };
        let ingredients = match rest {
            None => Ingredients { generator: generator.clone(), duel: None },
            Some((discriminator, loss)) => {
                let seen = remedies.seen_shape(facts.item, facts.batch, n_classes);
                let network =
                    discriminator.discriminator(&seen).map_err(|why| misfit("discriminator.kind", why))?;
                check_loss(spec, &*loss, &*network)?;
                check_slopes(spec, &remedies, &*network)?;
                let judge = Arc::new(Player::new(Who::DISCRIMINATOR, network, &seen, &remedies, n_classes));
                Ingredients { generator: generator.clone(), duel: Some((judge, loss, remedies)) }
            }
        };
        let discriminator = ingredients.duel.as_ref().map(|(judge, ..)| judge.clone());
        let game = game.build(ingredients).map_err(|why| spec.refuse("game.kind", why))?;
        Ok(Built { generator, discriminator, game, updates })
    }
}

impl Duel {
    fn read(root: &mut Fields<'_>, registry: &Registry) -> Result<(Duel, PlayerUpdate), SpecError> {
        let mut fields = root.table("discriminator", "tells real from generated")?;
        let discriminator = choose(&registry.networks, &mut fields, "the player's network", "mlp")?;
        let moves = update(&mut fields, registry)?;
        root.resolved("discriminator", fields.finish()?);
        let loss = method(root, "loss", "what the players minimise", &registry.losses, "non-saturating")?;
        let remedies = crate::remedy::read(root, &registry.remedies)?;
        Ok((Duel { discriminator, loss, remedies }, moves))
    }
}

/// Lets every remedy see the rest of the game, and refuse it.
pub(crate) fn fit(
    spec: &RunSpec,
    remedies: &mut [(&'static str, Box<dyn Remedy>)],
    loss: Option<&dyn Loss>,
    generator_mixes_batch: bool,
    facts: &Facts<'_>,
) -> Result<(), SpecError> {
    let beside: Vec<&'static str> = remedies.iter().map(|(name, _)| *name).collect();
    let projects = remedies.iter().any(|(_, remedy)| remedy.projects());
    let Facts { item, n_classes, batch } = *facts;
    let has_labels = loss.is_some_and(labels_items);
    let averages_logits = loss.is_some_and(Loss::averages_logits);
    for (name, remedy) in remedies {
        let beside = &beside;
        let parts = Parts {
            has_labels,
            averages_logits,
            generator_mixes_batch,
            projects,
            item,
            n_classes,
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
    let remedies = || {
        let on: Vec<&str> = table.get("remedies")?.as_table()?.keys().map(String::as_str).collect();
        (!on.is_empty()).then(|| ("remedies".to_owned(), on.join(", ")))
    };
    parts.iter().filter_map(kind).chain(remedies()).collect()
}
