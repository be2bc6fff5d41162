//! A whole GAN in under forty lines: the ring, trained in memory, its modes counted.

use ganatomy::prelude::*;

const SPEC: &str = r#"
steps = 4000
[generator]
z_dims = 4
update = { lr = 3e-3 }
[discriminator]
update = { lr = 3e-3 }
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spec = RunSpec::parse(SPEC, "example")?;
    let cache_dir = std::env::temp_dir();
    let surroundings = DataContext { data_dir: None, cache_dir, threads: 2, progress: &Silent };
    let plan = Plan::new(&spec, &surroundings)?;
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
