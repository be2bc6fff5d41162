//! From one stage to the next: when the stages that it takes the best of have ended, it begins.

use super::Rules;
use crate::StudyError;
use crate::runs::{Config, Row, State};
use crate::store::{NewConfig, Store};
use crate::study::Stage;

/// What is next for a worker that found no run to claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A stage has begun: there is work.
    Began,
    /// Others are at work, and their runs may yet be given back.
    Waits,
    /// The study has ended.
    Ended,
}

/// Begins the next stage where it can begin.
pub(super) fn advance(store: &mut Store, rules: &Rules) -> Result<Next, StudyError> {
    // In this order: a stage that begins in between is seen as open.
    let begun = store.stages_begun()?;
    let open = store.counts()?.iter().any(|count| matches!(count.state, State::Waiting | State::Running));
    let mut later = rules.stages.iter().enumerate().filter(|(_, stage)| !stage.best_of.is_empty());
    let Some((index, stage)) = later.nth(begun as usize) else {
        return Ok(if open { Next::Waits } else { Next::Ended });
    };
    if open {
        return Ok(Next::Waits);
    }
    let (configs, runs) = store.all()?;
    let specs = store.specs()?;
    let chosen = best(rules, index, stage, &configs, &runs);
    let new: Vec<NewConfig> =
        chosen.iter().map(|(number, of)| copied(index, *number, stage, &configs[*of], &specs[*of])).collect();
    // Where another worker was faster, its stage is the same.
    store.begin_stage(begun, &new)?;
    Ok(Next::Began)
}

fn copied(
    index: usize,
    number: u32,
    stage: &Stage,
    config: &Config,
    (spec, steps): &(String, u64),
) -> NewConfig {
    NewConfig {
        stage: index,
        arm: config.arm,
        number,
        settings: config.settings.clone(),
        spec: spec.clone(),
        steps: *steps,
        gradients_per_step: config.gradients_per_step,
        images_per_step: config.images_per_step,
        seeds: stage.seeds.clone(),
    }
}

/// For each arm its best configurations, by the median score of their runs, of which those without a score count as the worst.
/// An arm of which no run has a score has none.
fn best(rules: &Rules, index: usize, stage: &Stage, configs: &[Config], runs: &[Row]) -> Vec<(u32, usize)> {
    let mut scores: Vec<Vec<f64>> = vec![Vec::new(); configs.len()];
    let better = rules.better();
    let worst = if better.prefers(1.0, 0.0) { f64::NEG_INFINITY } else { f64::INFINITY };
    for run in runs {
        let score = run.score.filter(|_| run.state == State::Done).unwrap_or(worst);
        scores[run.config].push(score);
    }
    let mut chosen = Vec::new();
    for arm in 0..rules.file.arms.len() {
        let of_arm = |config: &&(usize, f64)| configs[config.0].arm == arm;
        let medians: Vec<(usize, f64)> = configs
            .iter()
            .enumerate()
            .filter(|(_, config)| stage.best_of.contains(&config.stage) && config.stage != index)
            .map(|(i, _)| (i, median(&mut scores[i].clone())))
            .filter(|(_, median)| median.is_finite())
            .collect();
        let mut own: Vec<(usize, f64)> = medians.iter().filter(of_arm).copied().collect();
        own.sort_by(|a, b| if worst < 0.0 { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
        chosen.extend(own.iter().take(stage.configs as usize).enumerate().map(|(n, (i, _))| (n as u32, *i)));
    }
    chosen
}

/// The lower of the two in the middle, where there are two: of runs without a score half are too many.
fn median(scores: &mut [f64]) -> f64 {
    scores.sort_by(f64::total_cmp);
    match scores.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => scores[n / 2],
        n => (scores[n / 2 - 1] + scores[n / 2]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::parse;
    use crate::runs::Settings;
    use crate::study;

    fn rules(better: &str) -> Rules {
        let text = format!(
            "name = \"a\"\nbudget = {{ steps = 5 }}\nscore = {{ reading = \"x\", better = \"{better}\" }}\n\
             [[arm]]\nname = \"a\"\n[[arm]]\nname = \"b\"\n[[stage]]\nname = \"s\"\n[[stage]]\nname = \"t\"\nbest_of = [\"s\"]\nconfigs = 2\n"
        );
        let file = parse(&text, "a", None).unwrap();
        let stages = study::stages(&file).unwrap();
        Rules { file, stages, collapsed: None, data: None }
    }

    /// Of arm a three configurations with these scores, of arm b one whose runs failed.
    fn check(better: &str, expected: &[(u32, usize)]) {
        let rules = rules(better);
        let config = |arm| Config {
            arm,
            stage: 0,
            number: 0,
            settings: Settings::new(),
            gradients_per_step: 1.0,
            images_per_step: 1.0,
        };
        let run = |config, score: Option<f64>| Row {
            id: 0,
            config,
            seed: 0,
            state: if score.is_some() { State::Done } else { State::Failed },
            score,
            also: [].into(),
            steps: 0,
            secs: 0.0,
            why: None,
            folder: None,
        };
        let configs: Vec<Config> = [0, 0, 0, 1].map(config).to_vec();
        let runs = vec![
            run(0, Some(5.0)),
            run(0, Some(7.0)),
            run(0, None),
            run(1, Some(6.0)),
            run(2, Some(1.0)),
            run(2, Some(9.0)),
            run(2, Some(2.0)),
            run(3, None),
        ];
        assert_eq!(best(&rules, 1, &rules.stages[1], &configs, &runs), expected, "{better}");
    }

    #[test]
    fn the_best_are_chosen_by_medians_in_which_failures_count_as_worst() {
        // Medians: higher is better: 5, 6, 2; lower is better: 7, 6, 2.
        check("higher", &[(0, 1), (1, 0)]);
        check("lower", &[(0, 2), (1, 1)]);
    }
}
