//! The folder of a run: that of an earlier try, or a new one.

use std::path::Path;

use ganatomy_record::{RecordError, RunFolder, RunSpec};
use toml::Table;

use super::{Rules, Site};
use crate::StudyError;
use crate::store::Claim;

/// Where a run is kept.
pub(super) struct Kept {
    pub folder: RunFolder,
    /// Below the study's folder.
    pub name: String,
    /// Is it gone on with?
    pub resumes: bool,
}

/// The run's folder: that of an earlier try, to go on with it (unless it is to be begun `anew`), or a new one. Beside one that a worker still writes who has
/// lost the run without knowing; and beside one that is of another study.
pub(super) fn keep(
    site: &Site<'_>,
    rules: &Rules,
    claim: &Claim,
    spec: &RunSpec,
    plan: &Table,
    anew: bool,
) -> Result<Kept, StudyError> {
    let arm = rules.file.arms.get(claim.arm).map_or("arm", |arm| arm.name.as_str());
    let stage = rules.stages.get(claim.stage).filter(|_| rules.stages.len() > 1);
    let stage = stage.map(|stage| format!("{}/", stage.name)).unwrap_or_default();
    let plain = format!("runs/{stage}{arm}/{}-seed-{}", claim.number, claim.seed);
    let beside = format!("{plain}-try-{}", claim.attempt);
    let others = (2..MOST_OTHERS).map(|n| format!("{plain}-{n}"));
    for name in [plain.clone(), beside].into_iter().chain(others) {
        let path = site.folder.join(&name);
        let own =
            RunFolder::open(&path).ok().map(|run| run.spec().is_ok_and(|old| old.source() == spec.source()));
        let made = match own {
            // Of another study, or damaged beyond telling.
            Some(false) => continue,
            Some(true) if !anew => RunFolder::resume(&path).map(|folder| (folder, true)),
            Some(true) => create(&path, true, spec, plan),
            None => create(&path, false, spec, plan),
        };
        match made {
            Ok((folder, resumes)) => return Ok(Kept { folder, name, resumes }),
            Err(RecordError::InUse { .. } | RecordError::NotEmpty { .. } | RecordError::Exists { .. }) => {}
            // Damaged when it was left: begun anew.
            Err(RecordError::Incomplete { .. }) => {
                let (folder, resumes) = create(&path, true, spec, plan)?;
                return Ok(Kept { folder, name, resumes });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(RecordError::InUse { path: site.folder.join(plain) }.into())
}

/// Folders that are tried beside those of other studies.
const MOST_OTHERS: usize = 100;

fn create(
    path: &Path,
    overwrite: bool,
    spec: &RunSpec,
    plan: &Table,
) -> Result<(RunFolder, bool), RecordError> {
    RunFolder::create(path, overwrite, &spec.source(), &plan.to_string()).map(|folder| (folder, false))
}
