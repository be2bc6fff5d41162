//! The folder of a treatment: its study, what was asked of it, and what came of it.

use std::fs;
use std::path::{Path, PathBuf};

use ganatomy_record::{Checkpoints, RunFolder, write_whole};
use ganatomy_study::StudyError;
use ganatomy_study::file::{self, ArmFile, Budget, ScoreFile, Seeds, StudyFile, Written};
use serde::{Deserialize, Serialize};
use toml::Table;

use super::arms::{Arm, CONTROL};
use super::conclude::Conclusion;
use super::patient::{Patient, Score};
use crate::cli::failure::Failure;

/// The study.
const STUDY: &str = "study.toml";
/// What was asked, of which run, and what came of it.
const TREATMENT: &str = "treatment.toml";

/// What is asked of a treatment on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) remedies: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) budget_steps: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seeds: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) most: Option<u64>,
}

/// What a treatment's own file holds.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    run: PathBuf,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    since_step: u64,
    #[serde(default)]
    asked: Asked,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    result: Option<Table>,
}

#[derive(Debug, thiserror::Error)]
enum Misplaced {
    #[error("{} holds the treatment of another run, {}; --out DIR names another folder", folder.display(), run.display())]
    OfAnother { folder: PathBuf, run: PathBuf },
    #[error("{} holds a treatment that was asked for otherwise ({was}); go on with it by the same options, or begin another with --out DIR", folder.display())]
    Asked { folder: PathBuf, was: String },
    #[error("{} is a run, and a treatment needs a folder of its own; --out DIR names it", folder.display())]
    Run { folder: PathBuf },
    #[error("{} holds other files; --out DIR names another folder for the treatment", folder.display())]
    Occupied { folder: PathBuf },
}

/// The folder of a treatment.
pub(super) struct Folder {
    path: PathBuf,
    /// The run that is treated.
    run: PathBuf,
}

impl Folder {
    /// A folder that is free, or holds a treatment.
    pub(super) fn new(path: PathBuf, run: &Path) -> Result<Folder, Failure> {
        if RunFolder::owner(&path.join(STUDY)).is_some() || RunFolder::open(&path).is_ok() {
            return Err(Failure::request(Misplaced::Run { folder: path }));
        }
        let holds = |name: &str| path.join(name).exists();
        // A treatment that was killed before it began may have left its study.
        let is_own = |name: &std::ffi::OsStr| {
            let name = name.to_string_lossy();
            [STUDY, TREATMENT].iter().any(|own| name.trim_start_matches('.').starts_with(own))
        };
        let is_free = fs::read_dir(&path)
            .map_or(true, |entries| entries.flatten().all(|entry| is_own(&entry.file_name())));
        if !is_free && !holds(TREATMENT) {
            return Err(Failure::request(Misplaced::Occupied { folder: path }));
        }
        let run = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
        Ok(Folder { path, run })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The study of a treatment that was begun before, with the same options.
    pub(super) fn begun(&self, asked: &Asked) -> Result<Option<StudyFile>, Failure> {
        let path = self.path.join(TREATMENT);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(_) if !path.exists() => return Ok(None),
            Err(cause) => return Err(failed(StudyError::Io { action: "read", path, cause })),
        };
        let kept: Kept = toml::from_str(&text).map_err(|error| {
            Failure::request(format!("{} is damaged: {}", path.display(), error.message()))
        })?;
        let folder = self.path.clone();
        if kept.run != self.run {
            return Err(Failure::request(Misplaced::OfAnother { folder, run: kept.run }));
        }
        if kept.asked != *asked {
            return Err(Failure::request(Misplaced::Asked { folder, was: kept.asked.words() }));
        }
        let written = file::read(&self.path.join(STUDY), None).map_err(failed)?;
        Ok(Some(written.file))
    }

    /// The study with where it stands.
    pub(super) fn written(&self, file: StudyFile, patient: &Patient) -> Written {
        let origin = format!("the treatment of {}", patient.folder.path().display());
        let folder = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        Written { file, folder, origin }
    }

    /// Was a treatment of this run begun here?
    pub(super) fn is_begun(path: &Path, run: &Path) -> bool {
        kept_of(path, run).is_some()
    }

    /// Has a treatment of this run ended here with nothing to go on with?
    pub(super) fn came_to_nothing(path: &Path, run: &Path) -> bool {
        let result = kept_of(path, run).and_then(|kept| kept.result);
        result.is_some_and(|result| !result.contains_key("resume"))
    }

    /// Writes what is tried, before anything begins.
    pub(super) fn begin(&self, file: &StudyFile, asked: &Asked, patient: &Patient) -> Result<(), Failure> {
        if self.path.join(TREATMENT).exists() {
            return Ok(());
        }
        let path = self.path.clone();
        fs::create_dir_all(&path)
            .map_err(|cause| failed(StudyError::Io { action: "create", path, cause }))?;
        let mut plain = file.clone();
        plain.arms.iter_mut().for_each(|arm| arm.fork = None);
        let text = toml::to_string(&plain).map_err(Failure::run)?;
        write_whole(&self.path.join(STUDY), text.as_bytes()).map_err(Failure::request)?;
        let gravest = patient.gravest();
        let kept = Kept {
            run: self.run.clone(),
            verdict: gravest.map(|finding| finding.name.to_owned()).unwrap_or_default(),
            since_step: gravest.map(|finding| finding.since_step).unwrap_or_default(),
            asked: asked.clone(),
            result: None,
        };
        self.write(&kept)
    }

