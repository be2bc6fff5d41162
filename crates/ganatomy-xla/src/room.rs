//! Named tensors on a device, which stay there from run to run, and the programs that run on them.

use std::collections::BTreeMap;
use std::ffi::c_int;

use ganatomy_tensor::{Element, Key, Many, Precision, Program, Shape};

use crate::XlaError;
use crate::cache::Cache;
use crate::pjrt::{self, Buffer, Client, Executable};
use crate::stablehlo::{Float, Module, Numbers, Spread};

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

/// Named tensors on the devices of a client, and the programs that run on them; on several devices each program is divided among them.
#[derive(Debug)]
pub struct XlaRoom<E> {
    client: Client,
    cache: Option<Cache>,
    precision: Precision,
    programs: Vec<Loaded>,
    spread: Spread,
    /// Of each tensor a buffer a device.
    held: BTreeMap<String, (Shape, Vec<Buffer>)>,
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
        XlaRoom {
            client: client.clone(),
            cache: None,
            precision: Precision::Highest,
            spread: Spread::over(client.n_devices()),
            programs,
            held,
            numbers: std::marker::PhantomData,
        }
    }

    /// The same room, whose compiled programs are kept there.
    pub(crate) fn cached_in(self, cache: Option<Cache>) -> XlaRoom<E> {
        XlaRoom { cache, ..self }
    }

    /// The same room, whose programs multiply in this precision.
    pub fn precise_to(self, precision: Precision) -> XlaRoom<E> {
        XlaRoom { precision, ..self }
    }

    /// Cuts a tensor along an axis, where the devices can share it evenly, before anything is compiled that takes it; on one device nothing is cut.
    pub fn cut(&mut self, name: &str, axis: usize) {
        self.spread.cut(name, axis);
    }

    /// Compiles a program; answers its number.
    ///
    /// # Errors
    /// A program that the plugin cannot compile.
    pub fn compile(&mut self, program: &Program) -> Result<usize, XlaError> {
        self.add(Module::of(program, self.numbers(), &self.spread), 0)
    }

    /// Compiles a program to be run several times in one call; answers its number.
    ///
    /// # Errors
    /// As [`XlaRoom::compile`].
    pub fn compile_many(&mut self, program: &Program, many: &Many) -> Result<usize, XlaError> {
        self.add(Module::many(program, self.numbers(), many, &self.spread), 1)
    }

    fn numbers(&self) -> Numbers {
        Numbers { float: E::FLOAT, precision: self.precision }
    }

    /// Compiles a module that has so many results more than it names.
    fn add(&mut self, module: Module, n_more: usize) -> Result<usize, XlaError> {
        let Module { text, arguments, results } = module;
        let n_results = results.len() + n_more;
        let executable = match &self.cache {
            Some(cache) => cache.compile(&self.client, &text, n_results)?,
            None => self.client.compile(&text, n_results)?,
        };
        self.programs.push(Loaded { executable, arguments, results });
        Ok(self.programs.len() - 1)
    }

    /// Runs a program once. Nothing comes back to the host: [`XlaRoom::get`] asks for what is wanted.
    ///
    /// # Errors
    /// An argument that is not there or has another shape; the device's own, such as too little memory.
    pub fn run(&mut self, program: usize, key: Key) -> Result<(), XlaError> {
        self.start(program, &[key.seed, key.step]).map(|_| ())
    }

    /// Runs a program of [`XlaRoom::compile_many`] so many times at most; answers how often it ran.
    ///
    /// # Errors
    /// As [`XlaRoom::run`].
    pub fn run_many(&mut self, program: usize, key: Key, n: u64) -> Result<u64, XlaError> {
        let made = self.start(program, &[key.seed, key.step, n])?;
        let mut n = 0u64;
        if let Some(made) = made.first().and_then(|made| made.first()) {
            // SAFETY: the place is as large as the buffer.
            unsafe { made.download((&raw mut n).cast(), size_of::<u64>(), 0)? }
        }
        Ok(n)
    }

    /// Runs a program with whole numbers after its arguments; answers the results that it does not name.
    fn start(&mut self, program: usize, wholes: &[u64]) -> Result<Vec<Vec<Buffer>>, XlaError> {
        let Some(Loaded { executable, arguments, results }) = self.programs.get(program) else {
            return Err(XlaError::Missing { name: format!("program {program}") });
        };
        let wholes: Vec<Vec<Buffer>> =
            wholes.iter().map(|n| self.client.number(*n)).collect::<Result<_, _>>()?;
        let mut given = Vec::with_capacity(arguments.len() + wholes.len());
        for (name, wanted) in arguments {
            let (shape, buffers) = self.held(name)?;
            if shape != wanted {
                let (found, wanted) = (shape.numel(), wanted.numel());
                return Err(XlaError::Length { name: name.clone(), found, wanted });
            }
            given.push(buffers);
        }
        given.extend(wholes.iter().map(Vec::as_slice));
        let mut made = executable.run(&given)?;
        let more = made.split_off(results.len());
        for ((name, shape), buffers) in results.iter().zip(made) {
            self.held.insert(name.clone(), (shape.clone(), buffers));
        }
        Ok(more)
    }

    /// Reads a named tensor into place, in row-major order.
    ///
    /// # Errors
    /// A name that is not there, a place of another size; the device's own.
    pub fn get(&self, name: &str, to: &mut [E]) -> Result<(), XlaError> {
        let (shape, buffers) = self.held(name)?;
        let (found, wanted) = (to.len(), shape.numel());
        if found != wanted {
            return Err(XlaError::Length { name: name.to_owned(), found, wanted });
        }
        let Some(axis) = self.spread.axis(name, shape) else {
            // SAFETY: the place is as large as the buffer.
            return unsafe { buffers[0].download(to.as_mut_ptr().cast(), size_of_val(to), shape.len()) };
        };
        let mut piece = vec![E::ZERO; found / buffers.len()];
        let run = shape[axis..].iter().product::<usize>() / buffers.len();
        for (place, buffer) in buffers.iter().enumerate() {
            // SAFETY: a piece is as large as a buffer.
            unsafe {
                buffer.download(piece.as_mut_ptr().cast(), size_of_val(&piece[..]), shape.len())?;
            }
            let runs = to.chunks_mut(run).skip(place).step_by(buffers.len());
            runs.zip(piece.chunks(run)).for_each(|(to, from)| to.copy_from_slice(from));
        }
        Ok(())
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
        let cut = self.spread.axis(name, shape);
        let buffers = unsafe { self.client.upload(values.as_ptr().cast(), E::KIND, shape, cut)? };
        self.held.insert(name.to_owned(), (shape.clone(), buffers));
        Ok(())
    }

    fn held(&self, name: &str) -> Result<(&Shape, &[Buffer]), XlaError> {
        let held = self.held.get(name).ok_or_else(|| XlaError::Missing { name: name.to_owned() })?;
        Ok((&held.0, &held.1))
    }
}
