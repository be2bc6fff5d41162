//! A step while it is traced: the players' newest tensors, and the moves that change them.

use std::cell::Cell;
use std::collections::BTreeMap;

use ganatomy_tensor::{Tensor, Trace, grad};

use super::{Field, Game, Memory, Moment, Objective, PlayerUpdate, Players, Turn, Values, Who};

/// What is played, and by which rules.
#[derive(Clone, Copy)]
pub struct Board<'a> {
    /// Who minimises what.
    pub game: &'a dyn Game,
    /// How each player moves.
    pub updates: &'a BTreeMap<Who, PlayerUpdate>,
    /// Items in a batch.
    pub batch: usize,
    /// Steps of the whole run.
    pub n_steps: u64,
    /// Which of the [`Game::periods`] are due in this step; nothing for a program of any step, which finds out by itself.
    pub due: Option<&'a [u64]>,
    /// Is each player's learning rate also multiplied by a factor that is state (see [`lr_factor_name`])?
    pub lr_factors: bool,
}

impl std::fmt::Debug for Board<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Board")
            .field("updates", &self.updates)
            .field("batch", &self.batch)
            .field("n_steps", &self.n_steps)
            .field("due", &self.due)
            .field("lr_factors", &self.lr_factors)
            .finish_non_exhaustive()
    }
}

/// The name of the tensor that multiplies a player's learning rate.
pub fn lr_factor_name(who: Who) -> String {
    format!("update.{}.lr_factor", who.name())
}

/// What a scheme writes a step with.
pub struct Play<'a> {
    trace: &'a Trace,
    board: Board<'a>,
    memory: &'a Memory,
    /// The share of the run that is done, a scalar.
    done: Tensor,
    /// The number of steps done, a scalar.
    step: Tensor,
    players: Players,
    batches: BTreeMap<&'static str, usize>,
    slopes: Cell<u64>,
}

impl std::fmt::Debug for Play<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Play")
            .field("board", &self.board)
            .field("players", &self.players)
            .finish_non_exhaustive()
    }
}

/// A batch of a step, by the purpose that keys it; the same batch gives the same samples and real items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch(String);

impl Batch {
    /// A batch that belongs to no move, for looking at the game.
    pub fn outside(purpose: &str) -> Batch {
        Batch(purpose.to_owned())
    }
}

/// What a step costs, whatever machine it runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work {
    /// Gradients of a player that are evaluated, those inside lookahead and unrolling among them.
    pub gradients: u64,
    /// Batches that are drawn.
    pub batches: u64,
}

/// A player's gradient, and what came with it.
#[derive(Clone, Debug)]
pub struct Gradient {
    /// By the parameter's name.
    pub by_parameter: Values,
    readings: Vec<(String, Tensor)>,
    running: Values,
    /// 1 where the player moves, 0 where it waits.
    gate: Option<Tensor>,
}

impl Gradient {
    /// The same gradient without the readings and running statistics of its turn.
    pub fn still(&self) -> Gradient {
        Gradient { readings: vec![], running: Values::new(), ..self.clone() }
    }
}

/// A moment within a step to which the play can return.
#[derive(Clone, Debug)]
pub struct Mark {
    players: Players,
    written: Values,
}

impl<'a> Play<'a> {
    /// A step before its first move: the players are inputs of the program.
    pub fn new(trace: &'a Trace, memory: &'a Memory, board: Board<'a>) -> Self {
        let step = trace.input("step", []);
        let last = (board.n_steps.max(2) - 1) as f64;
        // A run may be driven beyond its plan; then everything stays as it was at the end.
        let done = step.minimum(&trace.full([], last)) * (1.0 / last);
        let players = Players::inputs(&board.game.players(), trace);
        Play { trace, board, memory, done, step, players, batches: BTreeMap::new(), slopes: Cell::new(0) }
    }

    /// The players, in the order in which they move.
    pub fn order(&self) -> Vec<Who> {
        self.board.game.players().iter().map(|player| player.who).collect()
    }

