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

    /// How many devices share each program.
    fn n_devices(&self) -> usize {
        1
    }

    /// Room for the named tensors of some programs, which share them; their products are made in this precision.
    ///
    /// # Errors
    /// A device that is not there any more.
    fn room(&self, precision: Precision) -> Result<Box<dyn Room>, DeviceError>;
}

/// How exactly a device multiplies; sums and everything else are single precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Precision {
    /// Single precision, as on the processor.
    #[default]
    Highest,
    /// What a device has between single and half, such as TF32 with its ten bits after the point on NVIDIA's.
    Tf32,
    /// The factors are rounded to bfloat16, with seven bits after the point.
    Bf16,
}

/// How a program is run several times in one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// How often at most.
    pub most: usize,
    /// The inputs that each run is given anew: as many of them lie one behind the other, in a tensor with a further axis in front.
    pub fed: Vec<String>,
    /// The outputs after which no further run is made, where a number of theirs is not finite.
    pub watched: Vec<String>,
}

/// Named tensors on a device, and the programs that run on them. A result that has the name of an argument takes its place; nothing
/// comes back to the host unless it is asked for.
pub trait Room: Debug + Send {
    /// Says before anything is compiled that this argument is cut along an axis, where several devices share a program. It changes what each device
    /// does, and no result.
    fn cut(&mut self, _name: &str, _axis: usize) {}

    /// Compiles a program; answers its number.
    ///
    /// # Errors
    /// A program that the device cannot compile.
    fn compile(&mut self, program: &Program) -> Result<usize, DeviceError>;

    /// Compiles a program to be run several times in one call; answers its number.
    ///
    /// # Errors
    /// A program that the device cannot compile.
    fn compile_many(&mut self, program: &Program, many: &Many) -> Result<usize, DeviceError>;

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
    /// Runs a program of [`Room::compile_many`] `n` times, with the steps that follow the key's, or until a watched output is not finite. Answers
    /// how often it ran.
    ///
    /// # Errors
    /// An argument that is not there, or too little memory.
    fn run_many(&mut self, program: usize, key: Key, n: u64) -> Result<u64, DeviceError>;
}
