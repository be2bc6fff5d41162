//! How much each player could still gain if the other stood still.

use std::collections::BTreeMap;

use ganatomy_data::BatchKey;
use ganatomy_game::game::{Adversarial, Call, Model};
use ganatomy_game::loss::Minimax;
use ganatomy_game::step::{Board, Memory, Play, PlayerUpdate, Who};
use ganatomy_game::update::{Adam, Constant};
use ganatomy_tensor::{Key, Program, Tensor, Trace, TraceError};

use super::{Live, seed_of};
use crate::error::TrainError;
use crate::judge;
use crate::programs::bind;
use crate::real::RealBatches;
use crate::rules::Rules;

/// How the best answers are searched: by Adam, with moments 0.9 and 0.999, from where the players are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestAnswers {
    /// Steps of each search.
    pub steps: u64,
    /// The learning rate.
    pub lr: f64,
    /// Real items, and generated ones, that values are measured on.
    pub n_items: usize,
}

/// The values of a game against the best answers found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DualityGap {
    /// `V(G, best D)`
    pub best_d: f64,
    /// `V(best G, D)`
    pub best_g: f64,
}

impl DualityGap {
    /// `max_D' V(G, D') - min_G' V(G', D)`: never negative for true best answers, and zero exactly at an equilibrium.
    pub fn gap(&self) -> f64 {
        self.best_d - self.best_g
    }
}

impl Live<'_> {
    /// The duality gap of `V(G, D) = E log D(x) + E log(1 - D(G(z)))` where the players stand, on fresh items.
    ///
    /// The search uses V alone, whatever loss and remedies the run has; those inside D's network stay, and a D that judges
    /// packs of items is searched and valued on packs. A search may fall short of the best answer, so the gap found is as a rule too small (Grnarova et al. 2019, section 4). Not finite where a
    /// search diverged. The run itself stays where it is.
    ///
    /// # Errors
    /// [`TrainError::NoJudge`] in games without a judge of single items.
    pub fn duality_gap(&mut self, answers: &BestAnswers, key: u64) -> Result<DualityGap, TrainError> {
        let best_d = self.value_after(Who::DISCRIMINATOR, answers, key)?;
        let best_g = self.value_after(Who::GENERATOR, answers, key)?;
        Ok(DualityGap { best_d, best_g })
    }

    /// V after one player has answered.
    fn value_after(&mut self, who: Who, answers: &BestAnswers, key: u64) -> Result<f64, TrainError> {
        // Once beforehand, so that the copy of the store has every name that the programs below are bound to.
        let what = "the duality gap";
        self.judge(&[])?.ok_or(TrainError::NoJudge { what })?;
        self.player_samples(0, 0)?;
        let before = self.store.clone();
        let value = self.answer(who, answers, key).and_then(|()| self.value(answers.n_items, key, what));
        *self.store = before;
        value
    }

    /// Moves one player alone by V, and leaves it there.
    fn answer(&mut self, who: Who, answers: &BestAnswers, key: u64) -> Result<(), TrainError> {
        let (rules, cpu) = (self.rules, self.cpu);
        let (program, slots) = answer_program(rules, who, answers)?;
        // The search begins with the updates' slots at zero.
        for (name, shape) in program.inputs() {
            if slots.iter().any(|slot| slot == name) {
                self.store.place(name, shape)?;
                self.store.get_mut(name)?.values_mut().fill(0.0);
            }
        }
        let mut bound = bind(&program, cpu, self.store)?;
        let mut real = RealBatches::of(&program);
        let seed = seed_of(rules, "best answer", key);
        for step in 0..answers.steps {
            real.fill(&*rules.data, BatchKey { seed, step, draw: 0 }, self.store)?;
            bound.run(cpu, self.store, Key { seed, step })?;
        }
        Ok(())
    }

    /// V where the players stand.
    fn value(&mut self, n: usize, key: u64, what: &'static str) -> Result<f64, TrainError> {
        let (rules, cpu) = (self.rules, self.cpu);
        let (seed, item) = (seed_of(rules, "value", key), rules.item_len());
        let discriminator = rules.discriminator.as_deref().ok_or(TrainError::NoJudge { what })?;
        let at_once = judge::batch(rules).next_multiple_of(rules.batch);
        let (program, n_logits) = value_program(discriminator, rules, at_once)?;
        let in_pack = at_once / n_logits.max(1);
        let n = n.next_multiple_of(in_pack.max(1));
        let (mut real, mut labels) = (vec![0.0; n * item], vec![0; n]);
        rules.data.fill(BatchKey { seed, step: 0, draw: 0 }, &mut real, &mut labels);
        let fake = self.player_samples(n, seed)?;
        let mut bound = bind(&program, cpu, self.store)?;
        let mut mean = |items: &[f32], sign: f64| -> Result<f64, TrainError> {
            let mut sum = 0.0;
            for part in items.chunks(at_once * item) {
                self.store.get_mut(VALUED[0])?.values_mut()[..part.len()].copy_from_slice(part);
                bound.run(cpu, self.store, Key::default())?;
                let logits = &self.store.get(VALUED[1])?.values()[..part.len() / item / in_pack];
                sum += logits.iter().map(|&c| -softplus(sign * f64::from(c))).sum::<f64>();
            }
            Ok(sum / (n / in_pack).max(1) as f64)
        };
        // log D = -softplus(-C), log(1 - D) = -softplus(C).
        Ok(mean(&real, -1.0)? + mean(&fake, 1.0)?)
    }
}

