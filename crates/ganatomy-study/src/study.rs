//! A study that was checked: every arm has a spec, every stage its settings.

use std::path::Path;

use ganatomy_record::RunSpec;
use ganatomy_train::recipe;

use crate::StudyError;
use crate::file::{ArmFile, Draw, Range, StageFile, StudyFile, Written};
use crate::fork::Fork;
use crate::settings::{Setting, settings};

/// A study that was checked. Nothing was trained or written yet.
#[derive(Clone, Debug)]
pub struct Study {
    /// What messages call it.
    pub origin: String,
    /// As it was written.
    pub file: StudyFile,
    /// What is compared.
    pub arms: Vec<Arm>,
    /// Its parts, one after the other; at least one.
    pub stages: Vec<Stage>,
    /// When a run counts as collapsed.
    pub collapsed: Option<Bound>,
}

/// One of the things compared.
#[derive(Clone, Debug)]
pub struct Arm {
    /// Its name.
    pub name: String,
    /// Its spec, without what a space chooses, without seed and budget.
    pub spec: RunSpec,
    /// Where it begins, if it is a fork.
    pub fork: Option<Fork>,
}

/// A part of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// What is searched in it.
    pub settings: Vec<Setting>,
    /// Points for each arm.
    pub configs: u32,
    /// How they are drawn.
    pub draw: Draw,
    /// Seeds of every point.
    pub seeds: Vec<u64>,
    /// Stages whose best configurations are taken, instead of new ones.
    pub best_of: Vec<usize>,
}

/// A bound that a reading must not cross.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The reading.
    pub reading: String,
    /// Whether values below are beyond it, or those above.
    pub below: bool,
    /// The bound.
    pub value: f64,
}

impl Bound {
    /// Is this value beyond the bound?
    pub fn is_crossed(&self, value: f64) -> bool {
        if self.below { value < self.value } else { value > self.value }
    }
}

/// Names are file names too.
const LONGEST_NAME: usize = 60;
/// Bounds that keep a slip of the pen from filling a disk.
const MOST_CONFIGS: u32 = 1_000_000;
const MOST_SEEDS: usize = 100_000;

impl Study {
    /// Checks a study.
    ///
    /// # Errors
    /// The first thing that is wrong with it, as one sentence.
    pub fn new(written: Written) -> Result<Study, StudyError> {
        let Written { mut file, folder, origin } = written;
        let refuse = |why: String| StudyError::File { origin: origin.clone(), why };
        check_plain(&file).map_err(refuse)?;
        let mut arms = Vec::new();
        for arm in &file.arms {
            let name = arm.name.clone();
            let fail = |source| StudyError::Arm { origin: origin.clone(), arm: name.clone(), source };
            let fork = fork_of(&file, arm, &folder).map_err(fail)?;
            let spec = spec_of(&file, arm, fork.as_ref(), &folder).map_err(fail)?;
            arms.push(Arm { name: arm.name.clone(), spec, fork });
        }
        // What a worker elsewhere has to know, in one place.
        for (written, arm) in file.arms.iter_mut().zip(&arms) {
            written.fork.clone_from(&arm.fork);
        }
        let stages = stages(&file).map_err(refuse)?;
        let collapsed = collapsed(&file).map_err(refuse)?;
        Ok(Study { origin, arms, stages, collapsed, file })
    }
}

/// Why an arm is none.
type Why = Box<dyn std::error::Error + Send + Sync>;

/// Where an arm begins, if it is a fork: at its own `from`, or at the study's unless it has a base of its own.
fn fork_of(file: &StudyFile, arm: &ArmFile, folder: &Path) -> Result<Option<Fork>, Why> {
    let own = arm.from.as_ref();
    if own.is_some() && arm.base.is_some() {
        return Err(
            "from and base exclude each other: a fork's base is the plan of the run it begins at".into()
        );
    }
    match own.or(file.from.as_ref().filter(|_| arm.base.is_none())) {
        Some(from) => Ok(Some(Fork { anew: arm.anew, ..Fork::find(from, folder)? })),
        None if arm.anew => {
            Err("anew says that a fork begins at the first step, and this arm is none: it has no from".into())
        }
        None => Ok(None),
    }
}

