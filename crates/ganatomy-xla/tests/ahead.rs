//! Programs for devices that are not here. What they launch on an H100 is checked by `cargo xtask device --ahead`, which needs NVIDIA's plugin.

use std::path::Path;

use ganatomy_xla::{Ahead, H100, Plugin};

#[test]
fn a_plugin_for_processors_has_no_other_device() {
    let Some(plugin) = std::env::var_os("GANATOMY_PJRT") else {
        println!("left out: the variable GANATOMY_PJRT names no plugin");
        return;
    };
    let plugin = Plugin::load(plugin.as_ref()).unwrap();
    if plugin.path().to_string_lossy().contains("cpu") {
        let refused = Ahead::new(&plugin, H100, Path::new("nowhere")).unwrap_err().to_string();
        assert!(refused.starts_with("the device could not take the description of a device: "), "{refused}");
    }
}
