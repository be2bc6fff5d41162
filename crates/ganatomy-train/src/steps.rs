//! The programs of a step: one for each set of periods that can be due together.

use ganatomy_game::step::Board;
use ganatomy_tensor::{Key, MemberError, Members, Program, Tensor, Trace, TraceError};

use crate::programs::{ALIVE, is_reading, step_where, trace_step, written};
use crate::rules::Rules;

/// The step; and where penalties count in some steps only, the step without those that are not due, once for each set of
/// periods that can be due together.
///
/// Which one runs is a function of the count of steps alone, so that a resumed run goes on as an uninterrupted one.
#[derive(Debug)]
pub(crate) struct Steps<T> {
    /// Axes in front of those of a single run.
    pub lead: usize,
    periods: Vec<u64>,
    programs: Vec<(Vec<u64>, T)>,
    /// The place of that in which all is due.
    whole: usize,
}

/// A run that cannot step together with others.
#[derive(Debug)]
pub(crate) enum Apart {
    /// The whole is too large, or a part of it wrong.
    Trace(TraceError),
    /// A member's program is another than the first's.
    Member { at: usize, what: String },
}

impl Steps<Program> {
    /// Those of one run, whose step in which all is due is compiled already.
    pub fn of(rules: &Rules, whole: &Program) -> Result<Steps<Program>, TraceError> {
        let periods = rules.game.periods();
        Steps::made(0, &periods, |due| match due == periods {
            true => Ok(whole.clone()),
            false => Ok(step_where(rules, due)?.program),
        })
    }

    /// Those of several runs as one, along a further axis in front of every tensor.
    pub fn of_all(first: &Rules, others: &[&Rules]) -> Result<Steps<Program>, Apart> {
        let periods = first.game.periods();
        if let Some(at) = others.iter().position(|rules| rules.game.periods() != periods) {
            let found = others[at].game.periods();
            let what = format!("penalties due every {found:?} steps instead of {periods:?}");
            return Err(Apart::Member { at: at + 1, what });
        }
        Steps::made(1, &periods, |due| joined(first, others, due))
    }
}

impl<T> Steps<T> {
    /// One for each set of periods that can be due together.
    fn made<E>(
        lead: usize,
        periods: &[u64],
        mut program: impl FnMut(&[u64]) -> Result<T, E>,
    ) -> Result<Steps<T>, E> {
        let sets = sets(periods);
        let whole = sets.iter().position(|due| due == periods).unwrap_or_default();
        let programs = sets.into_iter().map(|due| program(&due).map(|program| (due, program)));
        Ok(Steps { lead, periods: periods.to_vec(), programs: programs.collect::<Result<_, E>>()?, whole })
    }

    /// The same, of something made of each program.
    pub fn each<U, E>(&self, mut made: impl FnMut(&T) -> Result<U, E>) -> Result<Steps<U>, E> {
        let Steps { lead, periods, programs, whole } = self;
        let programs = programs.iter().map(|(due, program)| Ok((due.clone(), made(program)?)));
        let programs = programs.collect::<Result<_, E>>()?;
        Ok(Steps { lead: *lead, periods: periods.clone(), programs, whole: *whole })
    }

    /// The step in which all is due.
    pub fn whole(&self) -> &T {
        &self.programs[self.whole].1
    }

    /// What runs in the step that the key counts.
    pub fn at(&mut self, key: Key) -> Option<&mut T> {
        let Steps { periods, programs, .. } = self;
        let is_due = |due: &[u64]| periods.iter().all(|n| due.contains(n) == key.step.is_multiple_of(*n));
        programs.iter_mut().find(|(due, _)| is_due(due)).map(|(_, program)| program)
    }

    /// How many of `most` steps from this one on run the same program.
    pub fn alike(&self, key: Key, most: u64) -> u64 {
        let due = |step: u64| self.periods.iter().map(move |n| step.is_multiple_of(*n));
        (1..most).find(|n| !due(key.step + n).eq(due(key.step))).unwrap_or(most.max(1))
    }

    /// One that runs in every step.
    #[cfg(test)]
    pub fn always(program: T) -> Steps<T> {
        Steps { lead: 0, periods: Vec::new(), programs: vec![(Vec::new(), program)], whole: 0 }
    }

    /// How many programs there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.programs.len()
    }
}

/// The step of all runs in which exactly these periods are due.
fn joined(first: &Rules, others: &[&Rules], due: &[u64]) -> Result<Program, Apart> {
    let traced = |rules: &Rules| {
        let trace = Trace::new();
        let (state, readings) = trace_step(rules, Board { due: Some(due), ..rules.board() }, &trace);
        (trace, written(state, readings))
    };
    let (trace, owned) = traced(first);
    let mut members = Members::new(&trace, &by_name(&owned), first.seed)?;
    for (at, rules) in others.iter().enumerate() {
        let (trace, owned) = traced(rules);
        members.add(&trace, &by_name(&owned), rules.seed).map_err(|error| match error {
            MemberError::Other { what } => Apart::Member { at: at + 1, what },
            error => Apart::Member { at: at + 1, what: error.to_string() },
        })?;
    }
    Ok(members.program_while(ALIVE, is_reading)?)
}

fn by_name(owned: &[(String, Tensor)]) -> Vec<(&str, &Tensor)> {
    owned.iter().map(|(name, value)| (name.as_str(), value)).collect()
}

impl From<TraceError> for Apart {
    fn from(error: TraceError) -> Apart {
        Apart::Trace(error)
    }
}

/// The sets of periods that some step is a multiple of, and of no others.
fn sets(periods: &[u64]) -> Vec<Vec<u64>> {
    // Each step's set is that of the least common multiple of its periods.
    let mut multiples: Vec<u128> = vec![1];
    for &n in periods {
        let joined: Vec<u128> = multiples.iter().map(|&m| lcm(m, n.into())).collect();
        multiples.extend(joined);
    }
    let due = |m: &u128| periods.iter().copied().filter(|n| m.is_multiple_of((*n).into())).collect();
    let mut sets: Vec<Vec<u64>> = multiples.iter().map(due).collect();
    sets.sort();
    sets.dedup();
    sets
}

fn lcm(a: u128, b: u128) -> u128 {
    let (mut x, mut y) = (a, b);
    while y > 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_made_for_the_sets_of_periods_that_occur() {
        assert_eq!(sets(&[]), [vec![0; 0]]);
        assert_eq!(sets(&[8, 16]), [vec![], vec![8], vec![8, 16]]);
        assert_eq!(sets(&[2, 3]), [vec![], vec![2], vec![2, 3], vec![3]]);
        assert_eq!(sets(&[2, 3, 6]), [vec![], vec![2], vec![2, 3, 6], vec![3]]);
    }
}
