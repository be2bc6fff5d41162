//! The workloads that a spec can describe, timed through the public training loop.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use ganatomy::data::keyed::Keyed;
use ganatomy::data::{DataContext, Images};
use ganatomy::record::{Event, RecordError, RunSpec, Sink};
use ganatomy::tensor::Cpu;
use ganatomy::train::{Plan, Registry, Session, train};

use crate::rounds::{Moment, ROUNDS, Rounds, WARM_UP};
use crate::{Failure, Timing};

const RING8: &str = r#"
batch = 512
[generator]
z_dims = 256
update = { lr = 1e-3 }
[discriminator]
update = { lr = 1e-4 }
"#;

const INFOGAN28: &str = r#"
batch = 64
[generator]
kind = "infogan"
z_dims = 64
[discriminator]
kind = "infogan"
"#;

const DCGAN64: &str = r#"
batch = 64
[generator]
kind = "dcgan"
z_dims = 100
[discriminator]
kind = "dcgan"
"#;

/// Random images, as the peers' scripts use.
fn noise(n: usize, shape: [usize; 3]) -> Result<Images, Failure> {
    let mut random = Keyed::new(&[1]);
    let n_bytes = n * shape.iter().product::<usize>();
    Ok(Images::new(shape, (0..n_bytes).map(|_| random.below(256) as u8).collect())?)
}

/// The plan of a workload that runs for `steps` steps, with settings over its own.
pub(crate) fn plan(name: &str, steps: usize, settings: &[String]) -> Result<Plan, Failure> {
    let text = match name {
        "ring8" => RING8,
        "infogan28" => INFOGAN28,
        _ => DCGAN64,
    };
    let mut spec = RunSpec::parse(text, name)?;
    // The peers average nothing, measure nothing and keep nothing.
    let probes = ["gradients", "modes", "classes"].map(|probe| format!("probes.{probe}.every_steps=0"));
    for off in probes.iter().map(String::as_str).chain(["average.kind=none"]) {
        spec.set(off)?;
    }
    spec.set(&format!("steps={steps}"))?;
    spec.set("readings_every_steps=1000000")?;
    spec.set("checkpoint.every_steps=0")?;
    for setting in settings {
        spec.set(setting)?;
    }
    let (registry, names_data) = (Registry::builtin(), settings.iter().any(|s| s.starts_with("data.")));
    Ok(match name {
        "infogan28" if !names_data => Plan::with_data(&spec, noise(2000, [28, 28, 1])?, &registry)?,
        "dcgan64" if !names_data => Plan::with_data(&spec, noise(500, [64, 64, 3])?, &registry)?,
        _ => Plan::with_registry(&spec, &DataContext::default(), &registry)?,
    })
}

/// Times a workload.
pub(crate) fn time(name: &str, cpu: &Arc<Cpu>) -> Result<Timing, Failure> {
    let n = match name {
        "ring8" => 100,
        "infogan28" => 10,
        _ => 3,
    };
    let plan = plan(name, n_steps(n), &[])?;
    let flops = plan.step_program()?.product_flops();
    let watch = Watch::of(plan, cpu)?;
    Ok(Timing { compile_secs: watch.compile_secs, flops, rounds: watch.rounds(n) })
}

/// Rounds of `n` steps of a workload with settings over its own.
pub(crate) fn rounds(name: &str, n: usize, settings: &[String], cpu: &Arc<Cpu>) -> Result<Rounds, Failure> {
    Ok(Watch::of(plan(name, n_steps(n), settings)?, cpu)?.rounds(n))
}

/// The last step of a run also makes readings, so there is one step more than is timed.
fn n_steps(n: usize) -> usize {
    WARM_UP + ROUNDS * n + 1
}

/// Notes the moments at which a run's steps end.
struct Watch {
    began: Instant,
    compile_secs: f64,
    steps: Vec<Moment>,
}

impl Watch {
    /// Trains, watching.
    fn of(plan: Plan, cpu: &Arc<Cpu>) -> Result<Watch, Failure> {
        let steps = Vec::with_capacity(plan.steps() as usize);
        let mut watch = Watch { began: Instant::now(), compile_secs: 0.0, steps };
        train(plan, Session::in_memory(Arc::clone(cpu)), &mut watch)?;
        Ok(watch)
    }

    fn rounds(&self, n: usize) -> Rounds {
        let moments: Vec<Moment> = (0..=ROUNDS).map(|round| self.steps[WARM_UP - 1 + round * n]).collect();
        Rounds::between(&moments, n)
    }
}

impl Sink for Watch {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        let now = Moment::since(self.began);
        match event {
            Event::Started { .. } => self.compile_secs = now.secs,
            Event::Step { .. } => self.steps.push(now),
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }
}
