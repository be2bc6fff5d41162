//! The charts of the page: the PRD curve, coverage by class, and points of the plane.

use ganatomy_score::Sides;
use ganatomy_tensor::Cpu;
use ganatomy_view::Words;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::Exhibit;

use super::nearest::Nearest;
use super::{Found, Part};
use crate::cli::failure::Failure;
use crate::cli::score::Drawn;
use crate::cli::score::side::Side;

/// Classes that have room in a chart.
const MOST_CLASSES: usize = 40;
/// Points of a side that are drawn.
const MOST_POINTS: usize = 2000;
/// Every so many-th angle of the curve is drawn.
const STRIDE: usize = 5;

/// The curve of precision over recall, beside that of real items.
pub(super) fn curve(found: &Found<'_>, cpu: &Cpu) -> Result<Option<Part>, Failure> {
    let Some(prd) = &found.pages.prd else { return Ok(None) };
    let points = |sides: &Sides<'_>| {
        let curve = prd.curve(sides, cpu)?;
        let points = curve.iter().step_by(STRIDE).map(|[precision, recall]| [*recall, *precision]);
        Ok::<_, ganatomy_score::ScoreError>(points.collect::<Vec<_>>())
    };
    let axis = |en, ko| Scale::of((en, ko)).within(0.0, 1.02);
    let mut chart = Chart::new(
        axis("recall, share of the data", "재현율, 데이터의 비율"),
        axis("precision, share of the samples", "정밀도, 샘플의 비율"),
    )
    .squared();
    // Half as many real items may be too few.
    if let Ok(real) = points(found.sides[1]) {
        chart = chart.with(("real against real", "실제 대 실제"), Hue::Quiet, Shape::Dashes(real));
    }
    let own = points(found.sides[0]).map_err(Failure::run)?;
    let chart = chart.with(("samples", "샘플"), Hue::Fake, Shape::Line(own));
    let text = Words::new(
        "## Precision and recall of distributions\n\nHow much precision can be had at how much recall (PRD). A curve that falls off to the right \
         has lost parts of the data; one that stays low has samples that are no data.\n\n![](prd)",
        "## 분포의 정밀도와 재현율\n\n어느 정도의 재현율에서 어느 정도의 정밀도를 얻을 수 있는지(PRD)입니다. 오른쪽에서 떨어지는 곡선은 데이터의 일부를 잃은 것이고, \
         낮게 머무는 곡선은 데이터가 아닌 샘플이 있는 것입니다.\n\n![](prd)",
    );
    Ok(Some(Part { text, shows: vec![("prd", Exhibit::Figure(Figure::one(Words::NONE, chart)))] }))
}

/// The share of each class that has a sample near, and of the samples that are of that class.
pub(super) fn by_class(
    found: &Found<'_>,
    nearest: &Nearest,
    [_, real]: [&Side; 2],
    cpu: &Cpu,
) -> Result<Option<Part>, Failure> {
    let (Some(score), Some(set)) = (&found.pages.coverage, real.set()) else { return Ok(None) };
    let (labels, names) = (&found.drawn.all.labels, set.class_names());
    if labels.is_empty() || names.len() < 2 {
        return Ok(None);
    }
    let covered = |sides: &Sides<'_>| score.by_class(sides, labels, names.len(), cpu);
    let (own, floor) = (covered(found.sides[0]).map_err(Failure::run)?, covered(found.sides[1]).ok());
    let share = |counts: &[usize; 2]| counts[0] as f64 / counts[1].max(1) as f64;
    let mut shown: Vec<usize> = (0..names.len()).collect();
    shown.sort_by(|a, b| share(&own[*a]).total_cmp(&share(&own[*b])));
    shown.truncate(MOST_CLASSES);
    shown.sort_unstable();
    let n = found.drawn.n as f64;
    let (named, by_classifier) = named(found, nearest, names.len())?;
    let labels = || shown.iter().map(|i| Words::both(names[*i].clone()));
    let chart = |title: (&'static str, &'static str), y: (&'static str, &'static str)| {
        Chart::new(Scale::names(("class", "클래스"), labels()), Scale::of(y)).titled(title)
    };
    let bars = |aside: f64, height: &dyn Fn(usize) -> f64| {
        Shape::Bars(shown.iter().enumerate().map(|(x, i)| [x as f64 + aside, height(*i)]).collect(), 0.4)
    };
    let mut coverage = chart(
        ("Real items with a sample near", "가까이에 샘플이 있는 실제 항목"),
        ("share of the class", "클래스 안의 비율"),
    );
    coverage.y = coverage.y.within(0.0, 1.02);
    if let Some(floor) = &floor {
        coverage = coverage.with(
            ("real against real", "실제 대 실제"),
            Hue::Quiet,
            bars(-0.2, &|i| share(&floor[i])),
        );
    }
    let coverage = coverage.with(("samples", "샘플"), Hue::Fake, bars(0.2, &|i| share(&own[i])));
    let told = match by_classifier {
        true => ("Class by the classifier", "분류기가 본 클래스"),
        false => ("Class of the nearest real item", "가장 가까운 실제 항목의 클래스"),
    };
    let most = shown.iter().map(|i| own[*i][1].max(named[*i])).max().unwrap_or(1).max(1) as f64 / n;
    let mut shares = chart(told, ("share of all", "전체 중 비율"))
        .with(("real", "실제"), Hue::Real, bars(-0.2, &|i| own[i][1] as f64 / n))
        .with(("samples", "샘플"), Hue::Fake, bars(0.2, &|i| named[i] as f64 / n));
    shares.y = shares.y.within(0.0, 1.05 * most);
    let figure = Figure::row(Words::NONE, vec![coverage, shares]);
    Ok(Some(Part { text: class_text(names.len()), shows: vec![("classes", Exhibit::Figure(figure))] }))
}

