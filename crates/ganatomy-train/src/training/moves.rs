//! The step's programs, and which of them a step runs.

use ganatomy_tensor::{Bound, Cpu, Key, Program, Store};

use crate::error::TrainError;
use crate::programs::{bind, step_where, together};
use crate::rules::Rules;

/// The step; and where penalties count in some steps only, the step without those that are not due, once for each set of
/// periods that can be due together.
///
/// Which one runs is a function of the count of steps alone, so that a resumed run goes on as an uninterrupted one.
#[derive(Debug)]
pub(super) struct Moves {
    periods: Vec<u64>,
    programs: Vec<(Vec<u64>, Bound<f32>)>,
}

impl Moves {
    /// Binds the step in which all is due, and compiles and binds what else the rules ask for.
    pub fn bind(
        whole: &Program,
        rules: &Rules,
        cpu: &Cpu,
        store: &mut Store<f32>,
    ) -> Result<Moves, TrainError> {
        let periods = rules.game.periods();
        let mut programs = Vec::new();
        for due in together(&periods) {
            let bound = match due == periods {
                true => bind(whole, cpu, store)?,
                false => bind(&step_where(rules, &due)?.program, cpu, store)?,
            };
            programs.push((due, bound));
        }
        Ok(Moves { periods, programs })
    }

    /// Runs the step that the key counts. Allocates nothing.
    pub fn run(&mut self, cpu: &Cpu, store: &mut Store<f32>, key: Key) -> Result<(), TrainError> {
        let Moves { periods, programs } = self;
        let program = programs.iter_mut().find(|(due, _)| is_due(periods, due, key));
        program.map_or(Ok(()), |(_, program)| Ok(program.run(cpu, store, key)?))
    }
}

/// Are these the periods that are due at the step that the key counts?
pub(super) fn is_due(periods: &[u64], due: &[u64], key: Key) -> bool {
    periods.iter().all(|n| due.contains(n) == key.step.is_multiple_of(*n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Training;
    use crate::exam::{SMALL, plan, session};
    use crate::programs::{self, trace_step};
    use ganatomy_tensor::{Tensor, Trace};

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
        training.program = Moves { periods: vec![], programs: vec![(vec![], bound)] };
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
            assert_eq!(found.program.programs.len(), n_programs, "{more}");
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

    #[test]
    fn programs_are_made_for_the_sets_of_periods_that_occur() {
        assert_eq!(together(&[]), [vec![0; 0]]);
        assert_eq!(together(&[8, 16]), [vec![], vec![8], vec![8, 16]]);
        assert_eq!(together(&[2, 3]), [vec![], vec![2], vec![2, 3], vec![3]]);
        assert_eq!(together(&[2, 3, 6]), [vec![], vec![2], vec![2, 3, 6], vec![3]]);
    }
}