/// Where items to be valued, and D's logits of them, are in the store.
const VALUED: [&str; 2] = ["look.valued", "look.logits"];

/// D's logits of items or of packs of them, and how many there are.
fn value_program(d: &Model, rules: &Rules, n: usize) -> Result<(Program, usize), TraceError> {
    let trace = Trace::new();
    let shape: Vec<usize> = [n].iter().chain(&rules.generator.item).copied().collect();
    let seen = d.remedies().shaped(&trace.input(VALUED[0], shape), None);
    let logits = d.apply(&d.player.inputs(&trace), &seen, &Call::sampling("value")).out;
    Ok((Program::compile(&trace, &[(VALUED[1], &logits)])?, logits.shape().numel()))
}

/// One move of `who` along V, and the names of what its update keeps.
fn answer_program(
    rules: &Rules,
    who: Who,
    answers: &BestAnswers,
) -> Result<(Program, Vec<String>), TrainError> {
    let discriminator = rules.discriminator.clone().ok_or(TrainError::NoJudge { what: "the duality gap" })?;
    let (generator, remedies) = (rules.generator.clone(), discriminator.remedies().shaping());
    let game = Adversarial { generator, discriminator, loss: Box::new(Minimax), remedies };
    let rule = Box::new(Adam::new(answers.lr, 0.9, 0.999));
    let moves = PlayerUpdate { rule, schedule: Box::new(Constant), warmup_steps: 0 };
    let updates = BTreeMap::from([(who, moves)]);
    let trace = Trace::new();
    let memory = Memory::new(&trace);
    let board = Board {
        game: &game,
        updates: &updates,
        batch: rules.batch,
        n_steps: answers.steps,
        due: None,
        lr_factors: false,
    };
    let mut play = Play::new(&trace, &memory, board);
    let gradient = play.gradient(who);
    play.apply(who, &gradient);
    let mut state = memory.written();
    // What a remedy keeps belongs to the player: a reference batch stays as it is.
    let slots = state.keys().filter(|name| name.starts_with("update.")).cloned().collect();
    state.extend(play.players().of(who).clone());
    let outputs: Vec<(&str, &Tensor)> = state.iter().map(|(name, value)| (name.as_str(), value)).collect();
    Ok((Program::compile(&trace, &outputs)?, slots))
}

fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}
