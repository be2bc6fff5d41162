//! The command line with a loss of your own: `cargo run --example custom_cli -- explain squared`.

use std::process::ExitCode;

use ganatomy::game::loss::{Loss, Row, Scores};
use ganatomy::tensor::Tensor;
use ganatomy::train::Registry;

/// `L_D = (mean (C(x) - 1)^2 + mean C(G(z))^2) / 2, L_G = mean (C(G(z)) - 1)^2 / 2`
#[derive(Debug)]
pub struct Squared;

impl Loss for Squared {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        ((&scores.real - 1.0).square().mean_all() + scores.fake.square().mean_all()) * 0.5
    }
    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        (&scores.fake - 1.0).square().mean_all() * 0.5
    }
}

fn main() -> ExitCode {
    let mut registry = Registry::builtin();
    let row = Row::new("squared", "distances from targets", |_| Ok(Box::new(Squared)));
    registry.losses.push(row.explained_by(include_str!("custom_cli.rs")));
    ganatomy::cli::run(&registry)
}
