//! A run's tensors, changed by hand, and shortcuts to what [`Live`](crate::look::Live) answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use ganatomy_game::average;
use ganatomy_game::step::{Who, lr_factor_name};
use ganatomy_tensor::{Store, StoreError};

use super::Session;
use crate::error::TrainError;
use crate::look::{BestAnswers, DualityGap, Layout, PathPoint, Slopes};
use crate::state::{STEP, is_state, tensor_of};
use crate::training::Training;

impl Training {
    /// The names of the run's state, sorted: all that a checkpoint holds.
    pub fn state_names(&self) -> Vec<&str> {
        self.store.iter().map(|(name, _)| name).filter(|name| is_state(name)).collect()
    }

    /// The values of a tensor of the run's state, such as `generator.out.bias`.
    ///
    /// # Errors
    /// A name that is not one of [`Training::state_names`].
    pub fn tensor(&self, name: &str) -> Result<&[f32], TrainError> {
        Ok(tensor_of(&self.store, name)?)
    }

    /// Gives a tensor of the run's state other values.
    ///
    /// # Errors
    /// A name that is not one of [`Training::state_names`], the count of steps, a factor of a learning rate below 0, or more or
    /// fewer values than the tensor has.
    pub fn set(&mut self, name: &str, values: &[f32]) -> Result<(), TrainError> {
        if name == STEP {
            return Err(TrainError::Fixed { name: name.to_owned() });
        }
        self.tensor(name)?;
        self.check_factor(name, values)?;
        let shape = self.store.get(name)?.shape().clone();
        self.store.insert(name, shape, values.to_vec())?;
        self.touched();
        Ok(())
    }

    /// What a player's learning rate is multiplied by, beside its schedule; 1 at the start.
    ///
    /// # Errors
    /// A player that is not in the game.
    pub fn lr_factor(&self, who: Who) -> Result<f64, TrainError> {
        let values =
            self.tensor(&lr_factor_name(who)).map_err(|_| TrainError::NoPlayer { who: who.name() })?;
        Ok(values.first().copied().map_or(1.0, f64::from))
    }

    /// Multiplies a player's learning rate from now on. The factor is state: a checkpoint keeps it.
    ///
    /// # Errors
    /// A factor below 0 or not finite, or a player that is not in the game.
    pub fn set_lr_factor(&mut self, who: Who, factor: f64) -> Result<(), TrainError> {
        self.lr_factor(who)?;
        self.set(&lr_factor_name(who), &[factor as f32])
    }

    /// Refuses a factor of a learning rate that is none.
    fn check_factor(&self, name: &str, values: &[f32]) -> Result<(), TrainError> {
        let players = self.plan.rules.game.players().into_iter().map(|player| player.who);
        match players.into_iter().find(|who| lr_factor_name(*who) == name) {
            Some(who) => match values.iter().find(|x| !x.is_finite() || **x < 0.0) {
                Some(&found) => Err(TrainError::Factor { who: who.name(), found: found.into() }),
                None => Ok(()),
            },
            None => Ok(()),
        }
    }

    /// The same run once more, in memory, from exactly where it is: parameters, moments, memory and step.
    ///
    /// ```
    /// # use ganatomy_data::DataContext;
    /// # use ganatomy_record::RunSpec;
    /// # use ganatomy_tensor::Cpu;
    /// # use ganatomy_train::{Plan, Session, Training};
    /// # let plan = Plan::new(&RunSpec::parse("batch = 16\n", "example")?, &DataContext::default())?;
    /// # let mut training = Training::new(plan, Session::in_memory(Cpu::new(1)))?;
    /// training.advance(2)?;
    /// let mut fork = training.fork()?;
    /// training.advance(3)?;
    /// fork.advance(3)?;
    /// assert_eq!(fork.parameters()?, training.parameters()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Training::new`].
    pub fn fork(&self) -> Result<Training, TrainError> {
        let session = Session { folder: None, resume: false, parent: None, ..self.session.clone() };
        let mut fork = Training::new(Arc::clone(&self.plan), session)?;
        for name in self.state_names() {
            copy(&self.store, name, &mut fork.store, name)?;
        }
        (fork.step, fork.secs_before) = (self.step, self.secs_before);
        Ok(fork)
    }

    /// Stores a checkpoint in the run's folder now; answers its path there.
    ///
    /// # Errors
    /// [`TrainError::NoFolder`] for a run in memory ([`Training::fork`] keeps a moment of one), or a file that cannot be
    /// written.
    pub fn checkpoint(&mut self) -> Result<String, TrainError> {
        self.store_checkpoint(None)?.ok_or(TrainError::NoFolder { what: "a checkpoint" })
    }

