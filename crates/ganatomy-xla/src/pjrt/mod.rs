//! A thin client of the PJRT C interface (openxla/xla, `xla/pjrt/c/pjrt_c_api.h`).
//!
//! Every function takes one struct that says its own size, so that plugins of later minor versions understand earlier callers. Only
//! what is used is declared.

mod api;
mod buffer;
mod client;
mod executable;
mod options;
mod plugin;
mod target;

pub(crate) use api::{F32, F64};
pub use buffer::Buffer;
pub use client::{Client, Kind, Options};
pub use executable::Executable;
pub(crate) use options::GRAPHS;
pub use plugin::Plugin;
pub use target::Target;
