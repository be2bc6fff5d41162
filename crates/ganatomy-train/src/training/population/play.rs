//! The loop of a population: one step for all, and then what is due for each.

use std::ops::ControlFlow;
use std::sync::Arc;

use ganatomy_record::{Outcome, Sink};
use ganatomy_tensor::{Cpu, Device, Key};

use super::stack::Stack;
use super::{Entrant, Together};
use crate::error::TrainError;
use crate::programs::Traced;
use crate::steps::Steps;
use crate::training::mover::Mover;
use crate::training::run::count;
use crate::training::{Training, begin, drive_to, finish, interrupted, keep, note, report_step};

/// Numbers of real items from which on several threads fill them.
const WORTH_THREADS: usize = 1 << 15;

/// A run of the population.
struct Member<'a> {
    run: Training,
    sink: &'a mut dyn Sink,
    flow: ControlFlow<()>,
    /// How it ended.
    end: Option<Result<Outcome, TrainError>>,
}

/// A population while it plays.
pub(super) struct Play<'a> {
    members: Vec<Member<'a>>,
    stack: Stack,
    mover: Mover,
    traced: Arc<Traced>,
    cpu: Arc<Cpu>,
    step: u64,
    steps: u64,
}

impl<'a> Play<'a> {
    /// Begins every run; those that lag behind catch up.
    pub fn new(
        together: Together,
        entrants: Vec<Entrant<'a>>,
        cpu: &Arc<Cpu>,
        device: Option<&dyn Device>,
    ) -> Result<Play<'a>, TrainError> {
        let Together { plans, steps, traced } = together;
        let (found, wanted) = (entrants.len(), plans.len());
        if found != wanted {
            return Err(TrainError::Count { what: "the sessions of a population", found, wanted });
        }
        let mut members = Vec::with_capacity(plans.len());
        for (plan, Entrant { session, sink }) in plans.iter().zip(entrants) {
            let run = Training::member(Arc::clone(plan), session, Arc::clone(&traced))?;
            members.push(Member { run, sink, flow: ControlFlow::Continue(()), end: None });
        }
        // What is compiled for many steps in a call follows the cadence of the first.
        let mut stack = Stack::of(steps.whole())?;
        let mover = Mover::new(&steps, &plans[0], (cpu, device), &mut stack.store)?;
        let step = members.iter().map(|member| member.run.step()).max().unwrap_or(0);
        let n = members.len();
        for (at, member) in members.iter_mut().enumerate() {
            if mover.reads_ahead() {
                member.run.real.read_ahead(mover.most());
            }
            let begun = member.begin((n, step), device);
            member.settle(begun);
            if member.end.is_some() {
                stack.retire(at)?;
            }
            stack.take(at, &member.run.store)?;
        }
        let steps = plans[0].steps();
        Ok(Play { members, stack, mover, traced, cpu: Arc::clone(cpu), step, steps })
    }

    /// Makes the steps that are left.
    pub fn finished(mut self) -> Result<Vec<Result<Outcome, TrainError>>, TrainError> {
        match self.play() {
            Ok(()) => {
                let done = self.members.into_iter().map(|member| member.end.unwrap_or(Ok(Outcome::Done)));
                Ok(done.collect())
            }
            Err(error) => {
                // It is no run's own fault, but each of them ends with it.
                let reason = error.to_string();
                self.going()
                    .for_each(|(_, member)| member.finish(Ok(Outcome::Failed { reason: reason.clone() })));
                Err(error)
            }
        }
    }

    fn play(&mut self) -> Result<(), TrainError> {
        while self.step < self.steps {
            self.stop_those_asked()?;
            if self.going().next().is_none() {
                return Ok(());
            }
            self.make_steps()?;
            let is_eventful = self.is_eventful_at(self.step);
            if is_eventful {
                self.mover.home(&mut self.stack.store)?;
            }
            let Play { members, stack, traced, .. } = self;
            for (at, member) in members.iter_mut().enumerate() {
                if member.end.is_some() {
                    continue;
                }
                let broken = traced.read_of(&stack.store, at).find(|(_, value)| !value.is_finite());
                if let Some((quantity, _)) = broken {
                    stack.tell(at, &mut member.run.store)?;
                    let quantity = quantity.to_owned();
                    let ended =
                        member.run.report_late(true, member.sink).map(|_| Outcome::Diverged { quantity });
                    member.finish(ended);
                } else {
                    if is_eventful {
                        stack.give(at, &mut member.run.store)?;
                    }
                    match report_step(&mut member.run, member.sink) {
                        Ok(Ok(now)) => member.flow = keep(member.flow, now),
                        Ok(Err(quantity)) => member.finish(Ok(Outcome::Diverged { quantity })),
                        Err(error) => member.finish(Err(error)),
                    }
                }
                if member.end.is_some() {
                    stack.retire(at)?;
                }
            }
        }
        self.going().for_each(|(_, member)| member.finish(Ok(Outcome::Done)));
        Ok(())
    }

    /// The runs that have not ended.
    fn going(&mut self) -> impl Iterator<Item = (usize, &mut Member<'a>)> {
        self.members.iter_mut().enumerate().filter(|(_, member)| member.end.is_none())
    }

    fn is_eventful_at(&self, step: u64) -> bool {
        self.members.iter().any(|member| member.end.is_none() && member.run.is_eventful_at(step))
    }

    /// Makes one step, or as many as a device makes in one call before anything is due.
    fn make_steps(&mut self) -> Result<(), TrainError> {
        let seed = self.members[0].run.plan.rules.seed;
        let key = Key { seed, step: self.step };
        let most = self.mover.at_once(key, self.steps - self.step);
        let n = (1..most).find(|n| self.is_eventful_at(self.step + n)).unwrap_or(most);
        for nth in 0..n {
            self.fill(self.step + nth)?;
            self.mover.take(&self.stack.store, nth)?;
        }
        count(&mut self.stack.store, self.step)?;
        self.step += self.mover.run(&self.cpu, &mut self.stack.store, key, n)?;
        let step = self.step;
        self.going().for_each(|(_, member)| member.run.step = step);
        Ok(())
    }

    /// Fills the real items of a step.
    fn fill(&mut self, step: u64) -> Result<(), TrainError> {
        let rules = &self.members[0].run.plan.rules;
        let n_numbers = rules.batch * rules.item_len() * self.members.len();
        let n_threads =
            if n_numbers < WORTH_THREADS { 1 } else { self.cpu.threads().min(self.members.len()) };
        let mut going: Vec<&mut Training> = self
            .members
            .iter_mut()
            .filter(|member| member.end.is_none())
            .map(|member| &mut member.run)
            .collect();
        let fill = |runs: &mut [&mut Training]| runs.iter_mut().try_for_each(|run| fill_one(run, step));
        let each = going.len().div_ceil(n_threads).max(1);
        match n_threads {
            1 => fill(&mut going)?,
            _ => std::thread::scope(|scope| {
                let shares: Vec<_> = going.chunks_mut(each).map(|runs| scope.spawn(|| fill(runs))).collect();
                let mut ended = shares.into_iter().map(std::thread::ScopedJoinHandle::join);
                let stopped = |_| Err(TrainError::Other("a thread that draws the data has stopped".into()));
                ended.try_for_each(|ended| ended.unwrap_or_else(stopped))
            })?,
        }
        for (at, member) in self.members.iter().enumerate().filter(|(_, member)| member.end.is_none()) {
            self.stack.take_given(at, &member.run.store)?;
        }
        Ok(())
    }

    /// Stores the runs that were asked to stop where they are.
    fn stop_those_asked(&mut self) -> Result<(), TrainError> {
        if self.going().all(|(_, member)| member.flow.is_continue()) {
            return Ok(());
        }
        self.mover.home(&mut self.stack.store)?;
        let Play { members, stack, .. } = self;
        for (at, member) in members.iter_mut().enumerate() {
            if member.end.is_none() && member.flow.is_break() {
                stack.give(at, &mut member.run.store)?;
                let ended = interrupted(&mut member.run, member.sink);
                member.finish(ended);
                stack.retire(at)?;
            }
        }
        Ok(())
    }
}