    /// Takes a player's parameters and running statistics from another run; G's average too, where this run keeps one.
    /// Nothing is changed unless everything fits.
    ///
    /// # Errors
    /// [`TrainError::Adopt`] where the other run's player does not fit.
    pub fn adopt(&mut self, other: &Training, who: Who) -> Result<(), TrainError> {
        let adopt = |source| TrainError::Adopt { who: who.name(), source };
        let mut next = self.store.clone();
        let player = self.plan.rules.game.player(who);
        let player = player.ok_or_else(|| adopt(StoreError::Missing { name: who.name().to_owned() }))?;
        for d in &player.declared {
            copy(&other.store, &d.name, &mut next, &d.name).map_err(adopt)?;
            let averaged = average::name(&d.name);
            if next.get(&averaged).is_ok() {
                let from = if other.store.get(&averaged).is_ok() { &averaged } else { &d.name };
                copy(&other.store, from, &mut next, &averaged).map_err(adopt)?;
            }
        }
        self.store = next;
        self.touched();
        Ok(())
    }

    /// Puts the players elsewhere; running statistics, averages and the updates' moments stay.
    ///
    /// # Errors
    /// [`TrainError::Count`] where there are more or fewer numbers than parameters.
    pub fn set_parameters(&mut self, all: &[f32]) -> Result<(), TrainError> {
        self.look().set_parameters(all)?;
        self.touched();
        Ok(())
    }
}

/// Shortcuts: each is the method of [`Live`](crate::look::Live) with the same name, and fails as that does.
#[allow(clippy::missing_errors_doc)]
impl Training {
    /// See [`Live::samples`](crate::look::Live::samples).
    pub fn samples(&mut self, n: usize, seed: u64) -> Result<Vec<f32>, TrainError> {
        self.look().samples(n, seed)
    }

    /// See [`Live::samples_at`](crate::look::Live::samples_at).
    pub fn samples_at(&mut self, latent: &[f32]) -> Result<Vec<f32>, TrainError> {
        self.look().samples_at(latent)
    }

    /// See [`Live::samples_for`](crate::look::Live::samples_for).
    pub fn samples_for(&mut self, images: &[f32], latent: &[f32]) -> Result<Vec<f32>, TrainError> {
        self.look().samples_for(images, latent)
    }

    /// See [`Live::judge`](crate::look::Live::judge).
    pub fn judge(&mut self, items: &[f32]) -> Result<Option<Vec<f32>>, TrainError> {
        self.look().judge(items)
    }

    /// See [`Live::field`](crate::look::Live::field).
    pub fn field(&mut self, key: u64) -> Result<Vec<f32>, TrainError> {
        self.look().field(key)
    }

    /// See [`Live::gradient`](crate::look::Live::gradient).
    pub fn gradient(&mut self, who: Who, key: u64) -> Result<Vec<f32>, TrainError> {
        self.look().gradient(who, key)
    }

    /// See [`Live::jacobian`](crate::look::Live::jacobian).
    pub fn jacobian(&mut self, key: u64) -> Result<Vec<Vec<f64>>, TrainError> {
        self.look().jacobian(key)
    }

    /// See [`Live::slopes_at_samples`](crate::look::Live::slopes_at_samples).
    pub fn slopes_at_samples(&mut self, n: usize, key: u64) -> Result<Option<Slopes>, TrainError> {
        self.look().slopes_at_samples(n, key)
    }

    /// See [`Live::duality_gap`](crate::look::Live::duality_gap).
    pub fn duality_gap(&mut self, answers: &BestAnswers, key: u64) -> Result<DualityGap, TrainError> {
        self.look().duality_gap(answers, key)
    }

    /// See [`Live::path_angle`](crate::look::Live::path_angle).
    pub fn path_angle(
        &mut self,
        from: &[f32],
        to: &[f32],
        shares: &[f64],
        key: u64,
    ) -> Result<Vec<PathPoint>, TrainError> {
        self.look().path_angle(from, to, shares, key)
    }

    /// See [`Live::tensors_of`](crate::look::Live::tensors_of).
    pub fn tensors_of(&mut self, who: Who) -> Result<BTreeMap<String, Vec<f32>>, TrainError> {
        self.look().tensors_of(who)
    }

    /// See [`Live::parameters`](crate::look::Live::parameters).
    pub fn parameters(&self) -> Result<Vec<f32>, TrainError> {
        Ok(self.layout().read(&self.store)?)
    }

    /// See [`Live::layout`](crate::look::Live::layout).
    pub fn layout(&self) -> Layout {
        Layout::of(&*self.plan.rules.game)
    }
}

fn copy(from: &Store<f32>, name: &str, to: &mut Store<f32>, at: &str) -> Result<(), StoreError> {
    let source = from.get(name)?;
    to.insert(at, source.shape().clone(), source.values().to_vec())
}
