//! The family of a study of forks: where each arm leaves its parent, as a tree over the steps.

use std::path::Path;

use ganatomy_view::Words;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::Exhibit;

use super::{Part, axis, link};
use crate::answer::Answer;
use crate::answer::number::whole;
use crate::fork::Fork;

pub(super) fn part(answer: &Answer) -> Option<Part> {
    let forks: Vec<&Fork> = answer.forks.iter().flatten().collect();
    let first = forks.first()?;
    let mut parents: Vec<&Path> = forks.iter().map(|fork| fork.run.as_path()).collect();
    parents.dedup();
    let anew: Vec<String> = answer
        .arms
        .iter()
        .zip(&answer.forks)
        .filter(|(_, fork)| fork.as_ref().is_some_and(|fork| fork.anew))
        .map(|(arm, _)| link::escaped(&arm.name))
        .collect();
    let (parent, step) = (link::escaped(&name(first.run.as_path())), whole(first.step as usize));
    let (from, from_ko) = match parents.len() == 1 && forks.iter().all(|fork| fork.step == first.step) {
        true if anew.len() < forks.len() => (
            format!("All arms leave {parent} after step {step}, with every tensor that it had."),
            format!("모든 군은 {parent}의 {step}걸음 뒤에서, 그때의 텐서를 모두 물려받아 갈라집니다."),
        ),
        true => {
            (format!("All arms have the plan of {parent}."), format!("모든 군의 계획은 {parent}의 것입니다."))
        }
        false => ("Arms leave other runs.".to_owned(), "군은 다른 실행에서 갈라집니다.".to_owned()),
    };
    let (new, new_ko) = match anew.is_empty() {
        true => (String::new(), String::new()),
        false => (
            format!(" Begun anew, at the first step: {}.", anew.join(", ")),
            format!(" 첫걸음부터 새로 시작한 군: {}.", anew.join(", ")),
        ),
    };
    let text = Words::of(
        format!("## The family\n\n{from}{new} Steps of the budget count from there on.\n\n![](family)"),
        format!("## 갈래\n\n{from_ko}{new_ko} 예산의 걸음은 거기서부터 셉니다.\n\n![](family)"),
    );
    Some(Part {
        text,
        shows: vec![("family", Exhibit::Figure(Figure::one(Words::NONE, tree(answer, &parents))))],
    })
}

/// The name of a run: its folder's.
fn name(run: &Path) -> String {
    run.file_name().map_or_else(|| run.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Steps to the right; the parents at the bottom, and the arms above, the first on top.
fn tree(answer: &Answer, parents: &[&Path]) -> Chart {
    let made = |arm: usize| answer.steps.get(arm).copied().unwrap_or_default() as f64;
    let (n_arms, n_parents) = (answer.arms.len(), parents.len());
    let mut names: Vec<String> = parents.iter().map(|run| name(run)).collect();
    names.extend(answer.arms.iter().rev().map(|arm| arm.name.clone()));
    let mut chart = Chart::new(Scale::of(("steps", "걸음")), Scale::names(Words::NONE, names));
    for (place, run) in parents.iter().enumerate() {
        let leaves = answer.forks.iter().flatten().filter(|fork| fork.run == *run).map(Fork::begins_after);
        let trunk = vec![[0.0, place as f64], [leaves.max().unwrap_or_default() as f64, place as f64]];
        chart = chart.with(Words::NONE, Hue::Theory, Shape::Line(trunk));
    }
    for (arm, fork) in answer.forks.iter().enumerate() {
        let y = (n_parents + n_arms - 1 - arm) as f64;
        let Some(fork) = fork else {
            chart = chart.with(Words::NONE, axis::hue(arm), axis::line(arm, vec![[0.0, y], [made(arm), y]]));
            continue;
        };
        let began = fork.begins_after() as f64;
        let from = parents.iter().position(|run| fork.run == *run).unwrap_or(0) as f64;
        let stem = if fork.anew { vec![] } else { vec![[began, from]] };
        let branch = [stem, vec![[began, y], [began + made(arm), y]]].concat();
        chart = chart.with(Words::NONE, axis::hue(arm), axis::line(arm, branch));
    }
    chart
}
