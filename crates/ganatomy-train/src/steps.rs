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
        let program = |due: &Vec<u64>| match *due == periods {
            true => Ok(whole.clone()),
            false => Ok(step_where(rules, due)?.program),
        };
        let programs =
            sets(&periods).into_iter().map(|due| Ok((due.clone(), program(&due)?))).collect::<Result<_, _>>();
        Ok(Steps { lead: 0, programs: programs?, periods })
    }

    /// Those of several runs as one, along a further axis in front of every tensor.
    pub fn of_all(all: &[&Rules]) -> Result<Steps<Program>, Apart> {
        let Some(first) = all.first() else {
            return Ok(Steps { lead: 1, periods: Vec::new(), programs: Vec::new() });
        };
        let periods = first.game.periods();
        if let Some(at) = all.iter().position(|rules| rules.game.periods() != periods) {
            let (found, wanted) = (all[at].game.periods(), &periods);
            return Err(Apart::Member {
                at,
                what: format!("penalties due every {found:?} steps instead of {wanted:?}"),
            });
        }
        let mut programs = Vec::new();
        for due in sets(&periods) {
            programs.push((due.clone(), joined(all, &due)?));
        }
        Ok(Steps { lead: 1, periods, programs })
    }

    /// The step in which all is due.
    pub fn whole(&self) -> Option<&Program> {
        self.programs.iter().find(|(due, _)| *due == self.periods).map(|(_, program)| program)
    }
}

impl<T> Steps<T> {
    /// The same, of something made of each program.
    pub fn each<U, E>(&self, mut made: impl FnMut(&T) -> Result<U, E>) -> Result<Steps<U>, E> {
        let programs = self
            .programs
            .iter()
            .map(|(due, program)| Ok((due.clone(), made(program)?)))
            .collect::<Result<_, E>>()?;
        Ok(Steps { lead: self.lead, periods: self.periods.clone(), programs })
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
        Steps { lead: 0, periods: Vec::new(), programs: vec![(Vec::new(), program)] }
    }

    /// How many programs there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.programs.len()
    }
}

/// The step of all runs in which exactly these periods are due.
fn joined(all: &[&Rules], due: &[u64]) -> Result<Program, Apart> {
    let mut members: Option<Members> = None;
    for (at, rules) in all.iter().enumerate() {
        let trace = Trace::new();
        let (state, readings) = trace_step(rules, Board { due: Some(due), ..rules.board() }, &trace);
        let owned = written(state, readings);
        let outputs: Vec<(&str, &Tensor)> =
            owned.iter().map(|(name, value)| (name.as_str(), value)).collect();
        match &mut members {
            None => members = Some(Members::new(&trace, &outputs, rules.seed)?),
            Some(members) => members.add(&trace, &outputs, rules.seed).map_err(|error| match error {
                MemberError::Other { what } => Apart::Member { at, what },
                error => Apart::Member { at, what: error.to_string() },
            })?,
        }
    }
    let nothing = || Program::compile(&Trace::new(), &[]);
    Ok(members.map_or_else(nothing, |members| members.program_while(ALIVE, is_reading))?)
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
