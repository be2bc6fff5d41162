//! The command line with the causes of illness that the ward is made with, and a probe that knows the truth.
//!
//! `cargo run --release --example ward -- study run studies/ward/tuning.toml` makes one half of the ward: see docs/clinic.md.

mod cure;
mod few;
mod scaled;
mod truth;

use std::process::ExitCode;

use ganatomy::data::Row;
use ganatomy::record::{Entry, Range};
use ganatomy::train::Registry;
use ganatomy::train::probe::{ProbeKind, ProbeSpec};

fn main() -> ExitCode {
    let mut registry = Registry::builtin();
    registry.data.push(Row::new("few", "a few items of another set", |fields| {
        let n = fields.count("n", "items that are trained on", 64, 1..=100_000)?;
        Ok(Box::new(few::FewSpec { n: n as usize, of: inner(fields)? }))
    }));
    registry.data.push(Row::new("scaled", "items of another set in a wrong range", |fields| {
        let factor = fields.number("factor", "of every number", 2.0, Range::between(1e-3, 1e3))?;
        Ok(Box::new(scaled::ScaledSpec { factor: factor as f32, of: inner(fields)? }))
    }));
    let truth =
        Entry::<dyn ProbeSpec>::new("truth", "what only the ward knows", |_| Ok(Box::new(truth::Truth)));
    registry.probes.push(ProbeKind::new(truth, 0, 1000));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "cure") {
        return match cure::run(&arguments[1..], &registry) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        };
    }
    ganatomy::cli::run(&registry)
}

/// The set that another is made of.
fn inner(
    fields: &mut ganatomy::record::Fields<'_>,
) -> Result<Box<dyn ganatomy::data::DataSpec>, ganatomy::record::SpecError> {
    let mut own = fields.table("of", "the set it is made of")?;
    let spec = ganatomy::data::read(&ganatomy::data::data_sets(), &mut own)?;
    let read = own.finish()?;
    fields.resolved("of", read);
    Ok(spec)
}
