//! Drives the real program, each test in a fresh folder.
#![allow(clippy::unwrap_used)]

mod answers;
mod bad_data;
mod bad_requests;
mod clinic;
mod devices;
mod disks;
mod explains;
mod forks;
mod games;
mod imports;
mod integrity;
mod kills;
mod lessons;
mod memory;
mod methods;
mod opinions;
mod pictures;
mod place;
mod populations;
mod questions;
mod readme;
mod repeats;
mod scores;
mod signals;
mod studies;
mod trains;
mod treat;
mod treated;
