//! Which settings matter, and where good scores lie.

use std::collections::BTreeSet;

use ganatomy_view::Words;
use ganatomy_view::figure::{Chart, Colours, Figure, Heat, Hue, Scale, Shape};
use ganatomy_view::page::Exhibit;

use super::{Part, link};
use crate::answer::number::{percent, whole};
use crate::answer::{Answer, Coordinates, Influence, Searched};

pub(super) fn part(answer: &Answer) -> Option<Part> {
    if answer.settings.is_empty() {
        return None;
    }
    let name = |arm: usize| answer.arms.get(arm).map(|arm| arm.name.clone()).unwrap_or_default();
    let mut shows = Vec::new();
    let mut texts = ["## Which settings matter".to_owned(), "## 어떤 설정이 중요한가".to_owned()];
    if let Some(figure) = shares(answer, &name) {
        shows.push(("influence", Exhibit::Figure(figure)));
        texts[0] += "\n\nThe share of each setting by itself in the variance of a configuration's rank: a functional ANOVA (Hutter et al. 2014) of a forest of 32 trees that was fitted to the \
                     configurations of an arm. What is missing to 1 is of settings together.\n\n![](influence)";
        texts[1] += "\n\n설정 하나하나가 그 자체로 설정 순위의 분산에서 차지하는 비율입니다. 군의 설정들에 맞춘 나무 32그루짜리 숲의 함수 분산 분석(Hutter 등, 2014)이며, 1에 모자라는 부분은 설정들이 \
                     함께 작용하는 몫입니다.\n\n![](influence)";
    }
    for [en, ko] in said(answer, &name) {
        texts[0] += &format!("\n\n{en}");
        texts[1] += &format!("\n\n{ko}");
    }
    let chart = |searched: &Searched| coordinates(&searched.coordinates).titled(name(searched.arm));
    shows.push((
        "coordinates",
        Exhibit::Figure(Figure::steps(Words::NONE, answer.settings.iter().map(chart).collect())),
    ));
    texts[0] += "\n\nEach line is a configuration; the best tenth is in colour. An axis holds the values that were tried, from the lowest to the highest, and the last one ranks the scores, the \
                 best on top. Where coloured lines meet, good settings lie.\n\n![](coordinates)";
    texts[1] += "\n\n선 하나가 설정 하나이며, 가장 좋은 1/10에 색이 있습니다. 축은 시도한 값을 낮은 것부터 높은 것까지 담고, 마지막 축은 점수의 순위로 위가 가장 좋습니다. 색이 있는 선이 모이는 곳에 좋은 \
                 설정이 있습니다.\n\n![](coordinates)";
    let [en, ko] = texts;
    Some(Part { text: Words::of(en, ko), shows })
}

/// What could be told of the arms' settings, and of which arms nothing could.
fn said(answer: &Answer, name: &dyn Fn(usize) -> String) -> Vec<[String; 2]> {
    let of = |pick: &dyn Fn(&Searched) -> Option<String>| {
        let told = answer.settings.iter().filter_map(|searched| {
            let said = pick(searched)?;
            Some(format!("{} ({said})", link::escaped(&name(searched.arm))))
        });
        told.collect::<Vec<String>>().join(", ")
    };
    let explained = of(&|searched| match &searched.influence {
        Influence::Shares { explained, .. } => Some(percent(*explained)),
        _ => None,
    });
    let few = of(&|searched| match &searched.influence {
        Influence::TooFew { least } => Some(format!("{} < {least}", whole(searched.tried))),
        _ => None,
    });
    let unexplained = of(&|searched| match &searched.influence {
        Influence::Unexplained => Some(whole(searched.tried)),
        _ => None,
    });
    let told = [
        (
            explained,
            "How much of the variance the forest explains in configurations that it has not seen",
            "숲이 보지 않은 설정의 분산 가운데 설명하는 몫",
        ),
        (few, "Too few configurations to tell", "설정이 너무 적어 알 수 없는 군"),
        (
            unexplained,
            "Scores that do not follow these settings, or not so that so many configurations show it",
            "점수가 이 설정값들을 따르지 않거나, 이만큼의 설정으로는 보이지 않는 군",
        ),
    ];
    let told = told.into_iter().filter(|(arms, _, _)| !arms.is_empty());
    told.map(|(arms, en, ko)| [format!("{en}: {arms}."), format!("{ko}: {arms}.")]).collect()
}

/// The shares of all arms as a surface.
fn shares(answer: &Answer, name: &dyn Fn(usize) -> String) -> Option<Figure> {
    let told: Vec<(usize, &Vec<(String, f64)>)> = answer
        .settings
        .iter()
        .filter_map(|searched| match &searched.influence {
            Influence::Shares { of, .. } => Some((searched.arm, of)),
            _ => None,
        })
        .collect();
    let settings: Vec<&String> = told
        .iter()
        .flat_map(|(_, of)| of.iter().map(|(name, _)| name))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .rev()
        .collect();
    if settings.is_empty() {
        return None;
    }
    let share = |setting: &String, of: &[(String, f64)]| {
        of.iter().find(|(name, _)| name == setting).map_or(f64::NAN, |(_, share)| *share)
    };
    let z = settings.iter().flat_map(|setting| told.iter().map(|(_, of)| share(setting, of))).collect();
    let heat = Heat {
        x: (0..told.len()).map(|i| i as f64).collect(),
        y: (0..settings.len()).map(|i| i as f64).collect(),
        z,
        unit: Words::new("share", "비율"),
        colours: Colours::Amount,
        range: Some([0.0, 1.0]),
        numbers: true,
    };
    let x = Scale::names(Words::NONE, told.iter().map(|(arm, _)| name(*arm)));
    let y = Scale::names(Words::NONE, settings.into_iter().cloned());
    Some(Figure::one(Words::NONE, Chart::new(x, y).with(Words::NONE, Hue::Real, Shape::Heat(heat))))
}

/// Configurations as lines over the settings and the score.
fn coordinates(of: &Coordinates) -> Chart {
    let axes = of.axes.iter().map(|[name, low, high]| Words::both(format!("{name}<br>{low} – {high}")));
    let x = Scale::names(Words::NONE, axes.chain([Words::new("score", "점수")]));
    let ends = ["lowest", "highest"].into_iter().zip(["가장 낮음", "가장 높음"]);
    let y = Scale {
        range: Some([-0.05, 1.05]),
        ..Scale::names(Words::NONE, ends.map(|(en, ko)| Words::new(en, ko)))
    };
    let (others, best) = of.lines.split_at(of.lines.len() - of.n_best);
    let joined = |lines: &[Vec<f64>]| {
        let gap = [f64::NAN, f64::NAN];
        let points = |line: &Vec<f64>| {
            line.iter().enumerate().map(|(i, y)| [i as f64, *y]).chain([gap]).collect::<Vec<_>>()
        };
        Shape::Line(lines.iter().flat_map(points).collect())
    };
    Chart::new(x, y).with(("other configurations", "다른 설정"), Hue::Quiet, joined(others)).with(
        ("the best tenth", "가장 좋은 1/10"),
        Hue::Fake,
        joined(best),
    )
}
