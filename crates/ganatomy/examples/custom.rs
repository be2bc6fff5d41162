//! A loss, a network and a data set of your own, trained without touching a crate.

use ganatomy::game::data::keyed::Keyed;
use ganatomy::game::data::{BatchKey, DataContext, DataError, DataKind, DataSpec, Dataset, Silent};
use ganatomy::game::loss::{Loss, Scores};
use ganatomy::game::network::{Init, Network, NetworkSpec, Scope};
use ganatomy::game::{Entry, Plan, Registry, Session, train};
use ganatomy::record::{Event, Range, RunSpec};
use ganatomy::tensor::{Cpu, Tensor};

/// The squared loss of Mao et al. (2017) with targets 1 and 0.
struct Squared;

impl Loss for Squared {
    fn discriminator(&self, scores: &Scores<'_>) -> Tensor {
        ((&scores.real - 1.0).square().mean_all() + scores.fake.square().mean_all()) * 0.5
    }
    fn generator(&self, scores: &Scores<'_>) -> Tensor {
        (&scores.fake - 1.0).square().mean_all() * 0.5
    }
}

/// One hidden layer of Gaussian bumps.
#[derive(Clone)]
struct Bumps {
    n: usize,
    gain: f64,
    out: usize,
}

impl NetworkSpec for Bumps {
    fn generator(&self, _: usize, item: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(Box::new(Bumps { out: item.iter().product(), ..self.clone() }))
    }
    fn discriminator(&self, _: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(Box::new(self.clone()))
    }
}

impl Network for Bumps {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let w = scope.param("w", [x.shape()[1], self.n], Init::He(self.gain));
        let v = scope.param("v", [self.n, self.out.max(1)], Init::He(self.gain));
        let bump = (-x.matmul(&w).square()).exp();
        let out = bump.matmul(&v);
        if self.out == 0 { out.reshape([x.shape()[0]]) } else { out }
    }
    fn mixes_batch(&self) -> bool {
        false
    }
}

/// Points on a line.
#[derive(Debug)]
struct Line;

impl DataSpec for Line {
    fn build(&self, _: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(Line))
    }
}

impl Dataset for Line {
    fn item_shape(&self) -> &[usize] {
        &[2]
    }
    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        let mut random = Keyed::new(&[key.seed, key.step, key.draw]);
        labels.fill(0);
        for point in out.chunks_exact_mut(2) {
            let t = random.between(-1.0, 1.0);
            point.copy_from_slice(&[t, 0.5 * t]);
        }
    }
    fn fingerprint(&self) -> String {
        "line".into()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut registry = Registry::builtin();
    registry.losses.push(Entry::new("squared", "distances from targets", |_| Ok(Box::new(Squared))));
    registry.networks.push(Entry::new("bumps", "a layer of bumps", |fields| {
        let n = fields.count("n", "bumps", 64, 1..=4096)? as usize;
        let gain = fields.number("gain", "factor of the initial weights", 1.0, Range::positive())?;
        Ok(Box::new(Bumps { n, gain, out: 0 }))
    }));
    registry.data.push(DataKind {
        name: "line",
        doc: "points on a line",
        read: |_| Ok(Box::new(Line)),
        source: None,
    });
    let text = "steps = 200\nloss.kind = \"squared\"\ndata.kind = \"line\"\ngenerator.kind = \"bumps\"\ndiscriminator.n = 32\ndiscriminator.kind = \"bumps\"\n";
    let spec = RunSpec::parse(text, "example")?;
    let cache_dir = std::env::temp_dir();
    let context = DataContext { data_dir: None, cache_dir, threads: 2, progress: &Silent };
    let plan = Plan::with_registry(&spec, &context, &registry)?;
    let mut events: Vec<Event> = Vec::new();
    let outcome = train(&plan, &Session::in_memory(&Cpu::new(2), &|| 0.0), &mut events)?;
    println!("{}: {} events", outcome.word(), events.len());
    Ok(())
}
