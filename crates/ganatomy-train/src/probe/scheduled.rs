//! The probes of a run, and how often each reads.

use ganatomy_record::{Fields, SpecError};

use super::kind::Needs;
use super::{Probe, ProbeKind, ProbeSpec, Site};
use crate::error::TrainError;
use crate::room::Room;

/// A probe that is on.
pub(crate) struct Scheduled {
    pub probe: Box<dyn Probe>,
    pub every_steps: u64,
    pub n_samples: usize,
}

/// The probes of a plan.
pub(crate) struct Probes(Vec<Asked>);

struct Asked {
    spec: Box<dyn ProbeSpec>,
    every_steps: u64,
    n_samples: usize,
    name: String,
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
            all.push(Asked { spec, every_steps, n_samples: n_samples as usize, name, needs });
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

    /// Builds those that are on and apply.
    pub fn build(&self, site: &mut Site<'_>) -> Result<Vec<Scheduled>, TrainError> {
        let mut built = Vec::new();
        for &Asked { ref spec, every_steps, n_samples, .. } in self.on() {
            if let Some(probe) = spec.build(site)? {
                built.push(Scheduled { probe, every_steps, n_samples });
            }
        }
        Ok(built)
    }
}
