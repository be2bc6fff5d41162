//! The workloads that a spec can say: timed through the public training loop.

use std::ops::ControlFlow;
use std::time::Instant;

use ganatomy::game::data::image_set::ImageSet;
use ganatomy::game::data::keyed::Keyed;
use ganatomy::game::data::{DataContext, DataError, DataKind, DataSpec, Dataset, Silent};
use ganatomy::game::{Plan, Registry, Session, train};
use ganatomy::record::{Event, RecordError, RunSpec, Sink};
use ganatomy::tensor::Cpu;

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
data.kind = "grey28"
[generator]
kind = "infogan"
z_dims = 64
[discriminator]
kind = "infogan"
"#;

const DCGAN64: &str = r#"
batch = 64
data.kind = "colour64"
[generator]
kind = "dcgan"
z_dims = 100
[discriminator]
kind = "dcgan"
"#;

/// Random images, as the peers' scripts use.
#[derive(Debug)]
struct Noise(usize, [usize; 3]);

impl DataSpec for Noise {
    fn build(&self, _: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        let mut random = Keyed::new(&[1]);
        let n = self.0 * self.1.iter().product::<usize>();
        let pixels = (0..n).map(|_| random.below(256) as u8).collect();
        Ok(Box::new(ImageSet::new("noise", self.1, pixels, vec![], 0)))
    }
}

/// The plan of a workload that runs for so many steps, with settings over its own.
pub(crate) fn plan(name: &str, steps: usize, settings: &[String]) -> Result<Plan, Failure> {
    let text = match name {
        "ring8" => RING8,
        "infogan28" => INFOGAN28,
        _ => DCGAN64,
    };
    let mut registry = Registry::builtin();
    let noise = |name, read| DataKind { name, doc: "random images", read, source: None };
    registry.data.push(noise("grey28", |_| Ok(Box::new(Noise(2000, [28, 28, 1])))));
    registry.data.push(noise("colour64", |_| Ok(Box::new(Noise(500, [64, 64, 3])))));
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
    let context = DataContext { data_dir: None, cache_dir: "".into(), threads: 1, progress: &Silent };
    Ok(Plan::with_registry(&spec, &context, &registry)?)
}

/// Times a workload.
pub(crate) fn time(name: &str, cpu: &Cpu) -> Result<Timing, Failure> {
    let n = match name {
        "ring8" => 100,
        "infogan28" => 10,
        _ => 3,
    };
    let plan = plan(name, n_steps(n), &[])?;
    let flops = plan.step_program()?.product_flops();
    let watch = Watch::of(&plan, cpu)?;
    Ok(Timing { compile_secs: watch.compile_secs, flops, rounds: watch.rounds(n) })
}

/// Rounds of `n` steps of a workload with settings over its own.
pub(crate) fn rounds(name: &str, n: usize, settings: &[String], cpu: &Cpu) -> Result<Rounds, Failure> {
    Ok(Watch::of(&plan(name, n_steps(n), settings)?, cpu)?.rounds(n))
}

/// The last step of a run is no usual one: readings are due. So there is one more than is timed.
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
    fn of(plan: &Plan, cpu: &Cpu) -> Result<Watch, Failure> {
        let steps = Vec::with_capacity(plan.steps() as usize);
        let mut watch = Watch { began: Instant::now(), compile_secs: 0.0, steps };
        train(plan, &Session::in_memory(cpu, &|| 0.0), &mut watch)?;
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
