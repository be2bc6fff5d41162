//! Pictures of runs, drawn from their records.

mod animation;
mod axes;
mod canvas;
mod colour;
mod curves;
mod drawing;
mod error;
pub mod figure;
mod grid;
mod heat;
mod marker;
pub mod page;
mod palette;
mod panels;
mod picture;
mod raster;
mod run;
mod scatter;
mod svg;
mod text;
mod thin;
mod ticks;
mod trajectories;
mod words;

pub use animation::animation;
pub use colour::Colour;
pub use curves::{Panel, Series, curves, curves_drawing};
pub use drawing::Drawing;
pub use error::ViewError;
pub use grid::{Sheet, grid};
pub use panels::panels;
pub use picture::Picture;
pub use run::{draw_run, draw_samples};
pub use scatter::{Scatter, scatter};
pub use trajectories::{Path, Trajectories, trajectories, trajectories_film};
pub use words::Words;
