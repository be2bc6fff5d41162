//! From a study to its store: every configuration planned, with the steps of its budget, before anything starts.

use std::path::{Path, PathBuf};

use ganatomy_data::{DataContext, Silent};
use ganatomy_record::{Direction, RunSpec, first_difference, nearest};
use ganatomy_train::{Plan, Registry, misfits};

use crate::StudyError;
use crate::file::{Better, Budget, StudyFile};
use crate::fork::Fork;
use crate::space::{Chosen, points};
use crate::store::{Founding, NewConfig, Store};
use crate::study::{Arm, Study};

/// Where studies are planned.
#[derive(Clone, Debug)]
pub struct Ground<'a> {
    /// What methods there are.
    pub registry: &'a Registry,
    /// The folder of the data.
    pub data: Option<PathBuf>,
    /// Where what was learned once may be kept.
    pub cache: PathBuf,
}

/// A study with every configuration of the stages that draw their own.
#[derive(Clone, Debug)]
pub struct Expanded {
    /// The study; its score's better way is known now.
    pub study: Study,
    /// Its configurations.
    pub configs: Vec<NewConfig>,
    /// Runs of stages that take the best of others.
    pub later_runs: u64,
}

/// A field that may change between two calls: it changes no result.
const FREE: [&str; 2] = ["question", "launch"];

impl Expanded {
    /// Plans every configuration.
    ///
    /// # Errors
    /// The first configuration that is no plan, or does not read what is to be the score.
    pub fn new(study: Study, ground: &Ground<'_>) -> Result<Expanded, StudyError> {
        let origin = study.origin.clone();
        Expanded::of(study, ground).map_err(|error| located(error, &origin))
    }

    fn of(mut study: Study, ground: &Ground<'_>) -> Result<Expanded, StudyError> {
        for arm in 0..study.arms.len() {
            settle(&mut study, arm, ground)?;
        }
        let mut configs = Vec::new();
        let mut later_runs = 0;
        for (index, stage) in study.stages.iter().enumerate() {
            if !stage.best_of.is_empty() {
                later_runs += u64::from(stage.configs) * (stage.seeds.len() * study.arms.len()) as u64;
                continue;
            }
            for (arm, of) in study.arms.iter().enumerate() {
                let drawn = points(&study.file.name, stage, &of.name);
                let drawn =
                    drawn.map_err(|why| refused(&of.name, format!("stage \"{}\": {why}", stage.name)))?;
                for (number, chosen) in drawn.iter().enumerate() {
                    let planned = plan(of, chosen, ground)?;
                    study.file.score.better = Some(better(&study.file, of, &planned)?);
                    let mut new = config(&study.file, of, chosen, &planned)?;
                    (new.stage, new.arm, new.number) = (index, arm, number as u32);
                    new.seeds.clone_from(&stage.seeds);
                    configs.push(new);
                }
            }
        }
        Ok(Expanded { study, configs, later_runs })
    }

    /// Runs in all.
    pub fn n_runs(&self) -> u64 {
        self.configs.iter().map(|config| config.seeds.len() as u64).sum::<u64>() + self.later_runs
    }

    /// The study as the store keeps it.
    pub fn founding(&self, data: Option<&Path>) -> Founding {
        let data =
            data.and_then(|data| std::path::absolute(data).ok()).map(|data| data.display().to_string());
        let file = toml::to_string(&self.study.file).unwrap_or_default();
        Founding { name: self.study.file.name.clone(), file, data }
    }

    /// Begins the study in a store, or finds that it was begun there before with the same file. Returns whether it was begun now.
    ///
    /// # Errors
    /// A store that does not answer, or that was begun with another file; `folder` is what the message calls it.
    pub fn begin(&self, store: &mut Store, data: Option<&Path>, folder: &Path) -> Result<bool, StudyError> {
        let new = self.founding(data);
        let Some(before) = store.found(&new, &self.configs)? else {
            return Ok(true);
        };
        let [old, new] =
            [&before.file, &new.file].map(|text| text.parse::<toml::Table>().unwrap_or_default());
        let shown = |value: Option<toml::Value>| {
            value.map_or_else(|| "not there".to_owned(), |value| value.to_string())
        };
        if let Some(differs) = other_fork(&old, &new) {
            return Err(StudyError::Changed { folder: folder.to_owned(), differs });
        }
        match first_difference(&old, &new, &FREE) {
            None => match self.differing(&store.specs()?) {
                None => Ok(false),
                Some(differs) => Err(StudyError::Changed { folder: folder.to_owned(), differs }),
            },
            Some(found) => {
                let differs =
                    format!("{} was {}, and is {} now", found.key, shown(found.old), shown(found.new));
                Err(StudyError::Changed { folder: folder.to_owned(), differs })
            }
        }
    }
}

