//! Data of your own: points in memory, images in memory, and a set that is made as it is asked for.

use ganatomy::data::keyed::Keyed;
use ganatomy::data::{BatchKey, DataError, DataSpec, Dataset, Images, Points, Row};
use ganatomy::prelude::*;

/// Points on a line, endless.
#[derive(Debug)]
struct Line {
    slope: f32,
}

impl DataSpec for Line {
    fn build(&self, _: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(Line { ..*self }))
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
            point.copy_from_slice(&[t, self.slope * t]);
        }
    }
    fn fingerprint(&self) -> String {
        format!("line-{}", self.slope)
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let registry = Registry::builtin();
    // An array that your program has already.
    let spiral = (0..600).map(|i| i as f32 / 60.0).map(|t| [0.2 * t * t.cos(), 0.2 * t * t.sin()]).collect();
    let spec = RunSpec::parse("steps = 100\n", "example")?;
    let plan = Plan::with_data(&spec, Points::new(spiral)?, &registry)?;
    train(plan, Session::in_memory(Cpu::new(1)), &mut Vec::<Event>::new())?;

    // Images with classes, which both players are given.
    let pixels: Vec<u8> = (0..100 * 64).map(|i| if i / 64 % 2 == 0 { 40 } else { 220 }).collect();
    let images = Images::new([8, 8, 1], pixels)?.with_labels((0..100).map(|i| i % 2).collect(), 2)?;
    let spec = RunSpec::parse("steps = 50\nbatch = 20\n[remedies.class-conditioning]\n", "example")?;
    let plan = Plan::with_data(&spec, images, &registry)?;
    train(plan, Session::in_memory(Cpu::new(1)), &mut Vec::<Event>::new())?;

    // A set that a spec can name.
    let mut registry = registry;
    registry.data.push(Row::new("line", "points on a line", |fields| {
        let slope = fields.number("slope", "of the line", 0.5, ganatomy::record::Range::at_least(0.0))?;
        Ok(Box::new(Line { slope: slope as f32 }))
    }));
    let spec = RunSpec::parse("steps = 100\ndata = { kind = \"line\", slope = 2 }\n", "example")?;
    let plan = Plan::with_registry(&spec, &DataContext::default(), &registry)?;
    train(plan, Session::in_memory(Cpu::new(1)), &mut Vec::<Event>::new())?;
    println!("three plans trained");
    Ok(())
}
