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
    let plan = Plan::new(&RunSpec::parse(SPEC, "example")?, &DataContext::default())?;
    let mut events: Vec<Event> = Vec::new();
    train(plan, Session::in_memory(Cpu::new(2)), &mut events)?;
    for event in events {
        if let Event::Readings { step, values, .. } = event
            && let Some(modes) = values.get("samples/n_modes")
        {
            println!("step {step}: {modes} of 8 modes");
        }
    }
    Ok(())
}
