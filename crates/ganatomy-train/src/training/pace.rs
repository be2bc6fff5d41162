//! How long a run will take, from some of its steps.

use std::time::{Duration, Instant};

use super::Training;
use crate::error::TrainError;
use crate::look::Live;
use crate::probe::Scheduled;

/// Steps before the clock starts: the first ones find cold memory.
const WARM: u64 = 2;

/// What a run's steps and probes were found to take.
#[derive(Clone, Debug, PartialEq)]
pub struct Pace {
    /// The steps that were timed.
    pub n_steps: u64,
    /// Seconds that one of them took, on average.
    pub step_secs: f64,
    /// Seconds that the probes and scores will take, all together.
    pub probes_secs: f64,
    /// Seconds that the run will take, without its pictures, its checkpoints and what is made once.
    pub total_secs: f64,
    /// The reading that stopped being finite within the steps that were timed.
    pub broken: Option<String>,
}

impl Training {
    /// What the plan's steps after the `first` ones will take. Plays steps for so long, at least one, and reads each probe twice
    /// (what it makes once is not counted). The steps are made: give it a run in memory.
    ///
    /// # Errors
    /// A step that cannot be made, or a probe that cannot be built or read.
    pub fn pace(&mut self, first: u64, time: Duration) -> Result<Pace, TrainError> {
        let mut broken = None;
        for _ in 0..WARM {
            broken = broken.or(self.steps(1)?);
        }
        let (began, mut n_steps) = (Instant::now(), 0);
        while n_steps == 0 || (began.elapsed() < time && n_steps < self.plan.steps()) {
            let before = self.step;
            broken = broken.or(self.steps(self.steps_until(u64::MAX, |step| self.is_eventful_at(step)))?);
            n_steps += self.step - before;
        }
        let step_secs = began.elapsed().as_secs_f64() / n_steps as f64;
        let left = self.plan.steps().saturating_sub(first);
        let probes_secs = self.probes_secs(left)?;
        let total_secs = step_secs * left as f64 + probes_secs;
        Ok(Pace { n_steps, step_secs, probes_secs, total_secs, broken })
    }

    /// What the probes will take in so many steps, each as often as it is due.
    fn probes_secs(&mut self, n_steps: u64) -> Result<f64, TrainError> {
        self.probes()?;
        self.home()?;
        let Training { plan, session, store, looks, step, probes, .. } = self;
        let mut secs = 0.0;
        for Scheduled { probe, n_samples, every_steps, .. } in probes.iter_mut().flatten() {
            let (rules, cpu, step, n_samples) = (&plan.rules, &*session.cpu, *step, *n_samples);
            let mut live = Live { rules, cpu, store, looks, step, n_samples };
            probe.read(&mut live)?;
            let began = Instant::now();
            probe.read(&mut live)?;
            secs += began.elapsed().as_secs_f64() * n_steps.div_ceil(*every_steps) as f64;
        }
        Ok(secs)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ganatomy_data::DataContext;
    use ganatomy_record::RunSpec;
    use ganatomy_tensor::Cpu;

    use super::*;
    use crate::{Plan, Session};

    #[test]
    fn a_run_takes_its_steps_and_its_probes_as_often_as_they_are_due() {
        let text = "steps = 40\nbatch = 8\ngenerator = { z_dims = 2, hidden = [4] }\n\
                    discriminator = { hidden = [4] }\nprobes.modes = { every_steps = 10, n_samples = 64 }\n";
        let plan = Plan::new(&RunSpec::parse(text, "test").unwrap(), &DataContext::default()).unwrap();
        let mut run = Training::new(plan, Session::in_memory(Cpu::new(1))).unwrap();
        let pace = run.pace(10, Duration::ZERO).unwrap();
        assert_eq!((pace.n_steps, run.step()), (1, WARM + 1));
        assert!(pace.step_secs > 0.0 && pace.probes_secs > 0.0);
        assert_eq!(pace.total_secs, 30.0 * pace.step_secs + pace.probes_secs);
        assert_eq!(pace.broken, None);
        // It ends with the plan's steps, however much time there is.
        assert_eq!(run.pace(0, Duration::from_secs(3600)).unwrap().n_steps, 40);
        run.set("generator.out.bias", &[f32::NAN; 2]).unwrap();
        assert!(run.pace(0, Duration::ZERO).unwrap().broken.is_some());
    }
}
