//! Samples against data: a classifier that names them, and one score a file.

pub mod channels;
pub mod classes;
pub mod classifier;
mod kept;
pub mod modes;

#[cfg(test)]
mod testing;
