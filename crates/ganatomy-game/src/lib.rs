//! Data, networks, losses, updates, schemes and probes, and the one loop that trains a GAN.

pub mod data;
