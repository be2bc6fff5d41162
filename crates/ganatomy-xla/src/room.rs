//! Named tensors on a device, which stay there from run to run, and the programs that run on them.

use std::collections::BTreeMap;
use std::ffi::c_int;

use ganatomy_tensor::{Element, Key, Program, Shape};

use crate::XlaError;
use crate::pjrt::{self, Buffer, Client, Executable};
use crate::stablehlo::{Float, Module};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A number that programs on devices are made of: `f32` or `f64`.
pub trait Number: Element + sealed::Sealed {
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

/// Named tensors on a device, and the programs that run on them.
#[derive(Debug)]
pub struct XlaRoom<E> {
    client: Client,
    programs: Vec<Loaded>,
    held: BTreeMap<String, (Shape, Buffer)>,
    numbers: std::marker::PhantomData<E>,
}

/// A program that was compiled.
#[derive(Debug)]
struct Loaded {
    executable: Executable,
    arguments: Vec<(String, Shape)>,
    results: Vec<(String, Shape)>,
}

impl<E: Number> XlaRoom<E> {
    /// An empty room.
    pub fn new(client: &Client) -> XlaRoom<E> {
        let (programs, held) = (Vec::new(), BTreeMap::new());
        XlaRoom { client: client.clone(), programs, held, numbers: std::marker::PhantomData }
    }

    /// Compiles a program; answers its number.
    ///
    /// # Errors
    /// A program that the plugin cannot compile.
    pub fn compile(&mut self, program: &Program) -> Result<usize, XlaError> {
        let Module { text, arguments, results, .. } = Module::of(program, E::FLOAT);
        let executable = self.client.compile(&text, results.len())?;
        self.programs.push(Loaded { executable, arguments, results });
        Ok(self.programs.len() - 1)
    }

    /// Runs a program once. Nothing comes back to the host: [`XlaRoom::get`] asks for what is wanted.
    ///
    /// # Errors
    /// An argument that is not there or has another shape; the device's own, such as too little memory.
    pub fn run(&mut self, program: usize, key: Key) -> Result<(), XlaError> {
        let Some(Loaded { executable, arguments, results }) = self.programs.get(program) else {
            return Err(XlaError::Missing { name: format!("program {program}") });
        };
        let [seed, step] = [self.client.number(key.seed)?, self.client.number(key.step)?];
        let mut given = Vec::with_capacity(arguments.len() + 2);
        for (name, wanted) in arguments {
            let (shape, buffer) = self.held(name)?;
            if shape != wanted {
                let (found, wanted) = (shape.numel(), wanted.numel());
                return Err(XlaError::Length { name: name.clone(), found, wanted });
            }
            given.push(buffer);
        }
        given.extend([&seed, &step]);
        let made = executable.run(&given)?;
        for ((name, shape), buffer) in results.iter().zip(made) {
            self.held.insert(name.clone(), (shape.clone(), buffer));
        }
        Ok(())
    }

    /// Reads a named tensor into place, in row-major order.
    ///
    /// # Errors
    /// A name that is not there, a place of another size; the device's own.
    pub fn get(&self, name: &str, to: &mut [E]) -> Result<(), XlaError> {
        let (shape, buffer) = self.held(name)?;
        let (found, wanted) = (to.len(), shape.numel());
        if found != wanted {
            return Err(XlaError::Length { name: name.to_owned(), found, wanted });
        }
        // SAFETY: the place is as large as the buffer.
        unsafe { buffer.download(to.as_mut_ptr().cast(), size_of_val(to)) }
    }

    /// Gives a named tensor values.
    ///
    /// # Errors
    /// More or fewer values than the shape has; the device's own.
    pub fn put(&mut self, name: &str, shape: &Shape, values: &[E]) -> Result<(), XlaError> {
        let (found, wanted) = (values.len(), shape.numel());
        if found != wanted {
            return Err(XlaError::Length { name: name.to_owned(), found, wanted });
        }
        // SAFETY: the length was checked.
        let buffer = unsafe { self.client.upload(values.as_ptr().cast(), E::KIND, shape)? };
        self.held.insert(name.to_owned(), (shape.clone(), buffer));
        Ok(())
    }

    fn held(&self, name: &str) -> Result<(&Shape, &Buffer), XlaError> {
        let held = self.held.get(name).ok_or_else(|| XlaError::Missing { name: name.to_owned() })?;
        Ok((&held.0, &held.1))
    }
}
