//! What each scheme and each remedy costs: a step's time beside that of plain alternating moves, in one run.

use std::sync::Arc;

use ganatomy::game::remedy::remedies;
use ganatomy::game::scheme::schemes;
use ganatomy::tensor::Cpu;

use crate::Failure;
use crate::plain::rounds;

/// Steps of a round.
const N: usize = 40;
/// Every scheme goes with this loss.
const LOSS: &str = "loss.kind=minimax";

/// Data of pairs, of the size that the network's workload has.
const PAIRS: &[&str] = &["data.kind=outlines", "data.size=28"];
/// The same where one half is given.
const GIVEN: &[&str] = &["data.kind=outlines", "data.size=28", "remedies.image-conditioning={}"];

/// Prints two tables.
pub(crate) fn print(cpu: &Arc<Cpu>) -> Result<(), Failure> {
    let time = |workload: &str, settings: &[&str]| -> Result<f64, Failure> {
        let settings: Vec<String> = [LOSS].iter().chain(settings).map(|set| (*set).to_owned()).collect();
        let n = if workload == "ring8" { N } else { 4 };
        Ok(rounds(workload, n, &settings, cpu)?.median_ms())
    };
    let plain = time("ring8", &[])?;
    println!("Plain alternating moves on ring8: {plain:.2} ms a step, {} threads.\n", cpu.threads());
    println!("| Scheme | A step costs |\n|---|---|");
    for scheme in schemes() {
        let cost = time("ring8", &[&format!("scheme.kind={}", scheme.name())])? / plain;
        println!("| `{}` | {cost:.2} |", scheme.name());
    }
    println!("\n| Remedy | A step costs | Beside |\n|---|---|---|");
    for remedy in remedies() {
        let (workload, needs, beside) = ground(remedy.name());
        let base = time(workload, needs)?;
        let on = format!("remedies.{}={{}}", remedy.name());
        let cost = time(workload, &[needs, &[on.as_str()]].concat())? / base;
        println!("| `{}` | {cost:.2} | {beside} |", remedy.name());
    }
    Ok(())
}

/// The workload a remedy is timed on, what it needs there, and how the table calls it.
fn ground(remedy: &str) -> (&'static str, &'static [&'static str], &'static str) {
    match remedy {
        "augmentation" => ("infogan28", &[], "infogan28"),
        "class-conditioning" => ("infogan28", &["data.kind=glyphs"], "infogan28 on glyphs"),
        "image-conditioning" => ("infogan28", PAIRS, "infogan28 on outlines, unconditional"),
        "reconstruction" => ("infogan28", GIVEN, "infogan28 on outlines, conditional"),
        "virtual-batch-norm" => ("ring8", &["generator.norm=batch"], "ring8 with batch norm in G"),
        _ => ("ring8", &[], "ring8"),
    }
}
