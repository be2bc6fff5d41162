//! The plan: a spec with every check made and every part built, before step 0.

pub(crate) mod cadence;
mod parts;

use std::collections::BTreeMap;
use std::sync::Arc;

use ganatomy_record::{Resolved, RunSpec, SpecError};
use ganatomy_tensor::{Program, TraceError};

pub use cadence::Cadence;
use parts::Built;
pub use parts::PlayerUpdate;
pub(crate) use parts::{Facts, GameParts, fit, method, update};

use crate::Registry;
use crate::average::Average;
use crate::data::{DataContext, DataError, Dataset, check_batch};
use crate::game::{Game, Generator, Player, Who};
use crate::probe::Probes;
use crate::scheme::{Board, Scheme};

/// A request that cannot be carried out. Nothing has been written.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A field of the spec.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The data.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// Steps are counted in single precision, which is exact up to here.
const MAX_STEPS: u64 = 1 << 24;

/// Everything a run needs, checked and built.
pub struct Plan {
    pub(crate) name: String,
    pub(crate) seed: u64,
    pub(crate) steps: u64,
    pub(crate) batch: usize,
    pub(crate) data: Box<dyn Dataset>,
    pub(crate) generator: Generator,
    /// The judge, in games that have one.
    pub(crate) discriminator: Option<Arc<Player>>,
    pub(crate) game: Box<dyn Game>,
    pub(crate) scheme: Box<dyn Scheme>,
    pub(crate) updates: BTreeMap<Who, PlayerUpdate>,
    /// The generator's average over the run.
    pub(crate) average: Box<dyn Average>,
    pub(crate) cadence: Cadence,
    pub(crate) probes: Probes,
    resolved: Resolved,
    kinds: Vec<(String, String)>,
}

impl Plan {
    /// Checks and builds everything a spec asks for.
    pub fn new(spec: &RunSpec, context: &DataContext<'_>) -> Result<Plan, PlanError> {
        Plan::with_registry(spec, context, &Registry::builtin())
    }

    /// As [`Plan::new`], with a registry that may hold more than the built-in methods.
    pub fn with_registry(
        spec: &RunSpec,
        context: &DataContext<'_>,
        registry: &Registry,
    ) -> Result<Plan, PlanError> {
        let mut root = spec.root();
        let name = root.text("name", "what the run is called", "run")?;
        let seed = root.count("seed", "keys every random number of the run", 0, 0..=i64::MAX as u64)?;
        let steps = root.count("steps", "steps of the whole run", 3000, 1..=MAX_STEPS)?;
        let batch = root.count("batch", "items a player sees in one move", 128, 2..=1 << 20)? as usize;
        let data_spec = parts::data(&mut root, registry)?;
        let parts = GameParts::read(&mut root, registry)?;
        let scheme = method(&mut root, "scheme", "who moves when", &registry.schemes, "alternating")?;
        let average = method(
            &mut root,
            "average",
            "the generator's average, for sampling",
            &registry.averages,
            "exponential",
        )?;
        let cadence = Cadence::read(&mut root, steps)?;
        let probes = Probes::read(&mut root, &registry.probes)?;
        let resolved = root.finish()?;
        // The cheap checks are behind us: only now is data read, which may take long.
        let data = data_spec.build(context)?;
        check_batch(&name, &*data, batch)?;
        let facts = Facts { item: data.item_shape(), n_classes: data.n_classes(), batch };
        let Built { generator, discriminator, game, updates } = parts.build(spec, &facts)?;
        scheme.fit(&*game).map_err(|why| spec.refuse("scheme.kind", why))?;
        let kinds = parts::kinds(&resolved.table);
        Ok(Plan {
            name,
            seed,
            steps,
            batch,
            data,
            generator,
            discriminator,
            game,
            scheme,
            updates,
            average,
            cadence,
            probes,
            resolved,
            kinds,
        })
    }

    /// The run's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The seed of every random number.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Items a player sees in one move.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// The spec with every default filled in.
    pub fn resolved(&self) -> &Resolved {
        &self.resolved
    }

    /// The data set.
    pub fn data(&self) -> &dyn Dataset {
        &*self.data
    }

    /// The program of one step, to count or time what it does.
    pub fn step_program(&self) -> Result<Program, TraceError> {
        Ok(crate::programs::step(self)?.program)
    }

    /// What is played, and by which rules.
    pub(crate) fn board(&self) -> Board<'_> {
        Board { game: &*self.game, updates: &self.updates, batch: self.batch, n_steps: self.steps }
    }

    /// What the run is made of, for people: label and text.
    pub fn describe(&self) -> Vec<(String, String)> {
        let items = self.data.n_items().map_or("endless".to_owned(), |n| format!("{n} items"));
        let mut lines = vec![
            (
                "run".to_owned(),
                format!("{}, seed {}, {} steps of batch {}", self.name, self.seed, self.steps, self.batch),
            ),
            ("items".to_owned(), format!("{:?}, {items}", self.data.item_shape())),
        ];
        lines.extend(self.kinds.iter().cloned());
        for player in self.game.players() {
            lines.push((
                format!("{} size", player.who.name()),
                format!("{} parameters", player.n_parameters()),
            ));
        }
        lines
    }
}