impl Expanded {
    /// The first configuration that is not what the store was begun with: a spec, a recipe or a method that the file names has changed.
    fn differing(&self, stored: &[(String, u64)]) -> Option<String> {
        let (config, (old, _)) =
            self.configs.iter().zip(stored).find(|(config, (old, _))| config.spec != *old)?;
        let [old, new] = [old, &config.spec].map(|text| text.parse::<toml::Table>().unwrap_or_default());
        let differs = first_difference(&old, &new, &[]).map(|found| found.to_string());
        let arm = &self.study.arms[config.arm].name;
        Some(format!(
            "of arm \"{arm}\", {}",
            differs.unwrap_or_else(|| "a spec is written otherwise".to_owned())
        ))
    }
}

/// Finds out whether an arm can begin at its checkpoint: where a player's networks have other shapes, it begins anew.
fn settle(study: &mut Study, arm: usize, ground: &Ground<'_>) -> Result<(), StudyError> {
    let Arm { name, fork: Some(fork), .. } = &study.arms[arm] else {
        return Ok(());
    };
    let Some(parent) = fork.checkpoint()? else {
        return Ok(());
    };
    let plan = plan(&study.arms[arm], &Chosen::default(), ground)?;
    let anew = !misfits(&plan, &parent).map_err(|error| refused(name, error))?.is_empty();
    for fork in [study.arms[arm].fork.as_mut(), study.file.arms[arm].fork.as_mut()].into_iter().flatten() {
        fork.anew = anew;
    }
    Ok(())
}

/// The first arm of two files that begins elsewhere.
fn other_fork(old: &toml::Table, new: &toml::Table) -> Option<String> {
    let arms =
        |table: &toml::Table| table.get("arm").and_then(|arms| arms.as_array().cloned()).unwrap_or_default();
    let (old, new) = (arms(old), arms(new));
    let fork = |arm: &toml::Value| arm.get("fork").and_then(|fork| fork.clone().try_into::<Fork>().ok());
    old.iter().zip(&new).find_map(|(old, new)| {
        let (name, old, new) = (new.get("name")?.as_str()?, fork(old)?, fork(new)?);
        let place = |fork: &Fork| format!("{}@{}", fork.run.display(), fork.step);
        match (place(&old), place(&new)) {
            (old, new) if old != new => {
                Some(format!("arm \"{name}\" began at {old}, and begins at {new} now"))
            }
            (place, _) if old.sum != new.sum => {
                Some(format!("the checkpoint {place}, at which arm \"{name}\" begins, has changed"))
            }
            _ => None,
        }
    })
}

