//! Tensor programs on any PJRT plugin: on NVIDIA's, AMD's, Google's or Apple's accelerators, without a kernel of our own.
//!
//! A program is written out as [StableHLO](stablehlo) text, the vendor's plugin compiles it, and its named tensors stay on the device
//! from run to run. A plugin is a shared library behind the C interface of [PJRT](pjrt); the build needs none.
//!
//! ```no_run
//! use ganatomy_tensor::{Device, Key, Precision, Program, Trace};
//! use ganatomy_xla::{Options, Xla};
//!
//! let trace = Trace::new();
//! let w = trace.input("w", [2]);
//! let program = Program::compile(&trace, &[("w", &(&w * 0.5))])?;
//!
//! let mut room = Xla::open("libpjrt.so".as_ref(), &Options::default())?.room(Precision::Highest).unwrap();
//! let step = room.compile(&program).unwrap();
//! room.put("w", &[2].into(), &[1.0, 4.0]).unwrap();
//! for n in 0..2 {
//!     room.run(step, Key { seed: 0, step: n }).unwrap();
//! }
//! let mut w = [0.0; 2];
//! room.get("w", &mut w).unwrap();
//! assert_eq!(w, [0.25, 1.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod ahead;
mod cache;
mod device;
mod error;
pub mod pjrt;
mod room;
mod search;
pub mod stablehlo;
mod wheel;

pub use ahead::{Ahead, H100, Launches};
pub use cache::Cache;
pub use device::Xla;
pub use error::XlaError;
pub use pjrt::{Client, Kind, Options, Plugin, Target};
pub use room::{Number, XlaRoom};
pub use search::{By, Found, Search, packages_of};
pub use wheel::install;
