//! A program on a device, with its named tensors, which stay there from run to run.

use std::collections::BTreeMap;
use std::ffi::c_int;

use ganatomy_tensor::{Element, Key, Program, Shape, Store};

use crate::XlaError;
use crate::pjrt::{self, Buffer, Client, Executable};
use crate::stablehlo::{Float, Module};

/// A number that programs on devices are made of.
pub trait Number: Element {
    /// Its type in StableHLO.
    const FLOAT: Float;
    /// Its type as PJRT numbers it.
    const KIND: c_int;
}

impl Number for f32 {
    const FLOAT: Float = Float::F32;
    const KIND: c_int = pjrt::F32;
}

impl Number for f64 {
    const FLOAT: Float = Float::F64;
    const KIND: c_int = pjrt::F64;
}

/// A program that was compiled for a device, and its named tensors there.
#[derive(Debug)]
pub struct Step<E> {
    client: Client,
    executable: Executable,
    arguments: Vec<(String, Shape)>,
    results: Vec<(String, Shape)>,
    held: BTreeMap<String, Buffer>,
    numbers: std::marker::PhantomData<E>,
}

impl<E: Number> Step<E> {
    /// Compiles a program for a device, and brings its named tensors there.
    ///
    /// # Errors
    /// A program that the plugin cannot compile, a tensor that is missing or has another size, too little memory.
    pub fn bind(client: &Client, program: &Program, store: &Store<E>) -> Result<Step<E>, XlaError> {
        let module = Module::of(program, E::FLOAT);
        let executable = client.compile(&module.text, module.results.len())?;
        let Module { arguments, results, .. } = module;
        let numbers = std::marker::PhantomData;
        let mut step =
            Step { client: client.clone(), executable, arguments, results, held: BTreeMap::new(), numbers };
        for (name, _) in step.arguments.clone() {
            let array = store.get(&name).map_err(|_| XlaError::Missing { name: name.clone() })?;
            step.set(&name, array.values())?;
        }
        Ok(step)
    }

    /// Runs the program once. Nothing comes back to the host: [`Step::get`] asks for what is wanted.
    ///
    /// # Errors
    /// The device's own, such as too little memory.
    pub fn run(&mut self, key: Key) -> Result<(), XlaError> {
        let [seed, step] = [self.client.number(key.seed)?, self.client.number(key.step)?];
        let mut arguments = Vec::with_capacity(self.arguments.len() + 2);
        for (name, _) in &self.arguments {
            arguments.push(self.held.get(name).ok_or_else(|| XlaError::Missing { name: name.clone() })?);
        }
        arguments.extend([&seed, &step]);
        let results = self.executable.run(&arguments)?;
        for ((name, _), buffer) in self.results.iter().zip(results) {
            self.held.insert(name.clone(), buffer);
        }
        Ok(())
    }

    /// The values of a named tensor, in row-major order.
    ///
    /// # Errors
    /// A name that the program does not have, or a result before the first run; the device's own.
    pub fn get(&self, name: &str) -> Result<Vec<E>, XlaError> {
        let missing = || XlaError::Missing { name: name.to_owned() };
        let buffer = self.held.get(name).ok_or_else(missing)?;
        let mut values = vec![E::ZERO; self.shape(name).ok_or_else(missing)?.numel()];
        // SAFETY: the buffer has as many numbers as its shape says.
        unsafe { buffer.download(values.as_mut_ptr().cast(), size_of_val(values.as_slice()))? };
        Ok(values)
    }

    /// Gives a named tensor other values, such as those of the next batch.
    ///
    /// # Errors
    /// A name that the program does not have, or another number of values.
    pub fn set(&mut self, name: &str, values: &[E]) -> Result<(), XlaError> {
        let shape = self.shape(name).ok_or_else(|| XlaError::Missing { name: name.to_owned() })?;
        let (found, wanted) = (values.len(), shape.numel());
        if found != wanted {
            return Err(XlaError::Length { name: name.to_owned(), found, wanted });
        }
        // SAFETY: the length was checked.
        let buffer = unsafe { self.client.upload(values.as_ptr().cast(), E::KIND, shape)? };
        self.held.insert(name.to_owned(), buffer);
        Ok(())
    }

    fn shape(&self, name: &str) -> Option<&Shape> {
        self.arguments.iter().chain(&self.results).find(|named| named.0 == name).map(|named| &named.1)
    }
}
