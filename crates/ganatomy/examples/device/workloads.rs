//! The workloads, and runs of them that measure nothing but time.

use std::sync::Arc;

use ganatomy::data::keyed::Keyed;
use ganatomy::data::{DataContext, Images};
use ganatomy::record::RunSpec;
use ganatomy::tensor::{Cpu, Device};
use ganatomy::train::{Plan, Registry, Session, Training};

use crate::Failure;

/// A workload: its name, its spec, and the images that stand for its data.
pub(crate) const WORKLOADS: [(&str, &str, Option<[usize; 3]>); 4] = [
    (
        "ring8",
        "batch = 512\ngenerator = { z_dims = 256, update.lr = 1e-3 }\ndiscriminator.update.lr = 1e-4\n",
        None,
    ),
    (
        "wgan-gp",
        "batch = 256\nloss.kind = \"wasserstein\"\nremedies.gradient-penalty = {}\nscheme.d_steps = 5\n\
         generator = { hidden = [512, 512, 512] }\ndiscriminator = { hidden = [512, 512, 512] }\n",
        None,
    ),
    (
        "infogan28",
        "batch = 64\ngenerator = { kind = \"infogan\", z_dims = 64 }\ndiscriminator.kind = \"infogan\"\n",
        Some([28, 28, 1]),
    ),
    (
        "dcgan64",
        "batch = 64\ngenerator = { kind = \"dcgan\", z_dims = 100 }\ndiscriminator.kind = \"dcgan\"\n",
        Some([64, 64, 3]),
    ),
];

/// A workload that measures nothing and averages nothing; one call makes so many steps at most.
pub(crate) fn spec_of(spec: &str, together: u64) -> Result<RunSpec, Failure> {
    let mut spec = RunSpec::parse(spec, "the workload")?;
    let off = ["gradients", "modes", "classes", "bins", "weights", "sensitivity", "field"];
    let off = off.map(|probe| format!("probes.{probe}.every_steps=0"));
    for setting in off.iter().map(String::as_str).chain(["average.kind=none", "steps=100000"]) {
        spec.set(setting)?;
    }
    spec.set(&format!("readings_every_steps={together}"))?;
    Ok(spec)
}

/// A run in memory that measures nothing and averages nothing; one call makes so many steps at most.
pub(crate) fn training(
    spec: &str,
    images: Option<[usize; 3]>,
    cpu: &Arc<Cpu>,
    device: Option<&Arc<dyn Device>>,
    together: u64,
) -> Result<Training, Failure> {
    let spec = spec_of(spec, together)?;
    let plan = match images {
        Some(shape) => {
            let mut random = Keyed::new(&[1]);
            let n_bytes = 500 * shape.iter().product::<usize>();
            let bytes = (0..n_bytes).map(|_| random.below(256) as u8).collect();
            Plan::with_data(&spec, Images::new(shape, bytes)?, &Registry::builtin())?
        }
        None => Plan::new(&spec, &DataContext::default())?,
    };
    let session = Session { device: device.cloned(), ..Session::in_memory(Arc::clone(cpu)) };
    Ok(Training::new(plan, session)?)
}
