//! The plan: a spec with every check made and every part built, before step 0.

pub(crate) mod best;
pub(crate) mod cadence;
mod check;
pub(crate) mod classes;
mod device;
pub(crate) mod parts;

use std::fmt;
use std::sync::{Arc, OnceLock};

use ganatomy_data::{DataContext, DataError, Dataset, check_batch};
use ganatomy_game::step::Work;
use ganatomy_record::{
    Difference, Direction, Fields, Resolved, RunSpec, SpecError, choose_in, first_difference,
};
use ganatomy_tensor::{Precision, Program, TraceError};

use crate::error::TrainError;
use crate::probe::Probes;
use crate::programs::{self, Traced};
use crate::registry::{DuplicateName, Registry};
use crate::rules::Rules;
use crate::scoring::Scorings;
use cadence::Cadence;
use parts::{Built, Facts, GameParts};

/// A request that cannot be carried out. Nothing has been written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A field of the spec.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The data.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] DuplicateName),
}

/// The keys of a run's random numbers are its own up to here.
const MAX_STEPS: u64 = 1 << 40;

/// Everything a run needs, checked and built.
pub struct Plan {
    name: String,
    pub(crate) rules: Rules,
    pub(crate) cadence: Cadence,
    pub(crate) probes: Probes,
    /// Of products on another device.
    pub(crate) precision: Precision,
    resolved: Resolved,
    kinds: Vec<(String, String)>,
    /// The step's program, once it was asked for.
    step: OnceLock<Arc<Traced>>,
}

/// Where a plan's data comes from.
enum Source<'a> {
    /// The spec's `[data]`.
    Spec(&'a DataContext<'a>),
    /// The caller.
    Given(Arc<dyn Dataset>),
    /// Another plan, whose `[data]` must be the same.
    Shared(&'a Plan),
}

impl Plan {
    /// Checks and builds everything a spec asks for.
    ///
    /// # Errors
    /// A field or data set that cannot be used, named with what was found and what is allowed.
    pub fn new(spec: &RunSpec, context: &DataContext<'_>) -> Result<Plan, PlanError> {
        Plan::with_registry(spec, context, &Registry::builtin())
    }

    /// As [`Plan::new`], with a registry that may hold more than the built-in methods.
    ///
    /// # Errors
    /// As [`Plan::new`], and a name that stands twice in the registry.
    pub fn with_registry(
        spec: &RunSpec,
        context: &DataContext<'_>,
        registry: &Registry,
    ) -> Result<Plan, PlanError> {
        Plan::build(spec, Source::Spec(context), registry)
    }

    /// As [`Plan::with_registry`], on data in memory; the spec has no `[data]` then.
    ///
    /// ```
    /// use ganatomy_data::Points;
    /// use ganatomy_record::RunSpec;
    /// use ganatomy_train::{Plan, Registry};
    ///
    /// let points: Vec<[f32; 2]> = (0..500).map(|i| [i as f32 / 500.0, 0.0]).collect();
    /// let spec = RunSpec::parse("steps = 10\n", "example")?;
    /// let plan = Plan::with_data(&spec, Points::new(points)?, &Registry::builtin())?;
    /// assert_eq!(plan.data().n_items(), Some(500));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Plan::with_registry`], and a spec with a `[data]` of its own.
    pub fn with_data(
        spec: &RunSpec,
        data: impl Dataset + 'static,
        registry: &Registry,
    ) -> Result<Plan, PlanError> {
        Plan::build(spec, Source::Given(Arc::new(data)), registry)
    }

    /// As [`Plan::with_registry`], on the data of another plan, which is not read again.
    ///
    /// # Errors
    /// As [`Plan::with_registry`], and a `[data]` that is not the other plan's.
    pub fn beside(&self, spec: &RunSpec, registry: &Registry) -> Result<Plan, PlanError> {
        Plan::build(spec, Source::Shared(self), registry)
    }

    fn build(spec: &RunSpec, source: Source<'_>, registry: &Registry) -> Result<Plan, PlanError> {
        registry.check()?;
        let mut root = spec.root();
        let name = root.text("name", "what the run is called", "run")?;
        check::name(spec, &name)?;
        let seed = root.count("seed", "keys every random number of the run", 0, 0..=i64::MAX as u64)?;
        let steps = root.count("steps", "steps of the whole run", 3000, 1..=MAX_STEPS)?;
        let doc = "steps after which schedules, and what fades over the run, stay as they are; 0 for the steps of the run";
        let schedule_steps = match root.count("schedule_steps", doc, 0, 0..=MAX_STEPS)? {
            0 => steps,
            n => n,
        };
        let batch = root.count("batch", "items a player sees in one move", 128, 2..=1 << 20)? as usize;
        let data = source.read(&mut root, registry)?;
        let parts = GameParts::read(&mut root, registry)?;
        let scheme = choose_in(&mut root, "scheme", "who moves when", &registry.schemes, "alternating")?;
        let doc = "the generator's average, for sampling";
        let average = choose_in(&mut root, "average", doc, &registry.averages, "exponential")?;
        let cadence = Cadence::read(&mut root, steps)?;
        let probes = Probes::read(&mut root, &registry.probes)?;
        let scorings = Scorings::read(&mut root, registry, steps)?;
        let precision = device::read(&mut root)?;
        let resolved = root.finish()?;
        // The cheap checks are behind us: only now is data read, which may take long.
        let data = data()?;
        let kind = resolved.table.get("data").and_then(|data| data.get("kind")?.as_str());
        check_batch(kind.unwrap_or("in memory"), &*data, batch)?;
        check::labels(spec, &*data, batch)?;
        let class_shares = classes::shares_of(&*data);
        let (item, n_classes) = (data.item_shape(), data.n_classes());
        let facts = Facts { item, n_classes, class_shares: &class_shares, batch };
        let Built { generator, discriminator, game, updates } = parts.build(spec, &facts)?;
        scheme.fit(&*game).map_err(|why| spec.refuse("scheme.kind", why))?;
        let kinds = parts::kinds(&resolved.table);
        let rules = Rules {
            seed,
            steps,
            schedule_steps,
            batch,
            data,
            generator,
            discriminator,
            game,
            scheme,
            updates,
            average,
        };
        let probes = probes.with(scorings.fit(spec, &rules)?);
        // Readings that are only known once their probe is built are looked for then.
        if !cadence.best_by.is_empty()
            && let Some(readings) = probes.known_readings(&rules)
        {
            best::best_by(&cadence.best_by, &readings)
                .map_err(|why| spec.refuse("checkpoint.best_by", why))?;
        }
        Ok(Plan { name, rules, cadence, probes, precision, resolved, kinds, step: OnceLock::new() })
    }

