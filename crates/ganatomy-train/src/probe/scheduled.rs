//! The probes of a run, and how often each reads.

use std::collections::BTreeMap;
use std::fmt;

use ganatomy_record::{Direction, Fields, SpecError};

use super::{Probe, ProbeKind, ProbeSpec, Site};
use crate::error::TrainError;
use crate::room::Room;
use crate::rules::Rules;

/// A probe that is on.
pub(crate) struct Scheduled {
    /// What it is, in words.
    pub said: String,
    /// The field that turns it off.
    pub off: String,
    pub probe: Box<dyn Probe>,
    pub every_steps: u64,
    pub n_samples: usize,
}

/// The probes of a plan.
pub(crate) struct Probes(Vec<Asked>);

/// A probe as a spec asks for it.
pub(crate) struct Asked {
    /// What it is, in words.
    pub said: String,
    /// The field that turns it off where it is 0.
    pub off: String,
    /// The field that counts its samples.
    pub n: String,
    pub spec: Box<dyn ProbeSpec>,
    pub every_steps: u64,
    pub n_samples: usize,
    /// Can it be worked out beside training?
    pub is_late: bool,
    /// The memory it takes, where that is worth counting.
    pub needs: Option<Box<NeedsOf>>,
}

/// The bytes that a probe takes with so many samples.
type NeedsOf = dyn Fn(&mut Room<'_>, usize) -> Result<u64, TrainError> + Send + Sync;

/// A part of what a run takes: what it is, its bytes, and the field that makes it smaller.
pub(crate) struct Needed {
    pub said: String,
    pub bytes: u64,
    pub n: String,
    pub is_late: bool,
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
            all.push(Asked {
                said: format!("the probe {name}"),
                off: format!("probes.{name}.every_steps"),
                n: format!("probes.{name}.n_samples"),
                spec,
                every_steps,
                n_samples: n_samples as usize,
                is_late: false,
                needs: kind.needs().map(|needs| Box::new(needs) as Box<NeedsOf>),
            });
        }
        root.resolved("probes", fields.finish()?);
        Ok(Probes(all))
    }

    /// The same probes and some more.
    pub fn with(mut self, more: Vec<Asked>) -> Probes {
        self.0.extend(more);
        self
    }

    fn on(&self) -> impl Iterator<Item = &Asked> {
        self.0.iter().filter(|asked| asked.every_steps > 0)
    }

    /// What each probe that is on takes.
    pub fn needs(&self, room: &mut Room<'_>) -> Result<Vec<Needed>, TrainError> {
        let mut all = Vec::new();
        for asked in self.on() {
            if let Some(needs) = &asked.needs {
                let bytes = needs(room, asked.n_samples)?;
                all.push(Needed {
                    said: asked.said.clone(),
                    bytes,
                    n: asked.n.clone(),
                    is_late: asked.is_late,
                });
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
        for &Asked { ref said, ref off, ref spec, every_steps, n_samples, .. } in self.on() {
            if let Some(probe) = spec.build(site)? {
                let (said, off) = (said.clone(), off.clone());
                built.push(Scheduled { said, off, probe, every_steps, n_samples });
            }
        }
        check_names(built.iter().map(Scheduled::source), of_step)?;
        Ok(built)
    }

    /// Refuses two sources of one reading, as far as that is known before anything is built.
    pub fn check<'a>(&self, rules: &Rules, of_step: impl Iterator<Item = &'a str>) -> Result<(), TrainError> {
        let known = self.on().filter_map(|asked| {
            let Asked { said, off, spec, .. } = asked;
            Some(Source { said: said.clone(), off: off.clone(), readings: spec.known_readings(rules)? })
        });
        check_names(known, of_step)
    }

    /// All readings, with which way is better; nothing where some are only known once they are built.
    pub fn known_readings(&self, rules: &Rules) -> Option<Vec<(String, Direction)>> {
        let all: Option<Vec<_>> = self.on().map(|asked| asked.spec.known_readings(rules)).collect();
        all.map(|all| all.concat())
    }
}

impl Scheduled {
    fn source(&self) -> Source {
        let Scheduled { said, off, probe, .. } = self;
        Source { said: said.clone(), off: off.clone(), readings: probe.readings() }
    }
}

/// Where readings come from.
struct Source {
    said: String,
    off: String,
    readings: Vec<(String, Direction)>,
}

/// Only the last of two readings of one name would be seen.
fn check_names<'a>(
    sources: impl Iterator<Item = Source>,
    of_step: impl Iterator<Item = &'a str>,
) -> Result<(), TrainError> {
    let mut known: BTreeMap<String, String> =
        of_step.map(|name| (name.to_owned(), "the step".to_owned())).collect();
    for Source { said, off, readings } in sources {
        for (reading, _) in readings {
            if let Some(first) = known.insert(reading.clone(), said.clone()) {
                return Err(TrainError::Twice { reading, first, second: said.clone(), off: off.clone() });
            }
        }
    }
    Ok(())
}

impl fmt::Debug for Probes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.on().map(|asked| &asked.said)).finish()
    }
}

#[cfg(test)]
mod tests {
    use crate::exam::plan;

    #[test]
    fn the_plan_of_a_run_is_a_spec_with_every_probe_as_it_was() {
        let first = plan("batch = 8\n").unwrap().resolved().to_toml();
        assert!(first.contains("n_samples = 8") && first.contains("[probes.sensitivity]"), "{first}");
        let again = plan(&first).unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(again.resolved().to_toml(), first);
    }
}
