//! What makes a run's steps: this processor, another device, or a population that the run is a member of.

use ganatomy_tensor::{Bound, Cpu, Device, Key, Store};

use super::away::Away;
use crate::error::TrainError;
use crate::plan::Plan;
use crate::programs::bind;
use crate::steps::Steps;

/// What makes a run's steps.
#[derive(Debug)]
pub(super) enum Mover {
    /// This processor, in the run's own memory.
    Here(Steps<Bound<f32>>),
    /// Another device.
    Away(Away),
    /// The population that the run is a member of.
    Population,
}

impl Mover {
    /// This processor, or the device that is given, with these programs.
    pub fn new(
        steps: &Steps<ganatomy_tensor::Program>,
        plan: &Plan,
        (cpu, device): (&Cpu, Option<&dyn Device>),
        store: &mut Store<f32>,
    ) -> Result<Mover, TrainError> {
        match device {
            Some(device) => Ok(Mover::Away(Away::new(device, steps, plan)?)),
            None => Ok(Mover::Here(steps.each(|program| bind(program, cpu, store))?)),
        }
    }

    /// Are batches best read while the steps before are made?
    pub fn reads_ahead(&self) -> bool {
        matches!(self, Mover::Away(_))
    }

    /// Steps that one call makes at most.
    pub fn most(&self) -> u64 {
        match self {
            Mover::Away(away) => away.most(),
            Mover::Here(_) | Mover::Population => 1,
        }
    }

    /// How many of `most` steps one call makes; one at least.
    pub fn at_once(&self, key: Key, most: u64) -> u64 {
        match self {
            Mover::Away(away) => away.at_once(key, most),
            Mover::Here(_) | Mover::Population => 1,
        }
    }

    /// Takes what the host has filled for the `nth` step of the next call.
    pub fn take(&mut self, store: &Store<f32>, nth: u64) -> Result<(), TrainError> {
        match self {
            Mover::Away(away) => away.take(store, nth),
            Mover::Here(_) | Mover::Population => Ok(()),
        }
    }

    /// Makes the step that the key counts and those that follow, `n` together, or fewer; answers how many. On this processor it allocates
    /// nothing. In a population nothing is made here.
    pub fn run(&mut self, cpu: &Cpu, store: &mut Store<f32>, key: Key, n: u64) -> Result<u64, TrainError> {
        match self {
            Mover::Away(away) => away.run(store, key, n),
            Mover::Here(steps) => {
                steps.at(key).map_or(Ok(()), |program| program.run(cpu, store, key))?;
                Ok(1)
            }
            Mover::Population => Ok(0),
        }
    }

    /// Brings the state home.
    pub fn home(&mut self, store: &mut Store<f32>) -> Result<(), TrainError> {
        match self {
            Mover::Away(away) => away.home(store),
            Mover::Here(_) | Mover::Population => Ok(()),
        }
    }

    /// The state at home may have been changed: the next step begins with it.
    pub fn touched(&mut self) {
        if let Mover::Away(away) = self {
            away.touched();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Training;
    use crate::exam::{SMALL, plan, session};
    use crate::programs::{self, bind, step_where, trace_step};
    use ganatomy_tensor::{Program, Tensor, Trace};

    fn n_programs_of(training: &Training) -> usize {
        match &training.mover {
            Mover::Here(steps) => steps.len(),
            _ => 0,
        }
    }

    fn training(more: &str) -> Training {
        Training::new(plan(&format!("{SMALL}{more}")).unwrap(), session()).unwrap()
    }

    /// A run whose one program does for any step: it computes every penalty, and masks those that are not due.
    fn masked(more: &str) -> Training {
        let mut training = training(more);
        let (plan, trace) = (training.plan().clone(), Trace::new());
        let (state, readings) = trace_step(&plan.rules, plan.rules.board(), &trace);
        let readings: Vec<_> = readings.into_iter().map(|(n, t)| (format!("reading.{n}"), t)).collect();
        let outputs: Vec<(&str, &Tensor)> = state
            .iter()
            .map(|(n, t)| (n.as_str(), t))
            .chain(readings.iter().map(|(n, t)| (n.as_str(), t)))
            .collect();
        let program = Program::compile(&trace, &outputs).unwrap();
        let bound = bind(&program, &session().cpu, &mut training.store).unwrap();
        training.mover = Mover::Here(Steps::always(bound));
        training
    }

    fn check_alike(found: &Training, masked: &Training, what: &str) {
        assert_eq!(found.state_names(), masked.state_names(), "{what}");
        for name in found.state_names() {
            let (a, b) = (found.tensor(name).unwrap(), masked.tensor(name).unwrap());
            // Sums of products are cut elsewhere where the penalty's are not among them.
            let most = 2e-5 * b.iter().fold(1.0f32, |most, x| most.max(x.abs()));
            assert!(
                a.iter().zip(b).all(|(a, b)| (a - b).abs() <= most),
                "{name}, {what}: {a:?} is not {b:?}"
            );
        }
        for ((name, a), b) in found.readings().into_iter().zip(masked.readings().into_values()) {
            assert!((a - b).abs() < 1e-4, "{name}, {what}: {a} is not {b}");
        }
    }

    #[test]
    fn steps_without_the_penalties_that_are_not_due_are_those_in_which_they_weigh_nothing() {
        for (more, n_programs) in [
            ("remedies.r1.every_steps = 3\n", 2),
            ("remedies.r2 = { every_steps = 4, gamma = 3.0 }\nscheme.d_steps = 2\n", 2),
            ("remedies = { r1 = { every_steps = 2 }, r2 = { every_steps = 3 } }\n", 4),
            ("remedies = { r1 = { every_steps = 2 }, r2 = { every_steps = 4 } }\n", 3),
            ("remedies = { r1 = { every_steps = 2 }, r2 = {}, spectral-norm = {} }\n", 2),
            ("remedies.r1.every_steps = 5\nscheme = { kind = \"unrolled\", k = 1 }\n", 2),
            ("remedies.r1.every_steps = 5\nscheme.kind = \"extragradient\"\n", 2),
            ("remedies.r1.every_steps = 5\nscheme.kind = \"consensus\"\n", 2),
        ] {
            let (mut found, mut masked) = (training(more), masked(more));
            assert_eq!(n_programs_of(&found), n_programs, "{more}");
            for step in 1..9 {
                assert_eq!((found.advance(1).unwrap(), masked.advance(1).unwrap()), (None, None));
                check_alike(&found, &masked, &format!("{more} after step {step}"));
            }
        }
    }

    #[test]
    fn a_step_in_which_no_penalty_is_due_costs_what_a_step_without_penalties_does() {
        let cost = |program: &Program| (program.kernel_costs().len(), program.product_flops());
        let of = |more: &str| plan(&format!("{SMALL}{more}")).unwrap();
        let lazy = of("remedies = { r1 = { every_steps = 8 }, r2 = { every_steps = 3 } }\n");
        let at = |due: &[u64]| cost(&step_where(&lazy.rules, due).unwrap().program);
        let bare = cost(&programs::step(&of("").rules).unwrap().program);
        assert_eq!(at(&[]), bare);
        let (one, both) = (at(&[8]), at(&[3, 8]));
        assert!(both.0 > one.0 && one.0 > bare.0 && both.1 > one.1 && one.1 > bare.1);
    }
}
