//! A whole GAN in under forty lines: the ring, trained in memory, its modes counted.

use ganatomy::game::data::{DataContext, Silent};
use ganatomy::game::{Plan, Session, train};
use ganatomy::record::{Event, RunSpec};
use ganatomy::tensor::Cpu;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spec = RunSpec::parse(
        r#"
        steps = 2000
        [data]
        kind = "ring"
        std = 0.1
        [generator]
        z_dims = 16
        hidden = [64, 64]
        update = { lr = 1e-3 }
        [discriminator]
        hidden = [64, 64]
        update = { lr = 1e-3 }
        "#,
        "example",
    )?;
    let cache_dir = std::env::temp_dir();
    let context = DataContext { data_dir: None, cache_dir, threads: 2, progress: &Silent };
    let plan = Plan::new(&spec, &context)?;
    let (cpu, began) = (Cpu::new(2), std::time::Instant::now());
    let clock = || began.elapsed().as_secs_f64();
    let mut events: Vec<Event> = Vec::new();
    train(&plan, &Session::in_memory(&cpu, &clock), &mut events)?;
    for event in events {
        if let Event::Readings { step, values, .. } = event
            && let Some(modes) = values.get("samples/n_modes")
        {
            println!("step {step}: {modes} of 8 modes");
        }
    }
    Ok(())
}
