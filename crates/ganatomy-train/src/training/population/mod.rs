//! Populations: runs that differ in numbers only and make their steps together, in one program.

mod play;
mod stack;

use std::fmt;
use std::sync::Arc;

use ganatomy_record::{Difference, Outcome, Sink, first_difference};
use ganatomy_tensor::{Cpu, Device, Op, Program, TraceError};
use toml::{Table, Value};

use super::Session;
use crate::error::TrainError;
use crate::plan::Plan;
use crate::programs::Traced;
use crate::rules::Rules;
use crate::steps::{Apart, Steps};
use play::Play;

/// Plans whose runs make their steps together. Each run has its own folder, random numbers, readings and checkpoints, as if it were
/// alone; what it reads agrees with that to rounding.
///
/// ```
/// use ganatomy_data::DataContext;
/// use ganatomy_record::{Event, Outcome, RunSpec};
/// use ganatomy_tensor::Cpu;
/// use ganatomy_train::{Entrant, Plan, Registry, Session, Together};
/// use std::sync::Arc;
///
/// let spec = |seed| RunSpec::parse(&format!("steps = 3\nbatch = 16\nseed = {seed}\n"), "example");
/// let first = Plan::new(&spec(1)?, &DataContext::default())?;
/// let second = first.beside(&spec(2)?, &Registry::builtin())?;
/// let together = Together::new(vec![Arc::new(first), Arc::new(second)])?;
///
/// let cpu = Arc::new(Cpu::new(1));
/// let (mut one, mut two) = (Vec::<Event>::new(), Vec::<Event>::new());
/// let sinks: [&mut dyn ganatomy_record::Sink; 2] = [&mut one, &mut two];
/// let entrants = sinks.map(|sink| Entrant { session: Session::in_memory(Arc::clone(&cpu)), sink });
/// for outcome in together.train(entrants.into(), &cpu, None)? {
///     assert_eq!(outcome?, Outcome::Done);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Together {
    plans: Vec<Arc<Plan>>,
    steps: Steps<Program>,
    /// The step of the first, whose names are those of all.
    traced: Arc<Traced>,
}

/// A run of a population: what surrounds it, and who hears of it.
pub struct Entrant<'a> {
    /// Its folder, clock and origin. The device that it names is only recorded.
    pub session: Session,
    /// Hears what happens to it; a `Break` ends this run alone.
    pub sink: &'a mut dyn Sink,
}

/// Parameters of both players of a small game.
const MOST_PARAMETERS: usize = 1 << 20;

/// Plans that cannot be played together.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotTogether {
    /// None.
    #[error("a population needs at least one run")]
    Empty,
    /// More than numbers differs.
    #[error(
        "the runs of a population may differ in the seed and in numbers of their programs only, but run {} {}{}", at + 1,
        field.as_ref().map_or("is another game".to_owned(), |field| field.to_string()),
        why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default()
    )]
    Member {
        /// Which, counted from 0.
        at: usize,
        /// The field of its spec, if one is to blame.
        field: Option<Box<Field>>,
        /// The difference of the programs, if that is what differs.
        why: Option<String>,
    },
    /// A game that works on the host before each step.
    #[error("runs of {game} cannot be a population: each of their steps is prepared by the host")]
    Prepared {
        /// The game.
        game: String,
    },
    /// All together do not make a program.
    #[error("the population's program cannot be built: {0}")]
    Trace(#[from] TraceError),
}

/// A field of a run's spec that differs from the first run's.
#[derive(Clone, Debug, PartialEq)]
pub struct Field(Difference);

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let say = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), Value::to_string);
        let Difference { key, old, new } = &self.0;
        write!(f, "has {key} = {} where the first has {}", say(new), say(old))
    }
}

impl Together {
    /// Compiles the step of all.
    ///
    /// # Errors
    /// Plans that differ in more than numbers, with the field; a game whose steps the host prepares.
    pub fn new(plans: Vec<Arc<Plan>>) -> Result<Together, NotTogether> {
        let Some(first) = plans.first() else { return Err(NotTogether::Empty) };
        if first.rules.game.feed().is_some() {
            return Err(NotTogether::Prepared { game: first.name().to_owned() });
        }
        for (at, plan) in plans.iter().enumerate() {
            let alike = [
                plan.steps() == first.steps(),
                plan.precision == first.precision,
                plan.rules.data.fingerprint() == first.rules.data.fingerprint(),
            ];
            if alike.contains(&false) {
                return Err(NotTogether::Member { at, field: field(first, plan, alike[0]), why: None });
            }
        }
        let others: Vec<&Rules> = plans[1..].iter().map(|plan| &plan.rules).collect();
        let steps = Steps::of_all(&first.rules, &others).map_err(|apart| match apart {
            Apart::Trace(error) => NotTogether::Trace(error),
            Apart::Member { at, what } => {
                NotTogether::Member { at, field: field(first, &plans[at], true), why: Some(what) }
            }
        })?;
        let traced = first.traced()?;
        Ok(Together { plans, steps, traced })
    }

    /// Is a game so small that a device which makes it alone is idle: without convolutions, and with parameters that are few?
    pub fn is_small(&self) -> bool {
        let players = self.plans.iter().take(1).flat_map(|plan| plan.rules.game.players());
        let n_parameters: usize = players.map(|player| player.n_parameters()).sum();
        let convolves = self.steps.whole().instructions().any(|one| matches!(one.op, Op::Conv(..)));
        n_parameters <= MOST_PARAMETERS && !convolves
    }

    /// Runs all to their ends: that of the plan, a run's own divergence, or its sink's `Break`. Runs that go on from different steps
    /// catch up with the furthest one by one. Answers how each ended, in their order.
    ///
    /// # Errors
    /// A device that cannot go on, which ends all. What ends one run alone is its own answer.
    pub fn train(
        self,
        entrants: Vec<Entrant<'_>>,
        cpu: &Arc<Cpu>,
        device: Option<&dyn Device>,
    ) -> Result<Vec<Result<Outcome, TrainError>>, TrainError> {
        Play::new(self, entrants, cpu, device)?.finished()
    }
}

/// The field that is to blame: the first that is no number; else the first whole number, as sizes are; else the first. Seeds may always
/// differ, and steps are only looked at where they are known to.
fn field(first: &Plan, plan: &Plan, same_steps: bool) -> Option<Box<Field>> {
    let (old, new) = (&first.resolved().table, &plan.resolved().table);
    let mut ignored = vec!["seed".to_owned(), "name".to_owned()];
    let mut found = Vec::new();
    while let Some(difference) = differs(old, new, &ignored) {
        ignored.push(difference.key.clone());
        found.push(difference);
    }
    if !same_steps {
        found.retain(|difference| difference.key == "steps");
    }
    let is_number = |value: &Option<Value>| matches!(value, Some(Value::Integer(_) | Value::Float(_)));
    let is_other = |found: &&Difference| !is_number(&found.old) || !is_number(&found.new);
    let is_whole = |found: &&Difference| matches!(found.new, Some(Value::Integer(_)));
    let blamed = found.iter().find(is_other).or(found.iter().find(is_whole)).or(found.first());
    blamed.cloned().map(|difference| Box::new(Field(difference)))
}

fn differs(old: &Table, new: &Table, ignored: &[String]) -> Option<Difference> {
    let ignored: Vec<&str> = ignored.iter().map(String::as_str).collect();
    first_difference(old, new, &ignored)
}

impl fmt::Debug for Together {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Together").field("plans", &self.plans).finish_non_exhaustive()
    }
}

impl fmt::Debug for Entrant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entrant").field("session", &self.session).finish_non_exhaustive()
    }
}
