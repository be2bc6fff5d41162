//! A program bound to a device and a store: where its named tensors are, and what runs it.

use std::collections::BTreeSet;

use super::device::Cpu;
use super::machine::{KernelTime, Machine};
use super::native::Native;
use crate::compile::Program;
use crate::philox::Key;
use crate::shape::Shape;
use crate::store::{Store, StoreError};

/// A program ready to run on the tensors of one store. Running it allocates nothing.
pub struct Bound<E> {
    machine: Box<dyn Machine<E>>,
    /// The store's places of the named tensors.
    places: Vec<usize>,
    /// How many elements each was planned for.
    lens: Vec<usize>,
    pointers: Vec<*mut E>,
}

// SAFETY: the pointers are set at the start of each run and not used after it.
unsafe impl<E: Send> Send for Bound<E> {}

impl<E> std::fmt::Debug for Bound<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound")
            .field("places", &self.places)
            .field("lens", &self.lens)
            .finish_non_exhaustive()
    }
}

impl Program {
    /// Plans the program for a device, and makes room in the store for its outputs.
    ///
    /// Every input must be in the store already, with the shape it was traced with.
    ///
    /// # Errors
    /// An input that is missing, or an array of another shape than the program's.
    pub fn bind<E: Native>(&self, cpu: &Cpu, store: &mut Store<E>) -> Result<Bound<E>, StoreError> {
        for (name, shape) in self.inputs() {
            store.get(name)?;
            store.place(name, shape)?;
        }
        let (mut places, mut lens) = (Vec::new(), Vec::new());
        let names = self.named();
        for (name, shape) in &names {
            places.push(store.place(name, shape)?);
            lens.push(shape.numel());
        }
        let names: Vec<String> = names.into_iter().map(|(name, _)| name.to_owned()).collect();
        let machine = E::machine(self, &names, cpu)?;
        Ok(Bound { machine, pointers: vec![std::ptr::null_mut(); places.len()], places, lens })
    }

    /// The named tensors, with their shapes: inputs, and outputs that are not inputs too.
    pub fn named(&self) -> Vec<(&str, &Shape)> {
        let mut seen = BTreeSet::new();
        self.inputs().into_iter().chain(self.outputs()).filter(|(name, _)| seen.insert(*name)).collect()
    }

    /// The bytes that the bound program takes beside its named tensors, found without taking them.
    ///
    /// # Errors
    /// [`StoreError::Room`] where even its tables of literals find no room.
    pub fn planned_bytes<E: Native>(&self, cpu: &Cpu) -> Result<usize, StoreError> {
        let names: Vec<String> = self.named().into_iter().map(|(name, _)| name.to_owned()).collect();
        Ok(E::planned_bytes(self, &names, cpu)?)
    }
}

impl<E: Native> Bound<E> {
    /// Bytes of the arena and of all scratch memory.
    pub fn memory_bytes(&self) -> usize {
        self.machine.memory_bytes()
    }

    /// Runs the program once on the store it was bound to.
    ///
    /// The bits of the result do not depend on the number of threads.
    ///
    /// # Panics
    /// On another store or a device of another number of threads than it was bound to.
    pub fn run(&mut self, cpu: &Cpu, store: &mut Store<E>, key: Key) {
        assert_eq!(cpu.threads(), self.machine.threads(), "a program runs on the device it was bound to");
        for (i, pointer) in self.pointers.iter_mut().enumerate() {
            let values = store.at(self.places[i]);
            assert_eq!(values.len(), self.lens[i], "a program runs on the store it was bound to");
            *pointer = values.as_mut_ptr();
        }
        // SAFETY: binding has checked the shapes, and the store is borrowed for the whole run.
        unsafe { self.machine.run(cpu, self.pointers.as_ptr(), key) };
    }

    /// Runs the program as [`Bound::run`] does, and returns where the time went, kernel by kernel in the
    /// order of [`Program::kernel_costs`].
    pub fn profile(&mut self, cpu: &Cpu, store: &mut Store<E>, key: Key) -> Vec<KernelTime> {
        self.machine.measure(true);
        self.run(cpu, store, key);
        self.machine.measure(false)
    }
}
