//! A step while it is traced: the players' newest tensors, and the moves that change them.

use std::collections::BTreeMap;

use ganatomy_tensor::{Tensor, Trace, grad};

use crate::game::{Adversarial, Players, Turn, Who};
use crate::network::Values;
use crate::plan::PlayerUpdate;
use crate::update::Moment;

/// What a scheme plays with.
pub struct Play<'a> {
    trace: &'a Trace,
    game: &'a Adversarial,
    updates: &'a BTreeMap<Who, PlayerUpdate>,
    batch: usize,
    /// The share of the run that is done, a scalar.
    done: Tensor,
    /// The number of steps done, a scalar.
    step: Tensor,
    players: Players,
    /// Counters and slots of updates, by their full names.
    slots: Values,
    turns: BTreeMap<Who, usize>,
    /// The last readings of each name.
    readings: BTreeMap<String, Tensor>,
}

/// A player's gradient, and what came with it.
pub struct Gradient {
    /// By the parameter's name.
    pub by_parameter: Values,
    running: Values,
}

impl<'a> Play<'a> {
    pub(crate) fn new(
        trace: &'a Trace,
        game: &'a Adversarial,
        updates: &'a BTreeMap<Who, PlayerUpdate>,
        batch: usize,
        n_steps: u64,
    ) -> Self {
        let step = trace.input("step", []);
        Play {
            trace,
            game,
            updates,
            batch,
            done: &step * (1.0 / (n_steps.max(2) - 1) as f64),
            step,
            players: Players {
                generator: game.generator.inputs(trace),
                discriminator: game.discriminator.inputs(trace),
            },
            slots: Values::new(),
            turns: BTreeMap::new(),
            readings: BTreeMap::new(),
        }
    }

    /// The gradient of what `who` minimises, at the newest parameters, on a fresh batch.
    pub fn gradient(&mut self, who: Who) -> Gradient {
        let turn = self.turns.entry(who).or_default();
        let letter = if who == Who::Generator { "g" } else { "d" };
        let turn_now = Turn { trace: self.trace, purpose: format!("{letter}{turn}"), batch: self.batch };
        *turn += 1;
        let objective = self.game.objective(&turn_now, &self.with_opponent_fixed(who), who);
        self.readings.insert(format!("{}/loss", who.name()), objective.loss.clone());
        self.readings.extend(objective.readings.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let own = self.players.of(who);
        let names: Vec<&String> = self.game.player(who).trained().map(|d| &d.name).collect();
        let parameters: Vec<&Tensor> = names.iter().filter_map(|name| own.get(*name)).collect();
        let slopes = grad(&objective.loss, &parameters);
        let by_parameter = names.into_iter().cloned().zip(slopes).collect();
        Gradient { by_parameter, running: objective.running }
    }

    /// The players as `who` sees them: the opponent's tensors are what they are, not functions of `who`'s
    /// own parameters through the opponent's last move. (That dependence is what unrolling is about.)
    fn with_opponent_fixed(&self, who: Who) -> Players {
        let mut players = self.players.clone();
        for opponent in Who::BOTH.into_iter().filter(|&other| other != who) {
            for value in players.of_mut(opponent).values_mut() {
                *value = value.stop_gradient();
            }
        }
        players
    }

    /// Moves `who` along a gradient by its update rule, and its running statistics on.
    pub fn apply(&mut self, who: Who, gradient: &Gradient) {
        let PlayerUpdate { rule, schedule, warmup_steps } = &self.updates[&who];
        let counter = format!("update.{}.t", who.name());
        let t = self.slot(&counter, &self.trace.zeros([])) + 1.0;
        self.slots.insert(counter, t.clone());
        let mut factor = schedule.factor(&self.done);
        if *warmup_steps > 0 {
            let ramp = (&self.step + 1.0) * (1.0 / *warmup_steps as f64);
            factor = factor * ramp.minimum(&self.trace.full([], 1.0));
        }
        let at = Moment { lr: &(factor * rule.lr()), t: &t };
        for (name, g) in &gradient.by_parameter {
            let p = self.players.of(who)[name].clone();
            let names: Vec<String> =
                rule.slots().iter().map(|slot| format!("update.{name}.{slot}")).collect();
            let old: Vec<Tensor> = names.iter().map(|slot| self.slot(slot, &p)).collect();
            let (p, new) = rule.step(&p, g, &old, &at);
            self.slots.extend(names.into_iter().zip(new));
            self.players.of_mut(who).insert(name.clone(), p);
        }
        self.players.of_mut(who).extend(gradient.running.clone());
    }

    /// A slot's newest value; its shape is that of `like`.
    fn slot(&self, name: &str, like: &Tensor) -> Tensor {
        let known = self.slots.get(name).cloned();
        known.unwrap_or_else(|| self.trace.input(name, like.shape()))
    }

    /// The tensors after the step, and its readings.
    pub(crate) fn finish(self) -> (Players, Values, BTreeMap<String, Tensor>) {
        let mut slots = self.slots;
        slots.insert("step".to_owned(), self.step + 1.0);
        (self.players, slots, self.readings)
    }
}
