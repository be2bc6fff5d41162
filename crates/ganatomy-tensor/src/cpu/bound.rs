//! A program bound to a device and a store: where its named tensors are, and what runs it.

use std::collections::BTreeSet;

use super::device::Cpu;
use super::machine::{KernelTime, Machine};
use super::native::Native;
use crate::compile::Program;
use crate::philox::Key;
use crate::shape::Shape;
use crate::store::{Identity, Store, StoreError};

/// A program ready to run on the tensors of one store. Running it allocates nothing.
pub struct Bound<E> {
    machine: Box<dyn Machine<E>>,
    named: Vec<Named>,
    pointers: Vec<*mut E>,
}

/// A named tensor of a program, and which array of the store it is.
#[derive(Debug)]
struct Named {
    name: String,
    place: usize,
    identity: Identity,
}

// SAFETY: the pointers are set at the start of each run and not used after it.
unsafe impl<E: Send> Send for Bound<E> {}

impl<E> std::fmt::Debug for Bound<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound").field("named", &self.named).finish_non_exhaustive()
    }
}

impl Program {
    /// Plans the program for a device, and makes room in the store for its outputs.
    ///
    /// Every input must be in the store already, with the shape it was traced with.
    ///
    /// # Errors
    /// An input that is missing, an array of another shape than the program's, or more memory than there is.
    pub fn bind<E: Native>(&self, cpu: &Cpu, store: &mut Store<E>) -> Result<Bound<E>, StoreError> {
        for (name, shape) in self.inputs() {
            store.get(name)?;
            store.place(name, shape)?;
        }
        let mut named = Vec::new();
        for (name, shape) in self.named() {
            let place = store.place(name, shape)?;
            named.push(Named { name: name.to_owned(), place, identity: store.identity(place) });
        }
        let machine = E::machine(self, &self.names(), cpu)?;
        Ok(Bound { machine, pointers: vec![std::ptr::null_mut(); named.len()], named })
    }

    /// The named tensors, with their shapes: inputs, and outputs that are not inputs too.
    pub fn named(&self) -> Vec<(&str, &Shape)> {
        let mut seen = BTreeSet::new();
        self.inputs().into_iter().chain(self.outputs()).filter(|(name, _)| seen.insert(*name)).collect()
    }

    fn names(&self) -> Vec<String> {
        self.named().into_iter().map(|(name, _)| name.to_owned()).collect()
    }

    /// The bytes that the program takes beside its named tensors when it is bound, found without taking them.
    pub fn planned_bytes<E: Native>(&self, cpu: &Cpu) -> usize {
        E::planned_bytes(self, &self.names(), cpu)
    }
}

impl<E: Native> Bound<E> {
    /// Bytes of the arena, of tables of literals and of all scratch memory.
    pub fn memory_bytes(&self) -> usize {
        self.machine.memory_bytes()
    }

    /// Runs the program once on the store it was bound to, or on a copy of that store.
    ///
    /// The bits of the result do not depend on the number of threads.
    ///
    /// # Errors
    /// [`StoreError::Bound`] for another store and [`StoreError::Device`] for a device of another number of threads or
    /// other vector instructions, with nothing changed; [`StoreError::Stopped`] if a kernel panicked.
    pub fn run(&mut self, cpu: &Cpu, store: &mut Store<E>, key: Key) -> Result<(), StoreError> {
        let (wanted, found) = (self.machine.planned_for(), (cpu.threads(), cpu.level()));
        if wanted != found {
            let called = |(threads, level)| format!("{threads} threads with {level} instructions");
            return Err(StoreError::Device { wanted: called(wanted), found: called(found) });
        }
        for (named, pointer) in self.named.iter().zip(&mut self.pointers) {
            let Some(values) = store.at(named.place, &named.identity) else {
                return Err(StoreError::Bound { name: named.name.clone() });
            };
            *pointer = values.as_mut_ptr();
        }
        // SAFETY: these are the arrays whose shapes binding has checked, an array never changes its length, and the
        // store is borrowed for the whole run.
        let ran = unsafe { self.machine.run(cpu, self.pointers.as_ptr(), key) };
        ran.map_err(|reason| StoreError::Stopped { reason })
    }

    /// Runs the program as [`Bound::run`] does, and returns where the time went, kernel by kernel in the
    /// order of [`Program::kernel_costs`].
    ///
    /// # Errors
    /// As [`Bound::run`].
    pub fn profile(
        &mut self,
        cpu: &Cpu,
        store: &mut Store<E>,
        key: Key,
    ) -> Result<Vec<KernelTime>, StoreError> {
        self.machine.measure(true);
        let ran = self.run(cpu, store, key);
        let times = self.machine.measure(false);
        ran.map(|()| times)
    }
}
