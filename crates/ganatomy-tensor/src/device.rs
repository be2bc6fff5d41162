//! Devices other than this processor: what they must be able to do, so that whoever runs programs needs to know no more.

use std::error::Error;
use std::fmt::Debug;

use crate::compile::Program;
use crate::philox::Key;
use crate::shape::Shape;

/// What goes wrong on a device, in its own words.
pub type DeviceError = Box<dyn Error + Send + Sync>;

/// A device that programs run on, with memory of its own.
pub trait Device: Debug + Send + Sync {
    /// What it is, for records: platform, device, and what drives it.
    fn name(&self) -> String;

    /// Room for the named tensors of some programs, which share them.
    ///
    /// # Errors
    /// A device that is not there any more.
    fn room(&self) -> Result<Box<dyn Room>, DeviceError>;
}

/// Named tensors on a device, and the programs that run on them. A result that has the name of an argument takes its place; nothing
/// comes back to the host unless it is asked for.
pub trait Room: Debug + Send {
    /// Compiles a program; answers its number.
    ///
    /// # Errors
    /// A program that the device cannot compile.
    fn compile(&mut self, program: &Program) -> Result<usize, DeviceError>;

    /// Gives a named tensor values.
    ///
    /// # Errors
    /// More or fewer values than the shape has, or too little memory.
    fn put(&mut self, name: &str, shape: &Shape, values: &[f32]) -> Result<(), DeviceError>;

    /// Reads a named tensor into place.
    ///
    /// # Errors
    /// A name that is not there, or a place of another size.
    fn get(&self, name: &str, to: &mut [f32]) -> Result<(), DeviceError>;

    /// Runs a program once.
    ///
    /// # Errors
    /// An argument that is not there, or too little memory.
    fn run(&mut self, program: usize, key: Key) -> Result<(), DeviceError>;
}
