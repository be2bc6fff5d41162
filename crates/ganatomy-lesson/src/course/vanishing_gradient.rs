//! A discriminator trained from scratch against a frozen generator: the better it gets, the smaller G's minimax gradient.

use ganatomy_train::{TrainError, Training};
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::{Images, Table};

use crate::frozen::{EPOCHS, Protocol, Pull, Stage, items, logits, stops};
use crate::gaussians::sigmoid;
use crate::stats::{largest, mean, rank_correlation, slope};
use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words, advance, fixed, number};

mod text;

pub(super) const LESSON: Lesson = Lesson {
    name: "vanishing-gradient",
    title: Words::new(
        "The vanishing gradient: a perfect critic is silent",
        "기울기 소실: 완벽한 판별자는 말이 없다",
    ),
    question: Words::new(
        "Freeze a generator and let D learn. The better D gets, the better it should teach. Why does G's gradient disappear instead?",
        "생성자를 멈추고 판별자만 학습시킵니다. 판별자가 뛰어날수록 잘 가르칠 것 같은데, 왜 생성자의 기울기는 사라질까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

/// Images shown of the data and of each generator.
const N_SHOWN: usize = 24;
const COLUMNS: usize = 12;
/// Items on which D is judged, and samples at which its slope is taken.
const N_JUDGED: usize = 256;
/// Below this, D counts as near a perfect one, and the bound is looked at.
const NEAR: f64 = 0.3;

/// A discriminator at one of its steps.
struct Look {
    step: f64,
    /// The norm of G's minimax gradient.
    norm: f64,
    /// The share of real and generated items that D judges rightly.
    accuracy: f64,
    /// Its mean logits of real and of generated items.
    logits: [f64; 2],
    /// How far D is from 0 on samples, its slope included: the largest `D + |dD/dx|`.
    epsilon: f64,
}

/// A frozen generator, and the life of the discriminator that learned against it.
struct Life {
    name: Words,
    looks: Vec<Look>,
}

impl Life {
    fn line(&self, of: impl Fn(&Look) -> f64) -> Vec<[f64; 2]> {
        self.looks.iter().map(|look| [look.step, of(look)]).collect()
    }

    fn end(&self, of: impl Fn(&Look) -> f64) -> f64 {
        self.looks.last().map_or(f64::NAN, of)
    }

    /// Decades that the norm has lost since the start.
    fn decades(&self) -> f64 {
        self.looks.first().map_or(f64::NAN, |first| (first.norm / self.end(|look| look.norm)).log10())
    }

    fn rank(&self) -> f64 {
        let [steps, norms] = [|look: &Look| look.step, |look: &Look| look.norm]
            .map(|of| self.looks.iter().map(of).collect::<Vec<_>>());
        rank_correlation(&steps, &norms)
    }

    /// Slope of the norm over epsilon, both as logarithms, once D is near a perfect one.
    fn power(&self) -> f64 {
        let near = self.looks.iter().filter(|look| look.epsilon < NEAR);
        slope(&near.map(|look| [look.epsilon.log10(), look.norm.log10()]).collect::<Vec<_>>())
    }
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let protocol = Protocol::of(bench);
    let stages = protocol.stages(bench, N_SHOWN)?;
    let lives = bench.each("discriminators", &stages, |stage| live(bench, &protocol, stage))?;
    let plan = protocol.frozen(bench, "minimax", "")?;
    let shape: Vec<usize> = plan.data().item_shape().to_vec();
    let mut found = Findings::new();
    found.fact("epoch", protocol.epoch_items as f64, 6);
    found.fact("d-steps", protocol.d_steps as f64, 6);
    found.fact("n-judged", N_JUDGED as f64, 6);
    found.fact("pixels", shape.iter().product::<usize>() as f64, 6);
    found.fact("z-dims", protocol.z_dims as f64, 4);
    found.told("data", protocol.data());
    if let [height, width, channels] = shape[..] {
        let mut sheet = items(&plan, N_SHOWN);
        stages.iter().for_each(|stage| sheet.extend(&stage.images));
        let title = Words::new(
            "Two rows each, from the top: data; the generator after 1, 10 and 25 epochs",
            "위에서부터 두 줄씩: 데이터, 1에폭·10에폭·25에폭 뒤의 생성자",
        );
        found.images("moments", Images::of(title, COLUMNS, [height, width, channels], &sheet));
    }
    found.figure("norms", norms(&lives));
    found.figure("judges", judges(&lives));
    found.figure("bound", bound(&lives));
    found.table("table", table(&lives));
    checks(&mut found, &lives);
    protocol.note_shortened(&mut found, bench);
    Ok(found)
}

/// Trains D from scratch against a frozen generator, and looks.
fn live(bench: &Bench<'_>, protocol: &Protocol, stage: &Stage) -> Result<Life, LessonError> {
    let plan = protocol.frozen(bench, "minimax", "")?;
    let mut training = bench.training(&plan)?;
    stage.place(&mut training)?;
    let mut looks = Vec::new();
    for stop in stops(protocol.d_steps, 24) {
        let left = stop - training.step();
        advance(&mut training, left)?;
        looks.push(look(&mut training)?);
    }
    Ok(Life { name: stage.name(), looks })
}

fn look(training: &mut Training) -> Result<Look, LessonError> {
    let norm = Pull::of(training, 8)?.norm;
    let [real, fake] = logits(training, N_JUDGED)?;
    let right = real.iter().filter(|c| **c > 0.0).count() + fake.iter().filter(|c| **c < 0.0).count();
    Ok(Look {
        step: training.step() as f64,
        norm,
        accuracy: right as f64 / (real.len() + fake.len()) as f64,
        logits: [mean(&real), mean(&fake)],
        epsilon: epsilon(training)?,
    })
}

/// The largest `D + |dD/dx|` over samples.
fn epsilon(training: &mut Training) -> Result<f64, LessonError> {
    let none = TrainError::NoJudge { what: "the lesson" };
    let Some(at) = training.slopes_at_samples(N_JUDGED, 0)? else { return Err(none.into()) };
    let Some(logits) = training.judge(&at.samples)? else { return Err(none.into()) };
    let item = at.samples.len() / logits.len().max(1);
    let one = |(slope, logit): (&[f32], &f32)| {
        let d = sigmoid(f64::from(*logit));
        let length = slope.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>().sqrt();
        // The slope of log(1 - D) is -D' / (1 - D).
        d + (1.0 - d) * length
    };
    Ok(largest(at.slopes.chunks(item.max(1)).zip(&logits).map(one)))
}

fn step() -> Scale {
    Scale::of(("step of D", "판별자의 걸음"))
}

fn norms(lives: &[Life]) -> Figure {
    let axis = Scale::log(("norm of G's minimax gradient", "생성자의 미니맥스 기울기 크기"));
    let mut chart = Chart::new(step(), axis);
    for (i, life) in lives.iter().enumerate() {
        chart = chart.with(life.name.clone(), Hue::Nth(i), Shape::Line(life.line(|look| look.norm))).with(
            Words::NONE,
            Hue::Nth(i),
            Shape::Dots(life.line(|look| look.norm), 2.5),
        );
    }
    Figure::one(("What is left for G, while D learns", "판별자가 배우는 동안 생성자에게 남는 것"), chart)
}

fn judges(lives: &[Life]) -> Figure {
    let early = || Scale::log(("step of D", "판별자의 걸음"));
    let share = Scale::of(("share judged rightly", "옳게 판정한 비율")).within(0.4, 1.03);
    let mut accuracy =
        Chart::new(early(), share).titled(("accuracy on items drawn apart", "따로 뽑은 데이터에서의 정확도"));
    let mut sure = Chart::new(early(), Scale::of(("mean logit", "평균 로짓")))
        .titled(("logits; solid: real, dashed: generated", "로짓 (실선: 실제, 점선: 생성)"));
    for (i, life) in lives.iter().enumerate() {
        accuracy =
            accuracy.with(life.name.clone(), Hue::Nth(i), Shape::Line(life.line(|look| look.accuracy)));
        sure = sure.with(life.name.clone(), Hue::Nth(i), Shape::Line(life.line(|look| look.logits[0]))).with(
            Words::NONE,
            Hue::Nth(i),
            Shape::Dashes(life.line(|look| look.logits[1])),
        );
    }
    Figure::row(("The same discriminators as judges", "심판으로서의 같은 판별자들"), vec![accuracy, sure])
}

fn bound(lives: &[Life]) -> Figure {
    let mut chart = Chart::new(
        Scale::log(("ε: largest D + |dD/dx| on samples", "ε: 표본에서 D + |dD/dx|의 최댓값")),
        Scale::log(("norm of G's minimax gradient", "생성자의 미니맥스 기울기 크기")),
    );
    for (i, life) in lives.iter().enumerate() {
        let dots = life.looks.iter().map(|look| [look.epsilon, look.norm]).collect();
        chart = chart.with(life.name.clone(), Hue::Nth(i), Shape::Dots(dots, 3.5));
    }
    // The least M for which the bound holds at every look near a perfect D.
    let near = lives.iter().flat_map(|life| &life.looks).filter(|look| look.epsilon < NEAR);
    let m = near.clone().map(|look| look.norm * (1.0 - look.epsilon) / look.epsilon).fold(0.0, f64::max);
    let least = near.map(|look| look.epsilon).fold(NEAR, f64::min);
    let at = |i: u32| least * (NEAR / least).powf(f64::from(i) / 40.0);
    let line = (0..=40).map(|i| [at(i), m * at(i) / (1.0 - at(i))]).collect();
    chart = chart.with("M ε / (1 − ε)", Hue::Theory, Shape::Dashes(line));
    Figure::one(
        (
            "The gradient falls with D's distance from a perfect one",
            "기울기는 완벽한 판별자까지의 거리와 함께 줄어든다",
        ),
        chart,
    )
}

fn table(lives: &[Life]) -> Table {
    let row = |life: &Life| {
        let shown = |value: f64, digits: usize| Words::both(number(value, digits));
        vec![
            life.name.clone(),
            shown(life.looks.first().map_or(f64::NAN, |look| look.norm), 2),
            shown(life.end(|look| look.norm), 2),
            Words::both(fixed(life.decades(), 1)),
            shown(life.end(|look| look.accuracy), 3),
            Words::both([0, 1].map(|i| fixed(life.end(|look| look.logits[i]), 1)).join(" / ")),
        ]
    };
    Table {
        title: Words::new("From D's first step to its last", "판별자의 첫 걸음에서 마지막 걸음까지"),
        head: vec![
            Words::new("generator", "생성자"),
            Words::new("norm at the start", "처음 크기"),
            Words::new("norm at the end", "마지막 크기"),
            Words::new("decades lost", "줄어든 자릿수"),
            Words::new("D's accuracy", "판별자 정확도"),
            Words::new("logits, real / generated", "로짓 (실제 / 생성)"),
        ],
        rows: lives.iter().map(row).collect(),
    }
}

fn checks(found: &mut Findings, lives: &[Life]) {
    let paper = ("Arjovsky and Bottou 2017", "Arjovsky와 Bottou 2017");
    for (life, epochs) in lives.iter().zip(EPOCHS) {
        let name = life.name.clone();
        let claim = Words::of(
            format!("decades that G's gradient loses, {}", name.en),
            format!("생성자의 기울기가 줄어든 자릿수, {}", name.ko),
        );
        found.check(
            Check::new(format!("decades-{epochs}"), claim, life.decades(), Wanted::AtLeast(3.0)).from(paper),
        );
    }
    let worst = |of: &dyn Fn(&Life) -> f64| largest(lives.iter().map(of));
    let claim = Words::new(
        "rank correlation of the gradient with D's step: the largest of the three",
        "기울기와 판별자 걸음의 순위 상관: 셋 중 가장 큰 값",
    );
    found.check(Check::new("falls", claim, worst(&Life::rank), Wanted::AtMost(-0.9)));
    let claim = Words::new(
        "accuracy of D at the end, on items drawn apart: the least of the three",
        "따로 뽑은 데이터에서 판별자의 마지막 정확도: 셋 중 가장 작은 값",
    );
    let accuracy = -worst(&|life| -life.end(|look| look.accuracy));
    let perfect = ("theorems 2.1, 2.2: a perfect D exists", "정리 2.1, 2.2: 완벽한 판별자가 존재한다");
    found.check(Check::new("accuracy", claim, accuracy, Wanted::AtLeast(0.99)).from(perfect).digits(4));
    let claim = Words::new(
        "power of ε by which the gradient falls, near a perfect D: mean of the three",
        "완벽한 판별자 근처에서 기울기가 따르는 ε의 지수: 셋의 평균",
    );
    let power = mean(&lives.iter().map(Life::power).collect::<Vec<_>>());
    let bound = ("theorem 2.4: at most M ε / (1 − ε)", "정리 2.4: 기껏해야 M ε / (1 − ε)");
    found.check(Check::new("power", claim, power, Wanted::AtLeast(0.8)).from(bound));
    let claim = Words::new("decades lost in the best case", "가장 많이 줄어든 자릿수");
    let best =
        Check::new("best", claim, worst(&|life| life.decades()), Wanted::Near { value: 5.0, within: 1.0 });
    found.check(best.published((
        "Arjovsky and Bottou 2017: 5 after 4,000 steps",
        "Arjovsky와 Bottou 2017: 4,000걸음 뒤 5자리",
    )));
    order(found, lives);
}

/// Which generator loses its gradient most.
fn order(found: &mut Findings, lives: &[Life]) {
    let of = |life: Option<&Life>| life.map_or(f64::NAN, Life::decades);
    let more = of(lives.last()) - of(lives.first());
    found.told(
        "order",
        if more < 0.0 {
            Words::new(
                "Here the G of 25 epochs loses less than that of one. In the paper it was the best-trained one that went silent first.",
                "여기서는 25에폭의 생성자가 1에폭의 생성자보다 덜 잃습니다. 논문에서는 가장 오래 학습한 생성자의 기울기가 가장 먼저 사라졌습니다.",
            )
        } else {
            Words::new(
                "As in the paper, the G of 25 epochs loses more than that of one.",
                "논문에서처럼 25에폭의 생성자가 1에폭의 생성자보다 기울기를 더 많이 잃습니다.",
            )
        },
    );
    let claim = Words::new(
        "decades lost after 25 epochs less those lost after one",
        "25에폭 뒤에 줄어든 자릿수 − 1에폭 뒤에 줄어든 자릿수",
    );
    let more = Check::new("more-after-25", claim, more, Wanted::AtLeast(0.0));
    found.check(more.published((
        "Arjovsky and Bottou 2017, read off the figure",
        "Arjovsky와 Bottou 2017, 그림에서 읽음",
    )));
}
