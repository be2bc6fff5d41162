//! The probes of a run, and how often each reads.

use std::collections::BTreeMap;

use ganatomy_record::{Fields, SpecError};

use super::kind::Needs;
use super::{Probe, ProbeKind, ProbeSpec, Site};
use crate::error::TrainError;
use crate::room::Room;

/// A probe that is on.
pub(crate) struct Scheduled {
    pub name: String,
    pub probe: Box<dyn Probe>,
    pub every_steps: u64,
    pub n_samples: usize,
}

/// The probes of a plan.
pub(crate) struct Probes(Vec<Asked>);

struct Asked {
    name: String,
    spec: Box<dyn ProbeSpec>,
    every_steps: u64,
    n_samples: usize,
    needs: Option<Needs>,
}

impl Probes {
    /// Reads `[probes.NAME]` for every probe there is.
    pub fn read(root: &mut Fields<'_>, kinds: &[ProbeKind]) -> Result<Probes, SpecError> {
        let mut fields = root.table("probes", "readings of the live game")?;
        let mut all = Vec::new();
        for kind in kinds {
            let name = kind.entry().name();
            let mut own = fields.table(name, kind.entry().doc())?;
            let (every_steps, n_samples, spec) = kind.read(&mut own)?;
            fields.resolved(name, own.finish()?);
            let (name, needs) = (name.to_owned(), kind.needs());
            all.push(Asked { name, spec, every_steps, n_samples: n_samples as usize, needs });
        }
        root.resolved("probes", fields.finish()?);
        Ok(Probes(all))
    }

    fn on(&self) -> impl Iterator<Item = &Asked> {
        self.0.iter().filter(|asked| asked.every_steps > 0)
    }

    /// The bytes that each probe which is on takes, by its name.
    pub fn needs(&self, room: &mut Room<'_>) -> Result<Vec<(String, u64)>, TrainError> {
        let mut all = Vec::new();
        for asked in self.on() {
            if let Some(needs) = asked.needs {
                all.push((asked.name.clone(), needs(room, asked.n_samples)?));
            }
        }
        Ok(all)
    }

    /// Builds those that are on and apply; refuses them where two report one reading, or one a reading of the step.
    pub fn build<'a>(
        &self,
        site: &mut Site<'_>,
        of_step: impl Iterator<Item = &'a str>,
    ) -> Result<Vec<Scheduled>, TrainError> {
        let mut built = Vec::new();
        for &Asked { ref name, ref spec, every_steps, n_samples, .. } in self.on() {
            if let Some(probe) = spec.build(site)? {
                built.push(Scheduled { name: name.clone(), probe, every_steps, n_samples });
            }
        }
        check_names(&built, of_step)?;
        Ok(built)
    }
}

/// Only the last of two readings of one name would be seen.
fn check_names<'a>(built: &[Scheduled], of_step: impl Iterator<Item = &'a str>) -> Result<(), TrainError> {
    let mut known: BTreeMap<String, String> =
        of_step.map(|name| (name.to_owned(), "the step".to_owned())).collect();
    for Scheduled { name, probe, .. } in built {
        let second = format!("the probe \"{name}\"");
        for (reading, _) in probe.readings() {
            if let Some(first) = known.insert(reading.clone(), second.clone()) {
                return Err(TrainError::Twice { reading, first, second, probe: name.clone() });
            }
        }
    }
    Ok(())
}
