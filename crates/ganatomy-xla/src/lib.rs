//! Tensor programs on any PJRT plugin: on NVIDIA's, AMD's, Google's or Apple's accelerators, without a kernel of our own.
//!
//! A program is written out as [StableHLO](stablehlo) text, the vendor's plugin compiles it, and its named tensors stay on the device
//! from run to run. A plugin is a shared library behind the C interface of [PJRT](pjrt); the build needs none.
//!
//! ```no_run
//! use ganatomy_tensor::{Key, Program, Store, Trace};
//! use ganatomy_xla::{Client, Plugin, Step};
//!
//! let trace = Trace::new();
//! let w = trace.input("w", [2]);
//! let program = Program::compile(&trace, &[("w", &(&w * 0.5))])?;
//! let mut store = Store::<f32>::new();
//! store.insert("w", [2], vec![1.0, 4.0])?;
//!
//! let client = Client::new(&Plugin::load("libpjrt.so".as_ref())?)?;
//! let mut step = Step::bind(&client, &program, &store)?;
//! for n in 0..2 {
//!     step.run(Key { seed: 0, step: n })?;
//! }
//! assert_eq!(step.get("w")?, [0.25, 1.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
pub mod pjrt;
pub mod stablehlo;
mod step;

pub use error::XlaError;
pub use pjrt::{Client, Plugin};
pub use step::{Number, Step};
