//! The step on another device: the state is there, and comes home when the host wants it.

use ganatomy_tensor::{Device, DeviceError, Key, Program, Room, Store};

use super::moves::is_due;
use crate::error::TrainError;
use crate::programs::{is_batch, step_where, together};
use crate::rules::Rules;
use crate::state::{STEP, is_state};

/// A step's programs on a device, as [`Moves`](super::moves::Moves) has them on this processor.
#[derive(Debug)]
pub(super) struct Away {
    room: Box<dyn Room>,
    periods: Vec<u64>,
    programs: Vec<(Vec<u64>, usize)>,
    /// What the host fills before every step.
    given: Vec<String>,
    /// What a step reads of itself.
    told: Vec<String>,
    /// The state.
    state: Vec<String>,
    /// Does the device have the state as it is, and does the host?
    is_there: bool,
    is_here: bool,
}

impl Away {
    /// Compiles the step in which all is due, and what else the rules ask for.
    pub fn new(device: &dyn Device, whole: &Program, rules: &Rules) -> Result<Away, TrainError> {
        let mut room = device.room().map_err(refused)?;
        let periods = rules.game.periods();
        let mut programs = Vec::new();
        for due in together(&periods) {
            let number = match due == periods {
                true => room.compile(whole),
                false => room.compile(&step_where(rules, &due)?.program),
            };
            programs.push((due, number.map_err(refused)?));
        }
        let names = |named: Vec<(&str, &ganatomy_tensor::Shape)>, wanted: fn(&str) -> bool| {
            named.into_iter().map(|(name, _)| name.to_owned()).filter(|name| wanted(name)).collect()
        };
        Ok(Away {
            room,
            periods,
            programs,
            given: names(whole.inputs(), |name| is_batch(name) && !is_state(name)),
            told: names(whole.outputs(), |name| !is_state(name)),
            state: names(whole.named(), is_state),
            is_there: false,
            is_here: true,
        })
    }

    /// Makes the step that the key counts. What it reads of itself comes home, the state does not.
    pub fn run(&mut self, store: &mut Store<f32>, key: Key) -> Result<(), TrainError> {
        if !self.is_there {
            self.bring(store, &self.state.clone())?;
            self.is_there = true;
        }
        self.bring(store, &self.given.clone())?;
        if key.step >= 1 << 24 {
            self.bring(store, &[STEP.to_owned()])?;
        }
        let Away { periods, programs, .. } = self;
        if let Some((_, program)) = programs.iter().find(|(due, _)| is_due(periods, due, key)) {
            let ran = self.room.run(*program, key);
            // What a run that failed was given is gone there.
            self.is_there = ran.is_ok();
            ran.map_err(refused)?;
        }
        self.is_here = false;
        self.fetch(store, &self.told)
    }

    /// Brings the state home.
    pub fn home(&mut self, store: &mut Store<f32>) -> Result<(), TrainError> {
        if !self.is_here {
            self.fetch(store, &self.state)?;
            self.is_here = true;
        }
        Ok(())
    }

    /// The state at home may have been changed: the next step begins with it.
    pub fn touched(&mut self) {
        self.is_there = false;
    }

    fn bring(&mut self, store: &Store<f32>, names: &[String]) -> Result<(), TrainError> {
        for name in names {
            let array = store.get(name)?;
            self.room.put(name, array.shape(), array.values()).map_err(refused)?;
        }
        Ok(())
    }

    fn fetch(&self, store: &mut Store<f32>, names: &[String]) -> Result<(), TrainError> {
        for name in names {
            self.room.get(name, store.get_mut(name)?.values_mut()).map_err(refused)?;
        }
        Ok(())
    }
}

fn refused(source: DeviceError) -> TrainError {
    TrainError::Device { source }
}