fn spec_of(file: &StudyFile, arm: &ArmFile, fork: Option<&Fork>, folder: &Path) -> Result<RunSpec, Why> {
    let with = [file.with.clone(), arm.with.clone()].concat();
    let mut spec = match fork {
        Some(fork) => recipe::lay(fork.spec()?, "run", &with, folder)?,
        None => recipe::compose(arm.base.as_ref().unwrap_or(&file.base), &with, folder)?,
    };
    for assignment in file.set.iter().chain(&arm.set) {
        spec.set_as(&format!("set \"{assignment}\""), assignment)?;
    }
    // A run's name is plainer than an arm's may be.
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name = arm.name.chars().map(plain).collect();
    spec.set(&format!("name={}", toml::Value::String(name)))?;
    Ok(spec)
}

fn check_plain(file: &StudyFile) -> Result<(), String> {
    check_name("name", &file.name)?;
    if file.arms.is_empty() {
        return Err("it has no arm; what is compared is written as [[arm]] tables".to_owned());
    }
    unique("arm", file.arms.iter().map(|arm| arm.name.as_str()))?;
    unique("stage", file.stages.iter().map(|stage| stage.name.as_str()))?;
    use crate::file::Budget::{Gradients, Images, Seconds, Steps};
    match file.budget {
        Steps(0) | Gradients(0) | Images(0) => return Err("budget must be at least 1, found 0".to_owned()),
        Seconds(secs) if secs <= 0.0 || !secs.is_finite() => {
            return Err(format!("budget must be more than 0 seconds, found {secs}"));
        }
        _ => {}
    }
    if file.score.reading.is_empty() {
        return Err("score.reading must name a reading, such as samples/n_modes".to_owned());
    }
    if let Some(stop) = &file.stop {
        let rises = stop.rungs.windows(2).all(|pair| pair[0] < pair[1]);
        let within = stop.rungs.iter().all(|rung| *rung > 0.0 && *rung < 1.0);
        if stop.rungs.is_empty() || !rises || !within {
            return Err(format!("stop.rungs must rise between 0 and 1, found {:?}", stop.rungs));
        }
        if stop.eta <= 1.0 || !stop.eta.is_finite() {
            return Err(format!("stop.eta must be above 1, found {}", stop.eta));
        }
    }
    let runs = &file.runs;
    if runs.lease_secs.is_nan() || !(1.0..=86_400.0).contains(&runs.lease_secs) {
        return Err(format!("runs.lease_secs must be from 1 to 86400, found {}", runs.lease_secs));
    }
    if runs.most_attempts == 0 || file.launch.workers == 0 || file.launch.cpus == 0 {
        return Err(
            "runs.most_attempts, launch.workers and launch.cpus must be at least 1, found 0".to_owned()
        );
    }
    Ok(())
}

fn check_name(what: &str, name: &str) -> Result<(), String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ' | '+');
    let fits = !name.is_empty() && name.len() <= LONGEST_NAME && name.chars().all(plain);
    match fits && !name.starts_with('.') && name.trim() == name {
        true => Ok(()),
        false => Err(format!(
            "{what} must be made of 1 to {LONGEST_NAME} letters, digits, spaces, \"-\", \"_\", \"+\" and \".\", found \"{}\"",
            name.chars().take(LONGEST_NAME).collect::<String>()
        )),
    }
}

fn unique<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        check_name(&format!("the name of {what} \"{name}\""), name)?;
        if !seen.insert(name) {
            return Err(format!("there are two {what}s named \"{name}\""));
        }
    }
    Ok(())
}

/// When a run counts as collapsed.
pub(crate) fn collapsed(file: &StudyFile) -> Result<Option<Bound>, String> {
    file.score.collapsed.as_deref().map(bound).transpose()
}

