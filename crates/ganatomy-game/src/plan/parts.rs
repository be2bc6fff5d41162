//! The parts of a plan, read from their tables and built.

use std::collections::BTreeMap;

use ganatomy_record::{Fields, Range, RunSpec, SpecError};

use crate::data::{DataSpec, registry as data_registry};
use crate::game::{Adversarial, Noise, Player, Who};
use crate::loss::Loss;
use crate::network::{Network, NetworkSpec};
use crate::registry::{Entry, Registry, choose};
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

/// Both players as read, before the data's shape is known.
pub(crate) struct PlayerSpecs {
    noise: Noise,
    networks: [Box<dyn NetworkSpec>; 2],
    updates: BTreeMap<Who, PlayerUpdate>,
}

/// Reads `[data]`.
pub(super) fn data(root: &mut Fields<'_>, registry: &Registry) -> Result<Box<dyn DataSpec>, SpecError> {
    let mut fields = root.table("data", "what is learned")?;
    let spec = data_registry::read_from(&registry.data, &mut fields)?;
    root.resolved("data", fields.finish()?);
    Ok(spec)
}

/// Reads a table that holds one method.
pub(super) fn method<T: ?Sized>(
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

/// Reads `[ema]`.
pub(super) fn ema(root: &mut Fields<'_>) -> Result<f64, SpecError> {
    let mut fields = root.table("ema", "moving average of the generator, used for sampling")?;
    let doc = "share of the average that stays at each step; 0 for no average";
    let decay = fields.number("decay", doc, 0.999, Range::from_to_below(0.0, 1.0))?;
    root.resolved("ema", fields.finish()?);
    Ok(decay)
}

/// Reads `[generator]` and `[discriminator]`.
pub(crate) fn players(root: &mut Fields<'_>, registry: &Registry) -> Result<PlayerSpecs, SpecError> {
    let mut updates = BTreeMap::new();
    let mut noise = None;
    let mut networks = Vec::new();
    for (who, doc) in [(Who::Generator, "makes samples"), (Who::Discriminator, "tells real from generated")] {
        let mut fields = root.table(who.name(), doc)?;
        if who == Who::Generator {
            noise = Some(Noise::read(&mut fields)?);
        }
        networks.push(choose(&registry.networks, &mut fields, "the player's network", "mlp")?);
        updates.insert(who, update(&mut fields, registry)?);
        root.resolved(who.name(), fields.finish()?);
    }
    let (Some(noise), Ok(networks)) = (noise, networks.try_into()) else {
        return Err(root.refuse("generator", "must be given"));
    };
    Ok(PlayerSpecs { noise, networks, updates })
}

/// Reads a player's `update` and its `schedule`.
fn update(player: &mut Fields<'_>, registry: &Registry) -> Result<PlayerUpdate, SpecError> {
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

/// Builds the players for items of a shape.
pub(crate) fn game(
    spec: &RunSpec,
    players: PlayerSpecs,
    loss: Box<dyn Loss>,
    item: &[usize],
) -> Result<(Adversarial, BTreeMap<Who, PlayerUpdate>), SpecError> {
    let PlayerSpecs { noise, networks: [generator, discriminator], updates } = players;
    let build = |who: Who, network: Result<Box<dyn Network>, String>, input: &[usize]| match network {
        Ok(network) => Ok(Player::new(who, network, input)),
        Err(why) => {
            Err(spec.refuse(&format!("{}.kind", who.name()), format!("does not fit the data: {why}")))
        }
    };
    let generator = build(Who::Generator, generator.generator(noise.z_dims, item), &[noise.z_dims])?;
    let discriminator = build(Who::Discriminator, discriminator.discriminator(item), item)?;
    Ok((Adversarial { generator, discriminator, loss, noise, item: item.to_vec() }, updates))
}

/// The chosen kind of every table, for people.
pub(super) fn kinds(table: &toml::Table) -> Vec<(String, String)> {
    let parts = ["data", "generator", "discriminator", "loss", "scheme"];
    let kind = |part: &&str| {
        let name = table.get(*part)?.get("kind")?.as_str()?;
        Some(((*part).to_owned(), name.to_owned()))
    };
    parts.iter().filter_map(kind).collect()
}
