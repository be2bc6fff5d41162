//! The step on another device: the state is there, and comes home when the host wants it.

use std::collections::BTreeMap;

use ganatomy_tensor::{Device, DeviceError, Key, Many, Program, Room, Shape, Store};

use crate::error::TrainError;
use crate::plan::Plan;
use crate::programs::{ALIVE, is_batch};
use crate::state::{STEP, is_state};
use crate::steps::Steps;

/// Steps that are made in one call at most.
const MOST: u64 = 64;
/// Bytes of data that are brought for one call at most.
const MOST_BYTES: u64 = 64 << 20;
/// From this step on a program cannot count by itself: single precision has gaps.
const UNCOUNTED: u64 = 1 << 24;

/// A step's programs on a device.
#[derive(Debug)]
pub(super) struct Away {
    room: Box<dyn Room>,
    programs: Steps<usize>,
    /// Steps that one call makes at most. Where it is one, the programs are no loops.
    most: u64,
    /// What the host fills before every step, and where that is kept for the steps of a call.
    given: Vec<String>,
    fed: BTreeMap<String, Vec<f32>>,
    /// What a step reads of itself.
    told: Vec<String>,
    /// The state.
    state: Vec<String>,
    /// Does the device have the state as it is, and does the host?
    is_there: bool,
    is_here: bool,
}

impl Away {
    /// Compiles the programs.
    pub fn new(device: &dyn Device, steps: &Steps<Program>, plan: &Plan) -> Result<Away, TrainError> {
        plan.check_shared(device.n_devices())?;
        let (mut room, rules) = (device.room(plan.precision).map_err(refused)?, &plan.rules);
        let whole = steps.whole();
        let names = |named: Vec<(&str, &Shape)>, wanted: fn(&str) -> bool| -> Vec<String> {
            named.into_iter().map(|(name, _)| name.to_owned()).filter(|name| wanted(name)).collect()
        };
        let given = names(whole.inputs(), |name| is_batch(name) && !is_state(name));
        let told = names(whole.outputs(), |name| !is_state(name));
        let sizes = whole.inputs().into_iter().filter(|(name, _)| given.iter().any(|given| given == name));
        let sizes: BTreeMap<&str, usize> = sizes.map(|(name, shape)| (name, shape.numel())).collect();
        // Before each step of a game that works on the host, the host has to see the last one.
        let most = if rules.game.feed().is_some() { 1 } else { most(plan, sizes.values().sum()) };
        let fed =
            sizes.into_iter().map(|(name, n)| (name.to_owned(), vec![0.0; n * most as usize])).collect();
        // Several devices share the items of a batch; the batches of a call lie one behind the other.
        let axis = steps.lead + usize::from(most > 1);
        given.iter().filter(|name| *name != ALIVE).for_each(|name| room.cut(name, axis));
        let many = Many { most: most as usize, fed: given.clone(), watched: told.clone() };
        let compile = |program: &Program| match most {
            1 => room.compile(program),
            _ => room.compile_many(program, &many),
        };
        let programs = steps.each(compile).map_err(refused)?;
        let state = names(whole.named(), is_state);
        Ok(Away { room, programs, most, given, fed, told, state, is_there: false, is_here: true })
    }

    /// Steps that one call makes at most.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// How many of `most` steps one call makes: those that run the same program as the first.
    pub fn at_once(&self, key: Key, most: u64) -> u64 {
        let most = match UNCOUNTED.checked_sub(key.step) {
            None | Some(0) => 1,
            Some(left) => most.min(self.most).min(left),
        };
        self.programs.alike(key, most)
    }

    /// Takes what the host has filled for the `nth` step of the next call.
    pub fn take(&mut self, store: &Store<f32>, nth: u64) -> Result<(), TrainError> {
        for (name, fed) in &mut self.fed {
            let values = store.get(name)?.values();
            fed[nth as usize * values.len()..][..values.len()].copy_from_slice(values);
        }
        Ok(())
    }

    /// Makes the step that the key counts and those that follow, `n` together, or fewer where a reading is no longer finite; answers how
    /// many. What the last one reads of itself comes home, the state does not.
    pub fn run(&mut self, store: &mut Store<f32>, key: Key, n: u64) -> Result<u64, TrainError> {
        if !self.is_there && !self.is_here {
            return Err(TrainError::StateLost);
        }
        if !self.is_there {
            self.bring(store, &self.state.clone())?;
            self.is_there = true;
        }
        for name in &self.given {
            let (own, fed) = (store.get(name)?.shape(), &self.fed[name]);
            let stacked = || std::iter::once(self.most as usize).chain(own.iter().copied()).collect();
            let shape = if self.most == 1 { own.clone() } else { stacked() };
            self.room.put(name, &shape, fed).map_err(refused)?;
        }
        if key.step >= UNCOUNTED {
            self.bring(store, &[STEP.to_owned()])?;
        }
        let Away { programs, room, most, .. } = self;
        let mut made = n;
        if let Some(program) = programs.at(key) {
            let ran = match most {
                1 => room.run(*program, key).map(|()| 1),
                _ => room.run_many(*program, key, n),
            };
            // What a run that failed was given is gone there, and here the state is that of an earlier step.
            (self.is_there, self.is_here) = (ran.is_ok(), false);
            made = ran.map_err(refused)?;
        }
        self.fetch(store, &self.told)?;
        Ok(made)
    }

    /// Brings the state home.
    pub fn home(&mut self, store: &mut Store<f32>) -> Result<(), TrainError> {
        match (self.is_here, self.is_there) {
            (true, _) => Ok(()),
            (false, false) => Err(TrainError::StateLost),
            (false, true) => {
                self.fetch(store, &self.state)?;
                self.is_here = true;
                Ok(())
            }
        }
    }

    /// The state at home may have been changed: the next step begins with it.
    pub fn touched(&mut self) {
        self.is_there &= !self.is_here;
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

/// Steps that one call can make: as many as lie between two readings, pictures or checkpoints, as long as their data take little room.
fn most(plan: &Plan, n_given: usize) -> u64 {
    let cadence = &plan.cadence;
    let every = [cadence.readings_every_steps, cadence.samples_every_steps, cadence.checkpoint_every_steps];
    let between = every.into_iter().filter(|every| *every > 0).min().unwrap_or(MOST);
    let bytes = (size_of::<f32>() * n_given).max(1) as u64;
    between.min(MOST).min(MOST_BYTES / bytes).max(1)
}