/// How many samples are of each class, and whether the classifier says so: else their nearest real items do.
fn named(found: &Found<'_>, nearest: &Nearest, n_classes: usize) -> Result<(Vec<usize>, bool), Failure> {
    let mut counts = vec![0; n_classes];
    let probabilities = found.drawn.fake.part(0..found.drawn.n)?.1;
    let label = |(i, near): (usize, &(usize, f64))| match probabilities {
        Some(rows) => {
            rows.row(i).iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(class, _)| class)
        }
        None => found.drawn.all.labels.get(near.0).map_or(0, |label| *label as usize),
    };
    for class in nearest.all.iter().enumerate().map(label) {
        if let Some(count) = counts.get_mut(class) {
            *count += 1;
        }
    }
    Ok((counts, probabilities.is_some()))
}

fn class_text(n_classes: usize) -> Words {
    let (some, few) = match n_classes > MOST_CLASSES {
        true => (
            format!(" Of {n_classes} classes, the {MOST_CLASSES} least covered are shown."),
            format!(" 클래스 {n_classes}개 가운데 가장 덜 덮인 {MOST_CLASSES}개를 보입니다."),
        ),
        false => (String::new(), String::new()),
    };
    Words::of(
        format!(
            "## Coverage by class\n\nA real item is covered if a sample lies nearer to it than its k-th real neighbour. A class that samples miss has a \
             low bar on the left, and few samples on the right.{some}\n\n![](classes)"
        ),
        format!(
            "## 클래스별 커버리지\n\n실제 항목의 k번째 실제 이웃보다 가까운 곳에 샘플이 있으면 그 항목은 덮인 것입니다. 샘플이 놓친 클래스는 왼쪽 막대가 낮고 오른쪽의 샘플이 \
             적습니다.{few}\n\n![](classes)"
        ),
    )
}

/// Both sides as dots, where items are points of the plane.
pub(super) fn points([_, real]: [&Side; 2], drawn: &Drawn) -> Option<Part> {
    if real.item() != [2] {
        return None;
    }
    let dots = |rows: ganatomy_score::Rows<'_>| {
        let some = rows.iter().take(MOST_POINTS).map(|row| [f64::from(row[0]), f64::from(row[1])]);
        Shape::Dots(some.collect(), 2.0)
    };
    let (own, data) = (drawn.fake.part(0..drawn.n).ok()?.0, drawn.all.part(0..drawn.n).ok()?.0);
    let chart = Chart::new(Scale::of("x"), Scale::of("y"))
        .squared()
        .with(("real", "실제"), Hue::Real, dots(data))
        .with(("samples", "샘플"), Hue::Fake, dots(own));
    let text = Words::new("## Samples and data\n\n![](points)", "## 샘플과 데이터\n\n![](points)");
    Some(Part { text, shows: vec![("points", Exhibit::Figure(Figure::one(Words::NONE, chart)))] })
}
