//! Studies: many runs that answer one question with intervals, at a budget that all of them get alike.

mod runs;

pub use runs::{Config, Curves, Point, Results, Row, Setting, Settings, State};
