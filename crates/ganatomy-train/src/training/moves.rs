//! The step's programs, and which of them a step runs.

use ganatomy_tensor::{Bound, Cpu, Key, Program, Store};

use crate::error::TrainError;
use crate::programs::{bind, resting_step};
use crate::rules::Rules;

/// The step; and where penalties count in some steps only, the step without them.
///
/// Which one runs is a function of the count of steps alone, so that a resumed run goes on as an uninterrupted one.
#[derive(Debug)]
pub(super) struct Moves {
    whole: Bound<f32>,
    resting: Option<Bound<f32>>,
    periods: Vec<u64>,
}

impl Moves {
    /// Binds the whole step, and compiles and binds what else the rules ask for.
    pub fn bind(
        whole: &Program,
        rules: &Rules,
        cpu: &Cpu,
        store: &mut Store<f32>,
    ) -> Result<Moves, TrainError> {
        let resting = resting_step(rules)?.map(|program| bind(&program, cpu, store)).transpose()?;
        Ok(Moves { whole: bind(whole, cpu, store)?, resting, periods: rules.game.periods() })
    }

    /// Runs the step that the key counts. Allocates nothing.
    pub fn run(&mut self, cpu: &Cpu, store: &mut Store<f32>, key: Key) -> Result<(), TrainError> {
        let due = self.periods.iter().any(|n| key.step.is_multiple_of(*n));
        let program = match &mut self.resting {
            Some(resting) if !due => resting,
            _ => &mut self.whole,
        };
        Ok(program.run(cpu, store, key)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Training;
    use crate::exam::{SMALL, plan, session};
    use crate::programs;

    fn training(more: &str) -> Training {
        Training::new(plan(&format!("{SMALL}{more}")).unwrap(), session()).unwrap()
    }

    /// Alike to the bit, or to rounding: sums of products are cut elsewhere where the penalty's are not among them.
    fn check_alike(found: &Training, masked: &Training, rounded: bool, what: &str) {
        assert_eq!(found.state_names(), masked.state_names(), "{what}");
        let readings = |of: &Training| of.readings().into_keys().collect::<Vec<_>>();
        assert_eq!(readings(found), readings(masked), "{what}");
        for name in found.state_names() {
            let (a, b) = (found.tensor(name).unwrap(), masked.tensor(name).unwrap());
            let most = if rounded { 1e-5 * b.iter().fold(1.0f32, |most, x| most.max(x.abs())) } else { 0.0 };
            let alike = a.iter().zip(b).all(|(a, b)| (a - b).abs() <= most);
            assert!(alike, "{name}, {what}: {a:?} is not {b:?}");
        }
    }

    #[test]
    fn a_step_without_the_penalties_that_are_not_due_is_the_step_in_which_they_weigh_nothing() {
        for (more, resting) in [
            ("remedies.r1.every_steps = 3\n", 6),
            ("remedies.r2 = { every_steps = 4, gamma = 3.0 }\nscheme.d_steps = 2\n", 6),
            ("remedies = { r1 = { every_steps = 2 }, r2 = { every_steps = 3 } }\n", 3),
            ("remedies = { r1 = { every_steps = 2 }, r2 = {}, spectral-norm = {} }\n", 4),
            ("remedies.r1.every_steps = 5\nscheme = { kind = \"unrolled\", k = 1 }\n", 7),
            ("remedies.r1.every_steps = 5\nscheme.kind = \"extragradient\"\n", 7),
            ("remedies.r1.every_steps = 5\nscheme.kind = \"consensus\"\n", 7),
        ] {
            let (mut found, mut n_resting) = (training(more), 0);
            for step in 0..9 {
                let mut masked = found.fork().unwrap();
                // The masks of the whole step are what a penalty of a period means.
                assert!(masked.program.resting.take().is_some(), "{more}");
                assert_eq!((found.advance(1).unwrap(), masked.advance(1).unwrap()), (None, None));
                let rests = !found.program.periods.iter().any(|n| step % n == 0);
                n_resting += u32::from(rests);
                check_alike(&found, &masked, rests, &format!("{more} after step {step}"));
            }
            assert_eq!(n_resting, resting, "{more}");
        }
    }

    #[test]
    fn a_step_in_which_no_penalty_is_due_costs_what_a_step_without_penalties_does() {
        let cost = |program: &Program| (program.kernel_costs().len(), program.product_flops());
        let of = |more: &str| plan(&format!("{SMALL}{more}")).unwrap();
        let (bare, lazy) =
            (of(""), of("remedies = { r1 = { every_steps = 8 }, r2 = { every_steps = 3 } }\n"));
        let whole = cost(&programs::step(&lazy.rules).unwrap().program);
        let resting = cost(&resting_step(&lazy.rules).unwrap().unwrap());
        assert_eq!(resting, cost(&programs::step(&bare.rules).unwrap().program));
        assert!(whole.0 > resting.0 && whole.1 > resting.1, "{whole:?} is not above {resting:?}");
        // A penalty of every step is in every step.
        assert!(resting_step(&of("remedies.r1 = {}\n").rules).unwrap().is_none());
    }
}