    /// Keeps what came of it.
    pub(super) fn keep(&self, conclusion: &Conclusion) -> Result<(), Failure> {
        let text = fs::read_to_string(self.path.join(TREATMENT)).map_err(Failure::run)?;
        let mut kept: Kept = toml::from_str(&text).map_err(Failure::run)?;
        kept.result = Some(conclusion.table());
        self.write(&kept)
    }

    fn write(&self, kept: &Kept) -> Result<(), Failure> {
        let text = toml::to_string(kept).map_err(Failure::run)?;
        write_whole(&self.path.join(TREATMENT), text.as_bytes()).map_err(Failure::request)
    }
}

/// What is kept of a treatment of this run.
fn kept_of(path: &Path, run: &Path) -> Option<Kept> {
    let run = std::path::absolute(run).unwrap_or_else(|_| run.to_owned());
    let text = fs::read_to_string(path.join(TREATMENT)).ok()?;
    toml::from_str::<Kept>(&text).ok().filter(|kept| kept.run == run)
}

impl Asked {
    /// The options that were given.
    fn words(&self) -> String {
        let mut words = Vec::new();
        words.extend(self.from.map(|from| format!("--from {from}")));
        if !self.remedies.is_empty() {
            words.push(format!("--remedies {}", self.remedies.join(",")));
        }
        words.extend(self.budget_steps.map(|steps| format!("--budget-steps {steps}")));
        words.extend(self.seeds.map(|seeds| format!("--seeds {seeds}")));
        words.extend(self.most.map(|most| format!("--most {most}")));
        words.extend(self.by.as_ref().map(|by| format!("--by {by}")));
        if words.is_empty() { "without options".to_owned() } else { words.join(" ") }
    }
}

fn failed(error: StudyError) -> Failure {
    crate::cli::study::failed(error)
}

/// The study that tries some arms beside an untreated one.
pub(super) fn study(
    patient: &Patient,
    from: Option<u64>,
    arms: &[Arm],
    score: Score,
    budget: u64,
    seeds: u64,
) -> StudyFile {
    let path = patient.folder.path();
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let verdict = patient.gravest().map_or("what is wrong", |finding| finding.name);
    // An arm is a fork wherever there is a checkpoint to have the plan of; it begins anew where none is before the illness.
    let stored = Checkpoints::list(&patient.folder).ok().and_then(|all| all.first().map(|file| file.step));
    let at = from.or(stored);
    let anew = from.is_none() && at.is_some();
    let mut all = vec![ArmFile { anew, ..arm_of(CONTROL, "") }];
    all.extend(arms.iter().map(|one| ArmFile { anew: one.anew || anew, ..arm_of(&one.name, &one.change) }));
    let draws = patient.plan.get("samples").and_then(|samples| samples.get("every_steps")?.as_integer());
    let mut set = vec!["checkpoint.keep_last=1".to_owned()];
    if draws == Some(0) {
        set.push(format!("samples.every_steps={budget}"));
    }
    StudyFile {
        name: format!("treat-{}", name.chars().map(plain).take(50).collect::<String>()),
        question: format!("What mends {verdict} of {name}?"),
        base: match at {
            Some(_) => "ring".to_owned(),
            None => path.join("spec.toml").display().to_string(),
        },
        from: at.map(|step| format!("{}@{step}", path.display())),
        with: Vec::new(),
        set,
        configs: 1,
        draw: file::Draw::default(),
        seeds: Seeds::List((0..seeds).map(|seed| patient.seed().saturating_add(seed)).collect()),
        budget: Budget::Steps(budget),
        score: ScoreFile {
            reading: score.reading,
            better: Some(score.better),
            at: file::At::Last,
            also: Vec::new(),
            collapsed: None,
        },
        space: file::SpaceFile::default(),
        arms: all,
        stages: Vec::new(),
        stop: None,
        runs: file::RunsFile::default(),
        launch: file::LaunchFile::default(),
    }
}

/// An arm with a change.
fn arm_of(name: &str, change: &str) -> ArmFile {
    let (with, set) = words(change);
    ArmFile {
        name: name.to_owned(),
        published: None,
        base: None,
        from: None,
        anew: false,
        fork: None,
        with,
        set,
    }
}

/// The methods that a change lays over, and what it sets. A schedule that is new ends where the fork does.
fn words(change: &str) -> (Vec<String>, Vec<String>) {
    let (mut with, mut set) = (Vec::new(), Vec::new());
    let mut words = change.split_whitespace();
    while let (Some(word), Some(next)) = (words.next(), words.next()) {
        if word == "--with" { &mut with } else { &mut set }.push(next.to_owned());
    }
    if set.iter().any(|one: &String| one.contains(".schedule.")) {
        set.push("schedule_steps=0".to_owned());
    }
    (with, set)
}
