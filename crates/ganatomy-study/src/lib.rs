//! Studies: many runs that answer one question with intervals, at a budget that all of them get alike.
//!
//! A [file](file::StudyFile) names arms, a space, seeds, a budget and a score; [`Study`] is that file checked, [`Expanded`] all of
//! its configurations. They go into a [store](store::Store), which workers ([`worker::work`]) empty; `Results` are its runs as
//! plain data, which the report reads.

pub mod answer;
mod begin;
mod error;
pub mod file;
pub mod fork;
pub mod launch;
pub mod page;
mod results;
mod runs;
mod settings;
pub mod space;
pub mod stats;
pub mod store;
mod study;
pub mod worker;

pub use begin::{Expanded, Ground};
pub use error::StudyError;
pub use runs::{Config, Curves, Point, Results, Row, Setting, Settings, State};
pub use study::{Arm, Bound, Stage, Study};