/// The stages, those of the file or one of all.
pub(crate) fn stages(file: &StudyFile) -> Result<Vec<Stage>, String> {
    let whole = [StageFile { name: "all".to_owned(), ..StageFile::default() }];
    let written = if file.stages.is_empty() { &whole[..] } else { &file.stages };
    let mut stages: Vec<Stage> = Vec::new();
    for stage in written {
        let best_of = stage.best_of.iter().map(|name| {
            let known = stages.iter().position(|stage| stage.name == *name);
            known.ok_or_else(|| {
                format!("stage \"{}\": best_of names \"{name}\", which is no stage before it", stage.name)
            })
        });
        let best_of = best_of.collect::<Result<Vec<usize>, String>>()?;
        stages.push(stage_of(file, stage, best_of).map_err(|why| match file.stages.is_empty() {
            true => why,
            false => format!("stage \"{}\": {why}", stage.name),
        })?);
    }
    Ok(stages)
}

fn stage_of(file: &StudyFile, stage: &StageFile, best_of: Vec<usize>) -> Result<Stage, String> {
    let settings = settings(file, stage.space.as_ref().unwrap_or(&file.space))?;
    let seeds = stage.seeds.as_ref().unwrap_or(&file.seeds).list();
    let configs = stage.configs.unwrap_or(if best_of.is_empty() { file.configs } else { 1 });
    if configs == 0 || configs > MOST_CONFIGS {
        return Err(format!("configs must be from 1 to {MOST_CONFIGS}, found {configs}"));
    }
    if seeds.is_empty() || seeds.len() > MOST_SEEDS {
        return Err(format!("seeds must be from 1 to {MOST_SEEDS}, found {}", seeds.len()));
    }
    let distinct: std::collections::BTreeSet<u64> = seeds.iter().copied().collect();
    if distinct.len() < seeds.len() {
        return Err("seeds must differ from each other".to_owned());
    }
    if let Some(large) = seeds.iter().find(|seed| **seed > i64::MAX as u64) {
        return Err(format!("seeds must be at most {}, found {large}", i64::MAX));
    }
    let draw = stage.draw.unwrap_or(file.draw);
    let searches =
        settings.iter().any(|setting| !matches!(&setting.range, Range::Choice(one) if one.len() == 1));
    if !searches && configs > 1 && best_of.is_empty() {
        return Err(format!("{configs} configs are asked for, but there is nothing to search; fill [space]"));
    }
    Ok(Stage { name: stage.name.clone(), settings, configs, draw, seeds, best_of })
}