impl Member<'_> {
    /// What comes before the first common step.
    fn begin(
        &mut self,
        (n, step): (usize, u64),
        device: Option<&dyn Device>,
    ) -> Result<Option<Outcome>, TrainError> {
        let Member { run, sink, flow, .. } = self;
        *flow = begin(run, *sink)?;
        if run.step() < step {
            let text = format!("catches up with its population alone, to step {step}");
            *flow = keep(*flow, note(run, *sink, text)?);
            let Training { plan, session, store, .. } = run;
            // Its own program: that of the population is compiled with the numbers of all.
            let steps = Steps::of(&plan.rules, &plan.traced()?.program)?;
            run.mover = Mover::new(&steps, plan, (&session.cpu, device), store)?;
            let ended = drive_to(run, *sink, flow, step)?;
            run.home()?;
            run.mover = Mover::Population;
            if ended.is_some() {
                return Ok(ended);
            }
        }
        let text = format!("one of a population of {n} that make their steps together");
        *flow = keep(*flow, note(run, *sink, text)?);
        Ok(None)
    }

    /// Ends where the beginning did.
    fn settle(&mut self, begun: Result<Option<Outcome>, TrainError>) {
        match begun {
            Ok(None) => {}
            Ok(Some(outcome)) => self.finish(Ok(outcome)),
            Err(error) => self.finish(Err(error)),
        }
    }

    fn finish(&mut self, ended: Result<Outcome, TrainError>) {
        self.end = Some(finish(&self.run, self.sink, ended));
    }
}

/// Fills a run's real items.
fn fill_one(run: &mut Training, step: u64) -> Result<(), TrainError> {
    let Training { plan, real, store, .. } = run;
    real.fill(&plan.rules.data, plan.rules.seed, step, store)
}
