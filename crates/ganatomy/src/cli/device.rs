//! `--device`: what the steps of a run are made on.

use std::path::PathBuf;
use std::sync::Arc;

use ganatomy_tensor::Device;
use ganatomy_xla::Xla;

use super::failure::Failure;
use super::places::plugin;

/// A device that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// This processor.
    Cpu,
    /// A PJRT plugin's, by the plugin's file where one is named.
    Xla(Option<PathBuf>),
}

/// A plugin that nobody has named.
#[derive(Debug, thiserror::Error)]
#[error(
    "--device xla needs a PJRT plugin: name its file with --device xla:FILE or the variable GANATOMY_PJRT (of NVIDIA's wheel jax-cuda13-pjrt it is \
     jax_plugins/xla_cuda13/xla_cuda_plugin.so)"
)]
struct NoPlugin;

/// Reads `cpu`, `xla` or `xla:FILE`.
pub(crate) fn asked(text: &str) -> Result<Asked, String> {
    match text.split_once(':') {
        None if text == "cpu" => Ok(Asked::Cpu),
        None if text == "xla" => Ok(Asked::Xla(None)),
        Some(("xla", file)) if !file.is_empty() => Ok(Asked::Xla(Some(file.into()))),
        _ => Err("cpu, xla and xla:FILE are allowed".to_owned()),
    }
}

impl Asked {
    /// The device; nothing for this processor, on which everything runs anyway.
    pub(crate) fn open(&self) -> Result<Option<Arc<dyn Device>>, Failure> {
        match self {
            Asked::Cpu => Ok(None),
            Asked::Xla(file) => {
                let file = file.clone().or_else(plugin).ok_or_else(|| Failure::request(NoPlugin))?;
                Ok(Some(Arc::new(Xla::open(&file).map_err(Failure::request)?)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named() {
        assert_eq!(asked("cpu"), Ok(Asked::Cpu));
        assert_eq!(asked("xla"), Ok(Asked::Xla(None)));
        assert_eq!(asked("xla:a/b.so"), Ok(Asked::Xla(Some("a/b.so".into()))));
        for wrong in ["", "gpu", "xla:", "cpu:0"] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_plugin_is_a_wrong_request() {
        assert!(Asked::Cpu.open().is_ok_and(|device| device.is_none()));
        assert!(Asked::Xla(Some("/no/such/plugin.so".into())).open().is_err());
    }
}
