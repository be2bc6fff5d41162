//! Studies: many runs that answer one question with intervals, at a budget that all of them get alike.

mod error;
pub mod file;
mod runs;
pub mod space;
pub mod store;
mod study;

pub use error::StudyError;
pub use runs::{Config, Curves, Point, Results, Row, Setting, Settings, State};
pub use study::{Arm, Bound, Stage, Study};
