//! `--device`: what the steps of a run are made on.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use ganatomy_tensor::Device;
use ganatomy_xla::{Found, Options, Xla, XlaError};

use super::failure::Failure;
use super::places;
use super::text::at_least_one;

/// A device, as the command line asks for it.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Choice {
    /// What steps are made on: cpu, xla (the first PJRT plugin that `ganatomy devices` lists) or xla:FILE (the plugin in this file);
    /// readings, pictures and scores are made on the processor all the same [default: cpu].
    #[arg(long, value_name = "DEVICE", value_parser = asked)]
    device: Option<Asked>,
    /// With --device xla: the share of the device's memory that the plugin takes at most, as 0.5 [default: what the plugin takes by itself].
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true, value_parser = share, requires = "device")]
    device_memory: Option<f64>,
    /// With --device xla: how many of the plugin's devices share each step; each takes its part of the batch, which they must divide evenly,
    /// and what a step does is that of one device but for the order of sums [default: 1].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_least_one, requires = "device")]
    devices: Option<u64>,
}

/// A device that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// This processor.
    Cpu,
    /// A PJRT plugin's, by the plugin's file where one is named.
    Xla(Option<PathBuf>),
}

/// Why no device can be had.
#[derive(Debug, thiserror::Error)]
enum NoDevice {
    #[error(
        "--device xla needs a PJRT plugin, and none was found: `ganatomy devices` says where they are looked for and how to get one"
    )]
    Plugin,
    #[error("--device-memory bounds what a plugin takes, and the processor's memory is not bounded by it")]
    Memory,
    #[error(
        "--devices counts what a plugin offers, and this processor is one device: --threads divides its work"
    )]
    Devices,
}

/// Reads `cpu`, `xla` or `xla:FILE`.
fn asked(text: &str) -> Result<Asked, String> {
    match text.split_once(':') {
        None if text == "cpu" => Ok(Asked::Cpu),
        None if text == "xla" => Ok(Asked::Xla(None)),
        Some(("xla", file)) if !file.is_empty() => Ok(Asked::Xla(Some(file.into()))),
        _ => Err("cpu, xla and xla:FILE are allowed".to_owned()),
    }
}

/// Reads a share of the whole.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| "a number above 0 and at most 1 is allowed".to_owned())
}

impl Choice {
    /// Is it another than this processor?
    pub(crate) fn is_away(&self) -> bool {
        matches!(self.device, Some(Asked::Xla(_)))
    }

    /// The same as words of a command line.
    pub(crate) fn words(&self) -> Vec<String> {
        let device = self.device.as_ref().map(|device| match device {
            Asked::Cpu => "--device=cpu".to_owned(),
            Asked::Xla(None) => "--device=xla".to_owned(),
            Asked::Xla(Some(file)) => {
                let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
                format!("--device=xla:{}", file.display())
            }
        });
        let memory = self.device_memory.map(|share| format!("--device-memory={share}"));
        let devices = self.devices.map(|n| format!("--devices={n}"));
        device.into_iter().chain(memory).chain(devices).collect()
    }

    /// The device; nothing for this processor, on which everything runs anyway.
    pub(crate) fn open(&self) -> Result<Option<Arc<Xla>>, Failure> {
        let Some(file) = self.file()? else { return Ok(None) };
        let n_devices = self.devices.map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        let options = Options { memory_share: self.device_memory, n_devices };
        let device = Xla::open(&file, &options).map_err(Failure::request)?;
        Ok(Some(Arc::new(device.cached_in(&places::compiled()))))
    }

    /// Refuses what is no device as far as that is seen without opening it.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.file()? {
            Some(path) if !path.is_file() => {
                let why = "there is no such file".to_owned();
                Err(Failure::request(XlaError::Plugin { path, why }))
            }
            _ => Ok(()),
        }
    }

    /// The plugin's file; nothing for this processor.
    fn file(&self) -> Result<Option<PathBuf>, Failure> {
        match &self.device {
            None => Ok(None),
            Some(Asked::Cpu) if self.device_memory.is_some() => Err(Failure::request(NoDevice::Memory)),
            Some(Asked::Cpu) if self.devices.is_some() => Err(Failure::request(NoDevice::Devices)),
            Some(Asked::Cpu) => Ok(None),
            Some(Asked::Xla(Some(file))) => Ok(Some(file.clone())),
            Some(Asked::Xla(None)) => {
                let found = places::plugins().found().into_iter().next();
                let Found { file, .. } = found.ok_or_else(|| Failure::request(NoDevice::Plugin))?;
                Ok(Some(file))
            }
        }
    }
}

/// A device for the table of a plan about the machine: what drives it, and what it is.
pub(crate) fn recorded(device: &Xla) -> toml::Table {
    let (kind, (major, minor)) = (device.kind(), device.plugin().version());
    let mut table = toml::Table::new();
    let mut set = |key: &str, value: &str| table.insert(key.to_owned(), value.into());
    set("platform", &kind.platform);
    set("kind", &kind.device);
    set("plugin", &device.plugin().path().display().to_string());
    set("version", &kind.version);
    set("pjrt", &format!("{major}.{minor}"));
    table.insert("devices".to_owned(), (device.n_devices() as i64).into());
    table
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
        assert_eq!(share("0.5"), Ok(0.5));
        for wrong in ["", "0", "-1", "1.5", "nan", "half"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_choice_is_handed_on_in_words() {
        let choice = |device, device_memory| Choice { device, device_memory, devices: None };
        assert!(choice(None, None).words().is_empty() && !choice(None, None).is_away());
        let away = choice(Some(Asked::Xla(Some("/a/b.so".into()))), Some(0.25));
        assert_eq!(away.words(), ["--device=xla:/a/b.so", "--device-memory=0.25"]);
        let several = Choice { devices: Some(4), ..away.clone() };
        assert_eq!(several.words(), ["--device=xla:/a/b.so", "--device-memory=0.25", "--devices=4"]);
        assert!(away.is_away() && !choice(Some(Asked::Cpu), None).is_away());
    }

    #[test]
    fn what_is_no_plugin_is_a_wrong_request() {
        let choice = |device, device_memory| Choice { device: Some(device), device_memory, devices: None };
        assert!(choice(Asked::Cpu, None).open().is_ok_and(|device| device.is_none()));
        assert!(choice(Asked::Cpu, Some(0.5)).open().is_err());
        assert!(Choice { devices: Some(1), ..choice(Asked::Cpu, None) }.open().is_err());
        assert!(choice(Asked::Xla(Some("/no/such/plugin.so".into())), None).open().is_err());
    }
}
