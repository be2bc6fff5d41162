//! The examples run: each is what someone outside does first.

#[path = "../examples/custom_data.rs"]
mod custom_data;
#[path = "../examples/custom_loop.rs"]
mod custom_loop;
#[path = "../examples/custom_loss.rs"]
mod custom_loss;
#[path = "../examples/custom_network.rs"]
mod custom_network;
#[path = "../examples/custom_probe.rs"]
mod custom_probe;
#[path = "../examples/custom_remedy.rs"]
mod custom_remedy;
#[path = "../examples/custom_scheme.rs"]
mod custom_scheme;
#[path = "../examples/custom_sink.rs"]
mod custom_sink;
#[path = "../examples/custom_update.rs"]
mod custom_update;

#[test]
fn every_example_runs() {
    type Main = fn() -> Result<(), Box<dyn std::error::Error>>;
    let all: [(&str, Main); 9] = [
        ("custom_data", custom_data::main),
        ("custom_loop", custom_loop::main),
        ("custom_loss", custom_loss::main),
        ("custom_network", custom_network::main),
        ("custom_probe", custom_probe::main),
        ("custom_remedy", custom_remedy::main),
        ("custom_scheme", custom_scheme::main),
        ("custom_sink", custom_sink::main),
        ("custom_update", custom_update::main),
    ];
    for (name, main) in all {
        main().unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