/// An arm that cannot be carried out; its study's file is named by [`located`].
fn refused(arm: &str, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StudyError {
    StudyError::Arm { origin: String::new(), arm: arm.to_owned(), source: why.into() }
}

/// The same error with the file that it is about.
fn located(error: StudyError, file: &str) -> StudyError {
    match error {
        StudyError::Arm { arm, source, .. } => StudyError::Arm { origin: file.to_owned(), arm, source },
        other => other,
    }
}

/// The spec of a point, without its budget.
fn spec(arm: &Arm, chosen: &Chosen) -> Result<RunSpec, StudyError> {
    let mut spec = arm.spec.clone();
    for assignment in chosen.assignments() {
        spec.set_as(&format!("space, {assignment}"), &assignment)?;
    }
    Ok(spec)
}

fn plan(arm: &Arm, chosen: &Chosen, ground: &Ground<'_>) -> Result<Plan, StudyError> {
    let context = DataContext {
        data_dir: ground.data.clone(),
        cache_dir: ground.cache.clone(),
        threads: 1,
        progress: &Silent,
    };
    let planned =
        spec(arm, chosen).and_then(|spec| Ok(Plan::with_registry(&spec, &context, ground.registry)?));
    planned.map_err(|error| refused(&arm.name, error))
}

/// The configuration of a point: its spec with the steps that its budget buys.
fn config(file: &StudyFile, arm: &Arm, chosen: &Chosen, plan: &Plan) -> Result<NewConfig, StudyError> {
    let work = plan.work_per_step();
    let images = work.batches * plan.batch() as u64;
    let bought = |budget: u64, each: u64| budget / each.max(1);
    let steps = match file.budget {
        Budget::Steps(steps) => steps,
        Budget::Gradients(gradients) => bought(gradients, work.gradients),
        Budget::Images(n) => bought(n, images),
        Budget::Seconds(_) => plan.steps(),
    };
    if steps == 0 {
        let why =
            format!("its budget buys no step: one takes {} gradients and {images} images", work.gradients);
        return Err(refused(&arm.name, why));
    }
    let mut spec = spec(arm, chosen)?;
    // What belonged to a kind that was replaced: once the spec is text, nobody can tell any more.
    spec.discard(&plan.resolved().dropped);
    let before = arm.fork.as_ref().map_or(0, Fork::begins_after);
    spec.set_as("budget", &format!("steps={}", before + steps))?;
    Ok(NewConfig {
        stage: 0,
        arm: 0,
        number: 0,
        settings: chosen.settings(),
        spec: spec.source(),
        steps,
        gradients_per_step: work.gradients as f64,
        images_per_step: images as f64,
        seeds: Vec::new(),
    })
}

/// Which way the score is better: as the file says, or as the reading's own doc does.
fn better(file: &StudyFile, arm: &Arm, plan: &Plan) -> Result<Better, StudyError> {
    let reading = &file.score.reading;
    let losses = ["generator/", "discriminator/"].iter().any(|player| reading.starts_with(player));
    let known = plan.known_readings();
    let way =
        known.as_ref().and_then(|known| known.iter().find(|(name, _)| name == reading)).map(|(_, way)| *way);
    match (file.score.better, way) {
        (Some(better), Some(_)) => Ok(better),
        (Some(better), None) if known.is_none() || losses => Ok(better),
        (None, Some(Direction::Up)) => Ok(Better::Higher),
        (None, Some(Direction::Down)) => Ok(Better::Lower),
        (None, Some(Direction::None)) => Err(refused(
            &arm.name,
            format!("neither way of {reading} is better by itself: score.better must say which"),
        )),
        (None, None) if losses || known.is_none() => Err(refused(
            &arm.name,
            "score.better must say whether \"higher\" or \"lower\" is better".to_owned(),
        )),
        (_, None) => {
            let names: Vec<String> = known.into_iter().flatten().map(|(name, _)| name).collect();
            let hint = nearest(reading, names.iter().map(String::as_str));
            let hint = hint.map(|name| format!(" (did you mean \"{name}\"?)")).unwrap_or_default();
            let known =
                if names.is_empty() { "none that has a name yet".to_owned() } else { names.join(", ") };
            Err(refused(
                &arm.name,
                format!("score.reading names \"{reading}\"{hint}, and its runs read {known}"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;

    fn expanded(path: &Path, size: &str) -> Expanded {
        let shown = path.display();
        let written = file::read(path, Some(size)).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let study = Study::new(written).unwrap_or_else(|error| panic!("{shown}: {error}"));
        let registry = Registry::builtin();
        let ground = Ground { registry: &registry, data: None, cache: PathBuf::new() };
        Expanded::new(study, &ground).unwrap_or_else(|error| panic!("{shown}: {error}"))
    }

    /// Plans a study of the repository in its smallest size.
    fn check(path: &Path) {
        let expanded = expanded(path, "smoke");
        assert!(expanded.n_runs() > 0 && expanded.study.file.score.better.is_some(), "{}", path.display());
    }

    #[test]
    fn every_study_that_ships_is_one() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies");
        let mut n = 0;
        for folder in [root.clone(), root.join("results")] {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == "toml") {
                    check(&path);
                    n += 1;
                }
            }
        }
        assert!(n >= 10, "{n}");
    }

    #[test]
    fn players_that_take_turns_and_a_vae_make_as_many_gradients() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies/created-equal.toml");
        let found = expanded(&path, "small");
        let mut n_bare = 0;
        for config in &found.configs {
            let spec: toml::Table = config.spec.parse().unwrap();
            let d_steps = spec["scheme"].get("d_steps").and_then(toml::Value::as_integer);
            if found.study.arms[config.arm].name == "vae" {
                assert_eq!((config.steps, d_steps), (500, None));
                n_bare += usize::from(spec["discriminator"]["norm"].as_str() == Some("none"));
            } else {
                assert_eq!(config.steps, if d_steps == Some(5) { 166 } else { 500 });
            }
        }
        assert!(n_bare > 0 && found.study.arms.len() == 8, "an encoder's normalisation is searched too");
    }
}