/// Reads `samples/n_modes < 2`.
fn bound(text: &str) -> Result<Bound, String> {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let refuse = || format!("score.collapsed must be a reading, < or >, and a number, found \"{text}\"");
    let [reading, sign @ ("<" | ">"), value] = parts[..] else {
        return Err(refuse());
    };
    let value = value.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(refuse)?;
    Ok(Bound { reading: reading.to_owned(), below: sign == "<", value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::parse;

    const SMALL: &str = "name = \"a\"\nbudget = { steps = 5 }\nscore = { reading = \"samples/n_modes\" }\n";
    const ARM: &str = "[[arm]]\nname = \"ns-gan\"\n";

    fn study(text: &str) -> Result<Study, StudyError> {
        let file = parse(text, "a.toml", None)?;
        Study::new(Written { file, folder: "".into(), origin: "a.toml".to_owned() })
    }

    fn refused(text: &str, expected: &str) {
        let error = study(text).unwrap_err();
        let source = std::error::Error::source(&error).map(|why| why.to_string()).unwrap_or_default();
        let found = format!("{error} {source}");
        assert!(found.contains(expected), "{text}\n-> {found}");
    }

    #[test]
    fn what_is_wrong_is_said_in_one_sentence() {
        refused(SMALL, "missing field `arm`");
        refused(&format!("{SMALL}seed = 3\n{ARM}"), "a.toml: line 4: unknown field `seed`, expected one of");
        refused(&format!("{SMALL}configs = 4\n{ARM}"), "there is nothing to search");
        refused(&format!("{SMALL}seeds = 0\n{ARM}"), "seeds must be from 1 to");
        refused(&format!("{SMALL}seeds = [1, 1]\n{ARM}"), "seeds must differ");
        refused(&SMALL.replace("steps = 5", "steps = 0"), "missing field `arm`");
        refused(&format!("{}{ARM}", SMALL.replace("steps = 5", "steps = 0")), "budget must be at least 1");
        refused(&format!("{}{ARM}", SMALL.replace("steps = 5", "seconds = -1.0")), "more than 0 seconds");
        refused(&format!("{SMALL}{ARM}{ARM}"), "two arms named \"ns-gan\"");
        refused(&format!("{SMALL}{ARM}with = [\"wgann\"]\n"), "did you mean \"wgan\"?");
        refused(&format!("{SMALL}{ARM}set = [\"batch\"]\n"), "key=value");
        refused(&format!("{SMALL}{ARM}[space]\nlr = {{ log = [1e-2, 1e-4] }}\n"), "space.lr must go from");
        refused(
            &format!("{SMALL}{ARM}[space]\nuse = [\"wide\"]\n"),
            "the spaces that ship are lucic-wide, lucic-narrow",
        );
        refused(
            &format!("{SMALL}{ARM}[space]\nlr = {{ log = [1e-4, 1e-2], arms = [\"x\"] }}\n"),
            "names the arm \"x\"",
        );
        refused(
            &format!(
                "{SMALL}{ARM}[space]\nlr = {{ fixed = 1e-2, arms = [\"ns-gan\"], except = [\"wgan\"] }}\n"
            ),
            "space.lr names the arm \"wgan\"",
        );
        refused(
            &format!(
                "{SMALL}{ARM}[space]\nlr = {{ fixed = 1e-2, arms = [\"ns-gan\"], except = [\"ns-gan\"] }}\n"
            ),
            "space.lr must have arms or except, not both",
        );
        refused(
            &format!("{SMALL}{ARM}[space]\nlr = {{ fixed = 1e-2, except = [\"ns-gan\"] }}\n"),
            "space.lr.except names every arm",
        );
        refused(&format!("{SMALL}{ARM}[[stage]]\nname = \"b\"\nbest_of = [\"c\"]\n"), "no stage before it");
        refused(
            &format!("{SMALL}{ARM}[stop]\nrule = \"median\"\nrungs = [0.5, 0.2]\n"),
            "stop.rungs must rise",
        );
        let collapsed = SMALL.replace("\"samples/n_modes\"", "\"a\", collapsed = \"a <= 3\"");
        refused(&format!("{collapsed}{ARM}"), "score.collapsed must be");
    }

    #[test]
    fn stages_have_what_the_study_has_unless_they_say_otherwise() {
        let text = format!(
            "{SMALL}seeds = 3\nconfigs = 4\n{ARM}[[stage]]\nname = \"s\"\nseeds = [7]\n[[stage]]\nname = \"t\"\nbest_of = [\"s\"]\n\
             [space]\nuse = [\"lucic-wide\"]\nlr = {{ fixed = 1e-3 }}\n"
        );
        let study = study(&text).unwrap();
        let [s, t] = &study.stages[..] else { panic!("two stages") };
        assert_eq!((s.configs, &s.seeds[..], &s.best_of[..]), (4, &[7][..], &[][..]));
        assert_eq!((t.configs, &t.seeds[..], &t.best_of[..]), (1, &[0, 1, 2][..], &[0][..]));
        let named =
            |name: &str| s.settings.iter().find(|setting| setting.name == name).map(|it| it.arms.join(" "));
        // Those of all arms, of all but one, and of arms of a name; what is of no arm is not searched.
        let [all, but_one, none] = ["lr", "d_steps", "clip"].map(named);
        assert_eq!(
            (all.as_deref(), but_one.as_deref(), none.as_deref()),
            (Some(""), Some("ns-gan"), Some("wgan"))
        );
        let alone = self::study(&text.replace("ns-gan", "vae")).unwrap();
        assert!(alone.stages[0].settings.iter().all(|setting| setting.name != "d_steps"));
        let lr = s.settings.iter().find(|setting| setting.name == "lr").unwrap();
        assert_eq!((&lr.fields[..], &lr.range), (&["lr".to_owned()][..], &Range::Choice(vec![1e-3.into()])));
    }
}
