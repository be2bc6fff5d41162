//! Ring games that step together: how long a lockstep takes on the device and on one thread here, and what that comes to a game, beside games one
//! by one, which are populations of one.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use ganatomy::record::{Event, Outcome, RecordError, RunSpec, Sink};
use ganatomy::tensor::{Cpu, Device};
use ganatomy::train::{Entrant, Plan, Registry, Session, Together};

use crate::Failure;
use crate::workloads::{WORKLOADS, spec_of};

/// The games: the workload, and the smallest that anyone plays.
pub(crate) const GAMES: [(&str, &str); 2] = [
    ("ring8", WORKLOADS[0].1),
    ("tiny", "batch = 32\ngenerator = { z_dims = 2, hidden = [16, 16] }\ndiscriminator.hidden = [16, 16]\n"),
];

/// Games of each population; those of more are left out where a game takes long.
pub(crate) const SIZES: [usize; 4] = [1, 16, 64, 1000];
/// Locksteps before the clock starts, and those that are timed.
const WARM: u64 = 16;
pub(crate) const STEPS: u64 = 64;
/// Games of the largest population that is tried on the processor too.
pub(crate) const MOST_HERE: usize = 64;

/// What a population took.
pub(crate) struct Took {
    /// Milliseconds of a step of all.
    pub lockstep_ms: f64,
    /// Until the first step: tracing, compiling, bringing the state.
    pub begin_secs: f64,
}

/// Hears when steps are made.
struct Timed {
    begun: Option<Instant>,
    warm: Option<(u64, Instant)>,
    last: Option<(u64, Instant)>,
}

impl Sink for Timed {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        if let Event::Step { step, .. } = event {
            let now = Instant::now();
            self.begun.get_or_insert(now);
            if *step >= WARM {
                self.warm.get_or_insert((*step, now));
            }
            self.last = Some((*step, now));
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// The time of `n` games with seeds of their own, on a device or here; many steps a call where the device can.
pub(crate) fn took(
    spec: &str,
    n: usize,
    cpu: &Arc<Cpu>,
    device: Option<&Arc<dyn Device>>,
) -> Result<Took, Failure> {
    let began = Instant::now();
    let own = |seed: usize| -> Result<RunSpec, Failure> {
        let mut spec = spec_of(spec, WARM)?;
        spec.set(&format!("seed={seed}"))?;
        spec.set(&format!("steps={STEPS}"))?;
        Ok(spec)
    };
    let (registry, context) = (Registry::builtin(), ganatomy::data::DataContext::default());
    let first = Plan::new(&own(0)?, &context)?;
    let others = (1..n).map(|seed| Ok(Arc::new(first.beside(&own(seed)?, &registry)?)));
    let others = others.collect::<Result<Vec<_>, Failure>>()?;
    let plans: Vec<Arc<Plan>> = std::iter::once(Arc::new(first)).chain(others).collect();
    let together = Together::new(plans)?;
    let mut sinks: Vec<Timed> = (0..n).map(|_| Timed { begun: None, warm: None, last: None }).collect();
    let entrants =
        sinks.iter_mut().map(|sink| Entrant { session: Session::in_memory(Arc::clone(cpu)), sink }).collect();
    let device = device.map(|device| &**device);
    for outcome in together.train(entrants, cpu, device)? {
        if outcome? != Outcome::Done {
            return Err("a ring game did not come to its end".into());
        }
    }
    let Timed { begun: Some(begun), warm: Some((from, warm)), last: Some((to, last)) } = sinks[0] else {
        return Err("no step was heard".into());
    };
    let lockstep_ms = 1e3 * (last - warm).as_secs_f64() / (to - from).max(1) as f64;
    Ok(Took { lockstep_ms, begin_secs: (begun - began).as_secs_f64() })
}