    /// The program being written.
    pub fn trace(&self) -> &'a Trace {
        self.trace
    }

    /// The number of steps done, a scalar.
    pub fn step(&self) -> &Tensor {
        &self.step
    }

    /// What is kept from step to step beside the players' tensors.
    pub fn memory(&self) -> &'a Memory {
        self.memory
    }

    /// The players' newest tensors.
    pub fn players(&self) -> &Players {
        &self.players
    }

    /// The players' newest tensors, to be changed.
    pub fn players_mut(&mut self) -> &mut Players {
        &mut self.players
    }

    /// A fresh batch for a player's move, or for all at once.
    pub fn batch(&mut self, who: Option<Who>) -> Batch {
        let letter = match who {
            Some(Who::DISCRIMINATOR) => "d",
            Some(Who::GENERATOR) => "g",
            _ => "b",
        };
        let n = self.batches.entry(letter).or_default();
        *n += 1;
        Batch(format!("{letter}{}", *n - 1))
    }

    /// What has been written so far costs this many gradients of a player, and this many batches of data.
    pub fn work(&self) -> Work {
        Work { gradients: self.slopes.get(), batches: self.batches.values().sum::<usize>() as u64 }
    }

    /// The players where they stand now, as constants: no gradient flows back into earlier moves.
    ///
    /// A gradient taken here is that of a player whose opponents stand still. (Unrolling, in contrast, differentiates
    /// through their last moves.)
    pub fn leaves(&self) -> Players {
        let mut players = self.players.clone();
        players.values_mut().for_each(|value| *value = value.stop_gradient());
        players
    }

    /// What `who` minimises where the players stand at `point`.
    pub fn objective(&self, batch: &Batch, point: &Players, who: Who) -> Objective {
        self.board.game.objective(&self.turn(batch), point, who)
    }

    /// The gradient of an objective by the parameters of `who` at `point`.
    pub fn slope(&self, batch: &Batch, point: &Players, who: Who, objective: Objective) -> Gradient {
        self.slopes.set(self.slopes.get() + 1);
        let (names, own) = (self.parameters(who), point.of(who));
        let parameters: Vec<&Tensor> = names.iter().filter_map(|name| own.get(name)).collect();
        let slopes = grad(&objective.loss, &parameters);
        let gate = self.board.game.gate(&self.turn(batch), who, &objective.loss);
        let Objective { loss, mut readings, running, .. } = objective;
        readings.push((format!("{}/loss", who.name()), loss));
        Gradient { by_parameter: names.into_iter().zip(slopes).collect(), readings, running, gate }
    }

    /// The gradient of what `who` minimises, where the players stand now, on a fresh batch.
    pub fn gradient(&mut self, who: Who) -> Gradient {
        let (batch, point) = (self.batch(Some(who)), self.leaves());
        let objective = self.objective(&batch, &point, who);
        self.slope(&batch, &point, who, objective)
    }

    /// The gradients of all players where they stand now, on one fresh batch.
    pub fn field(&mut self) -> Field {
        let batch = self.batch(None);
        self.field_on(batch)
    }

    /// The gradients of all players where they stand now, on a given batch.
    pub fn field_on(&self, batch: Batch) -> Field {
        let leaves = self.leaves();
        let mut gradients = BTreeMap::new();
        for who in self.order() {
            let objective = self.objective(&batch, &leaves, who);
            gradients.insert(who, self.slope(&batch, &leaves, who, objective));
        }
        Field { batch, leaves, gradients }
    }

    /// Moves `who` along a gradient by its update rule, and its running statistics on.
    pub fn apply(&mut self, who: Who, gradient: &Gradient) {
        let PlayerUpdate { rule, .. } = &self.board.updates[&who];
        for (name, value) in &gradient.readings {
            self.memory.report(name, value.clone());
        }
        if rule.stays() {
            return;
        }
        let held = |new: Tensor, old: &Tensor| match &gradient.gate {
            Some(gate) => gate.broadcast(old.shape()).select(&new, old),
            None => new,
        };
        let counter = format!("update.{}.t", who.name());
        let before = self.memory.get(&counter, []);
        let t = &before + 1.0;
        self.memory.set(&counter, held(t.clone(), &before));
        let lr = self.lr(who);
        let at = Moment { lr: &lr, t: &t };
        for (name, g) in &gradient.by_parameter {
            let p = self.players.of(who)[name].clone();
            let slots: Vec<String> =
                rule.slots().iter().map(|slot| format!("update.{name}.{slot}")).collect();
            let old: Vec<Tensor> = slots.iter().map(|slot| self.memory.get(slot, p.shape())).collect();
            let (moved, new) = rule.step(&p, g, &old, &at);
            for ((slot, new), old) in slots.iter().zip(new).zip(&old) {
                self.memory.set(slot, held(new, old));
            }
            let moved = held(self.board.game.moved(who, name, moved), &p);
            self.players.of_mut(who).insert(name.clone(), moved);
        }
        self.players.of_mut(who).extend(gradient.running.clone());
    }

    /// Moves every player along its gradient.
    pub fn apply_all(&mut self, gradients: &BTreeMap<Who, Gradient>) {
        gradients.iter().for_each(|(who, gradient)| self.apply(*who, gradient));
    }

    /// A player's learning rate in this step, a scalar.
    pub fn lr(&self, who: Who) -> Tensor {
        let PlayerUpdate { rule, schedule, warmup_steps } = &self.board.updates[&who];
        let mut factor = schedule.factor(&self.done);
        if *warmup_steps > 0 {
            let ramp = (&self.step + 1.0) * (1.0 / *warmup_steps as f64);
            factor = factor * ramp.minimum(&self.trace.full([], 1.0));
        }
        let lr = factor * (rule.lr() * self.board.game.lr_factor(who));
        match self.board.lr_factors {
            true => lr * self.trace.input(&lr_factor_name(who), []),
            false => lr,
        }
    }

    /// Remembers this moment.
    pub fn mark(&self) -> Mark {
        Mark { players: self.players.clone(), written: self.memory.written() }
    }

    /// Returns to a moment. With `keep_lessons`, what was learned since then stays: the state of losses and remedies, and
    /// the slots of updates that learn from every gradient.
    pub fn rewind(&mut self, mark: &Mark, keep_lessons: bool) {
        let mut written = mark.written.clone();
        if keep_lessons {
            let learns = |name: &str| {
                if name.starts_with("loss.") || name.starts_with("remedy.") {
                    return true;
                }
                let mut of =
                    self.board.updates.iter().filter(|(_, update)| update.rule.learns_from_lookahead());
                let own = |who: &Who| name.starts_with(&format!("update.{}.", who.name()));
                of.any(|(who, _)| own(who))
            };
            written.extend(self.memory.written().into_iter().filter(|(name, _)| learns(name)));
        }
        self.players = mark.players.clone();
        self.memory.rewind(written);
    }

    /// The tensors after the step, and what else was written.
    pub fn finish(self) -> (Players, Values) {
        self.board.game.end_step(&self.turn(&Batch("end".into())), &self.players);
        let mut written = self.memory.written();
        written.insert("step".to_owned(), self.step + 1.0);
        (self.players, written)
    }

    fn turn(&self, batch: &Batch) -> Turn<'a> {
        let (trace, purpose, Board { batch, due, .. }) = (self.trace, batch.0.clone(), self.board);
        let (step, done) = (self.step.clone(), self.done.clone());
        Turn { trace, purpose, batch, step, done, due, memory: self.memory }
    }

    fn parameters(&self, who: Who) -> Vec<String> {
        let player = self.board.game.player(who);
        player.iter().flat_map(|player| player.trained()).map(|d| d.name.clone()).collect()
    }
}
