//! What is played, as graph: networks, losses, remedies, updates, schemes, averages and games.
//!
//! [`step`] holds the words that all of them share, and says what a step is. Above it stand folders of one idea a
//! file, of which none knows another: [`network`], [`loss`], [`remedy`], [`update`], [`scheme`], [`average`]. A [`game`] puts
//! them together; [`small`] games have a few numbers a player. Nothing here runs a program.

pub mod average;
pub mod game;
pub mod loss;
pub mod nearest;
pub mod network;
pub mod remedy;
pub mod scheme;
pub mod small;
pub mod step;
pub mod update;
