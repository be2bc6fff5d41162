//! Programs compiled for a device that is not here, to see what they would launch there.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ganatomy_tensor::{Device, DeviceError, Key, Many, Precision, Program, Room, Shape};

use crate::XlaError;
use crate::pjrt::{GRAPHS, Plugin, Target};
use crate::stablehlo::{Float, Module, Numbers, Spread};

mod launches;

pub use launches::Launches;

/// An NVIDIA H100, as [`Ahead::new`] takes it.
pub const H100: &str = include_str!("../../targets/h100.txtpb");

/// A device that is not here: programs are compiled for it, and none runs.
#[derive(Clone, Debug)]
pub struct Ahead(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    target: Target,
    cuda: PathBuf,
    compiled: Mutex<Vec<Launches>>,
}

impl Ahead {
    /// The device of this description, a text of XLA's `GpuTargetConfigProto`. NVIDIA's plugin needs the folder of CUDA's tools: `bin/ptxas`
    /// and `nvvm/libdevice`.
    ///
    /// # Errors
    /// A plugin that knows no such devices, or cannot read the description.
    pub fn new(plugin: &Plugin, description: &str, cuda: &Path) -> Result<Ahead, XlaError> {
        let target = Target::new(plugin, description)?;
        Ok(Ahead(Arc::new(Inner { target, cuda: cuda.to_owned(), compiled: Mutex::default() })))
    }

    /// What each program that was compiled since the last time would launch.
    pub fn compiled(&self) -> Vec<Launches> {
        std::mem::take(&mut *self.0.compiled.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Device for Ahead {
    fn name(&self) -> String {
        "a device that is not here".to_owned()
    }

    fn room(&self, precision: Precision) -> Result<Box<dyn Room>, DeviceError> {
        Ok(Box::new(Nowhere { ahead: self.clone(), numbers: Numbers { float: Float::F32, precision } }))
    }
}

/// No room at all.
#[derive(Debug)]
struct Nowhere {
    ahead: Ahead,
    numbers: Numbers,
}

impl Nowhere {
    fn add(&self, module: &Module) -> Result<usize, DeviceError> {
        let Inner { target, cuda, compiled } = &*self.ahead.0;
        let lists = tempfile::tempdir()?;
        let folder = lists.path().to_string_lossy();
        let settings = [
            ("xla_gpu_cuda_data_dir", &*cuda.to_string_lossy()),
            // What is fastest is tried on a device, and there is none.
            ("xla_gpu_autotune_level", "0"),
            GRAPHS,
            ("xla_dump_to", &*folder),
            ("xla_dump_hlo_as_text", "True"),
        ];
        target.compile(&module.text, &settings)?;
        let launches = launches::launches(lists.path())?;
        let mut compiled = compiled.lock().unwrap_or_else(PoisonError::into_inner);
        compiled.push(launches);
        Ok(compiled.len() - 1)
    }
}

impl Room for Nowhere {
    fn compile(&mut self, program: &Program) -> Result<usize, DeviceError> {
        self.add(&Module::of(program, self.numbers, &Spread::over(1)))
    }

    fn compile_many(&mut self, program: &Program, many: &Many) -> Result<usize, DeviceError> {
        self.add(&Module::many(program, self.numbers, many, &Spread::over(1)))
    }

    fn put(&mut self, _: &str, _: &Shape, _: &[f32]) -> Result<(), DeviceError> {
        Err(XlaError::NotHere.into())
    }

    fn get(&self, _: &str, _: &mut [f32]) -> Result<(), DeviceError> {
        Err(XlaError::NotHere.into())
    }

    fn run(&mut self, _: usize, _: Key) -> Result<(), DeviceError> {
        Err(XlaError::NotHere.into())
    }

    fn run_many(&mut self, _: usize, _: Key, _: u64) -> Result<u64, DeviceError> {
        Err(XlaError::NotHere.into())
    }
}
