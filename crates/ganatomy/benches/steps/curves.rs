//! How the cost of training grows: with batch, with parameters, with steps, on the networks of ring8.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use ganatomy::record::write_whole;
use ganatomy::tensor::Cpu;
use ganatomy::train::{Plan, Session, train};
use ganatomy::view::{Panel, Series, curves};

use crate::Failure;
use crate::plain::{plan, rounds};

/// Steps of a round.
const N: usize = 60;

/// Cost (y) against size (x), sizes ascending.
struct Curve {
    /// What grows.
    name: &'static str,
    /// Of the cost.
    unit: &'static str,
    points: Vec<(u64, f64)>,
}

/// Prints each curve as a JSON line, and draws them all into a picture.
pub(crate) fn print(cpu: &Arc<Cpu>, picture: Option<&Path>) -> Result<(), Failure> {
    let all = [batch(cpu)?, parameters(cpu)?, steps(cpu)?];
    for curve in &all {
        println!("{}", curve.json());
    }
    if let Some(path) = picture {
        write_whole(path, &curves(&all.each_ref().map(Curve::panel))?.to_png()?)?;
    }
    Ok(())
}

fn batch(cpu: &Arc<Cpu>) -> Result<Curve, Failure> {
    let point = |batch: u64| {
        let settings = [format!("batch={batch}")];
        Ok((batch, rounds("ring8", N, &settings, cpu)?.median_ms()))
    };
    let points = doubling(64, 2048).map(point).collect::<Result<_, Failure>>()?;
    Ok(Curve { name: "batch", unit: "ms a step", points })
}

fn parameters(cpu: &Arc<Cpu>) -> Result<Curve, Failure> {
    let point = |width: u64| {
        let settings =
            ["generator", "discriminator"].map(|player| format!("{player}.hidden=[{width},{width}]"));
        let n = n_parameters(&plan("ring8", 1, &settings)?)?;
        Ok((n, rounds("ring8", N, &settings, cpu)?.median_ms()))
    };
    let points = doubling(32, 512).map(point).collect::<Result<_, Failure>>()?;
    Ok(Curve { name: "parameters", unit: "ms a step", points })
}

/// Whole runs, from the plan on.
fn steps(cpu: &Arc<Cpu>) -> Result<Curve, Failure> {
    let point = |steps: u64| {
        let began = Instant::now();
        let plan = plan("ring8", steps as usize, &[])?;
        train(plan, Session::in_memory(Arc::clone(cpu)), &mut Vec::new())?;
        Ok((steps, began.elapsed().as_secs_f64()))
    };
    let points = doubling(200, 3200).map(point).collect::<Result<_, Failure>>()?;
    Ok(Curve { name: "steps", unit: "seconds in all", points })
}

fn doubling(first: u64, last: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(first), |n| Some(2 * n)).take_while(move |n| *n <= last)
}

/// Of both players.
fn n_parameters(plan: &Plan) -> Result<u64, Failure> {
    let program = plan.step_program()?;
    let inputs = program.inputs();
    let own = inputs
        .iter()
        .filter(|(name, _)| ["generator.", "discriminator."].iter().any(|p| name.starts_with(p)));
    Ok(own.map(|(_, shape)| shape.numel() as u64).sum())
}

impl Curve {
    fn json(&self) -> String {
        let (x, y): (Vec<u64>, Vec<f64>) = self.points.iter().copied().unzip();
        let y: Vec<String> = y.iter().map(|y| format!("{y:.4}")).collect();
        let large = &self.points[self.points.len().saturating_sub(3)..];
        format!(
            "{{\"curve\":\"{}\",\"unit\":\"{}\",\"x\":{x:?},\"y\":[{}],\"exponent\":{:.3},\"large_exponent\":{:.3}}}",
            self.name,
            self.unit,
            y.join(","),
            exponent(&self.points),
            exponent(large),
        )
    }

    /// Both axes logarithmic, so that growth in proportion is a straight line of slope one.
    fn panel(&self) -> Panel {
        let measured = Series { name: "measured".into(), points: self.points.clone() };
        let (last_x, last_y) = self.points.last().copied().unwrap_or((1, 1.0));
        let line = |&(x, _): &(u64, f64)| (x, last_y * x as f64 / last_x as f64);
        let proportional =
            Series { name: "in proportion".into(), points: self.points.iter().map(line).collect() };
        Panel {
            title: format!("Cost against {}", self.name),
            across: self.name.into(),
            log_across: true,
            unit: self.unit.into(),
            whole: false,
            log: true,
            range: None,
            series: vec![proportional, measured],
            ..Panel::default()
        }
    }
}

/// The slope of log y over log x by least squares: 1 where cost grows in proportion.
fn exponent(points: &[(u64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|&(x, y)| ((x as f64).ln(), y.ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / logs.len() as f64;
    let (mean_x, mean_y) = (mean(|p| p.0), mean(|p| p.1));
    let product: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let square: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    product / square
}