    /// The run's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is played, by whom and on which data.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The seed of every random number.
    pub fn seed(&self) -> u64 {
        self.rules.seed
    }

    /// Steps of the whole run.
    pub fn steps(&self) -> u64 {
        self.rules.steps
    }

    /// Does anything follow how much of the run is done: the schedule of a learning rate?
    pub fn has_schedules(&self) -> bool {
        self.rules.updates.values().any(|update| !update.schedule.is_constant())
    }

    /// Items a player sees in one move.
    pub fn batch(&self) -> usize {
        self.rules.batch
    }

    /// Checks that so many devices can share each batch.
    ///
    /// # Errors
    /// A batch that they do not divide.
    pub fn check_shared(&self, n_devices: usize) -> Result<(), TrainError> {
        match self.batch() {
            batch if batch.is_multiple_of(n_devices) => Ok(()),
            batch => Err(TrainError::Unshared { batch, n_devices }),
        }
    }

    /// The spec with every default filled in.
    pub fn resolved(&self) -> &Resolved {
        &self.resolved
    }

    /// The data set.
    pub fn data(&self) -> &dyn Dataset {
        &*self.rules.data
    }

    /// The program of one step, to count or time what it does.
    ///
    /// # Errors
    /// Parts that do not make a program.
    pub fn step_program(&self) -> Result<Program, TraceError> {
        Ok(self.traced()?.program.clone())
    }

    /// What probes and scores read, and which way is better, where that is known before they are built.
    pub fn known_readings(&self) -> Option<Vec<(String, Direction)>> {
        self.probes.known_readings(&self.rules)
    }

    /// How many gradients and batches a step costs, which makes budgets of several methods equal.
    pub fn work_per_step(&self) -> Work {
        programs::work(&self.rules)
    }

    /// The step's program with its readings, compiled the first time.
    pub(crate) fn traced(&self) -> Result<Arc<Traced>, TraceError> {
        if let Some(known) = self.step.get() {
            return Ok(Arc::clone(known));
        }
        let traced = Arc::new(programs::step(&self.rules)?);
        Ok(Arc::clone(self.step.get_or_init(|| traced)))
    }

    /// What the run is made of, for people: label and text.
    pub fn describe(&self) -> Vec<(String, String)> {
        let Rules { seed, steps, batch, data, game, .. } = &self.rules;
        let run = format!("{}, seed {seed}, {steps} steps of batch {batch}", self.name);
        let mut lines = vec![("run".to_owned(), run)];
        lines.extend(data.summary().rows());
        lines.extend(self.kinds.iter().cloned());
        for player in game.players() {
            lines.push((
                format!("{} size", player.who.name()),
                format!("{} parameters", player.n_parameters()),
            ));
        }
        lines
    }
}

/// Reads the data, once every other field has been checked.
type Load<'a> = Box<dyn FnOnce() -> Result<Arc<dyn Dataset>, DataError> + 'a>;

impl<'a> Source<'a> {
    /// Reads `[data]`, or refuses it where the caller has given the data.
    fn read(self, root: &mut Fields<'_>, registry: &Registry) -> Result<Load<'a>, SpecError> {
        match self {
            Source::Given(_) if root.has("data") => {
                Err(root.refuse("data", "must be left out: the data is given in memory"))
            }
            Source::Given(data) => Ok(Box::new(|| Ok(data))),
            Source::Shared(first) if !first.resolved.table.contains_key("data") => {
                Source::Given(Arc::clone(&first.rules.data)).read(root, registry)
            }
            Source::Shared(first) => {
                let mut fields = root.table("data", "what is learned")?;
                ganatomy_data::read(&registry.data, &mut fields)?;
                let own = fields.finish()?;
                let wanted = first.resolved.table.get("data").and_then(toml::Value::as_table);
                let empty = toml::Table::new();
                if let Some(found) = first_difference(wanted.unwrap_or(&empty), &own.table, &[]) {
                    let Difference { key, old, new } = found;
                    let [old, new] =
                        [old, new].map(|value| value.map_or("nothing".into(), |value| value.to_string()));
                    let why = format!("must be {old}, as in the run whose data is shared, found {new}");
                    return Err(root.refuse(&format!("data.{key}"), why));
                }
                root.resolved("data", own);
                let data = Arc::clone(&first.rules.data);
                Ok(Box::new(|| Ok(data)))
            }
            Source::Spec(context) => {
                let mut fields = root.table("data", "what is learned")?;
                let spec = ganatomy_data::read(&registry.data, &mut fields)?;
                root.resolved("data", fields.finish()?);
                Ok(Box::new(move || spec.build(context).map(Arc::from)))
            }
        }
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("name", &self.name)
            .field("rules", &self.rules)
            .field("resolved", &self.resolved.table)
            .finish_non_exhaustive()
    }
}
