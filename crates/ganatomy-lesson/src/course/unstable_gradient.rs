//! The same protocol with the loss `-log D`: the gradient lives, grows and scatters; noise on D's inputs tames it.

use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};
use ganatomy_view::page::Table;

use crate::frozen::{EPOCHS, Protocol, Stage};
use crate::stats::{largest, least, median};
use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words, number};

mod cauchy;
mod live;
mod text;

use live::{Life, Look, live};

pub(super) const LESSON: Lesson = Lesson {
    name: "unstable-gradient",
    title: Words::new("The unstable gradient: −log D and its price", "불안정한 기울기: −log D와 그 대가"),
    question: Words::new(
        "The loss −log D keeps G's gradient alive when D is sure. Is a gradient that lives one that can be trusted?",
        "손실 −log D는 판별자가 확신해도 생성자의 기울기를 살려 둡니다. 살아 있는 기울기는 믿을 만한 기울기일까요?",
    ),
    text: Words::new(text::ENGLISH, text::KOREAN),
    answer,
};

/// Standard deviations of the noise on D's inputs; pixels lie in [-1, 1].
const STDS: [f64; 4] = [0.0, 1.0, 2.0, 4.0];

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let protocol = Protocol::of(bench);
    let stages = protocol.stages(bench, 1)?;
    let last = stages.len() - 1;
    let plain = stages.iter().map(|stage| (stage, 0.0));
    let noisy = STDS[1..].iter().map(|std| (&stages[last], *std));
    let runs: Vec<(&Stage, f64)> = plain.chain(noisy).collect();
    let lives = bench.each("discriminators", &runs, |(stage, std)| live(bench, &protocol, stage, *std))?;
    let mut found = Findings::new();
    found.fact("d-steps", protocol.d_steps as f64, 6);
    found.fact("epoch", protocol.epoch_items as f64, 6);
    found.told("data", protocol.data());
    found.fact("pixels", protocol.n_pixels(bench)? as f64, 6);
    let (plain, noisy) = lives.split_at(stages.len());
    // The last generator without noise, and with more and more of it.
    let noisy: Vec<&Life> = plain.last().into_iter().chain(noisy).collect();
    found.figure("norms", norms(plain));
    found.table("plain", plain_table(plain));
    cauchy::show(&mut found, bench)?;
    found.figure("noise", noise(&noisy));
    found.figure("direction", direction(&noisy));
    found.table("noisy", noisy_table(&noisy));
    grows(&mut found, plain);
    tamed(&mut found, &noisy);
    protocol.note_shortened(&mut found, bench);
    Ok(found)
}

/// The largest norm of a batch's gradient by the median one.
fn tail(look: &Look) -> f64 {
    largest(look.pull.norms.iter().copied()) / median(&look.pull.norms)
}

fn step() -> Scale {
    Scale::of(("step of D", "판별자의 걸음"))
}

fn norms(lives: &[Life]) -> Figure {
    let chart = |of: &dyn Fn(&Look) -> f64, name: Words| {
        let mut chart = Chart::new(step(), Scale::of(name));
        for (i, life) in lives.iter().enumerate() {
            let points = life.line(of);
            chart = chart.with(life.name.clone(), Hue::Nth(i), Shape::Line(points.clone())).with(
                Words::NONE,
                Hue::Nth(i),
                Shape::Dots(points, 2.5),
            );
        }
        chart
    };
    let norm = chart(&|look| look.pull.norm, Words::new("norm of the mean gradient", "평균 기울기의 크기"));
    let spread = chart(
        &|look| look.pull.spread,
        Words::new("standard deviation over batches", "배치에 따른 표준편차"),
    );
    Figure::row(
        ("G's gradient by −log D, while D learns", "판별자가 배우는 동안 −log D에 의한 생성자의 기울기"),
        vec![norm.titled(("how strong it is", "세기")), spread.titled(("how much it scatters", "흩어짐"))],
    )
}

/// A value at the start and at the end.
fn from_to(life: &Life, of: impl Fn(&Look) -> f64) -> Words {
    let first = life.looks.first().map_or(f64::NAN, &of);
    Words::both(format!("{} → {}", number(first, 2), number(life.end(of), 2)))
}

fn plain_table(lives: &[Life]) -> Table {
    let row = |life: &Life| {
        vec![
            life.name.clone(),
            from_to(life, |look| look.pull.norm),
            from_to(life, |look| look.pull.spread),
            from_to(life, |look| look.pull.spread / look.pull.norm),
            from_to(life, |look| look.minimax),
        ]
    };
    Table {
        title: Words::new("From D's first step to its last", "판별자의 첫 걸음에서 마지막 걸음까지"),
        head: vec![
            Words::new("generator", "생성자"),
            Words::new("norm by −log D", "−log D 기울기의 크기"),
            Words::new("deviation over batches", "배치에 따른 표준편차"),
            Words::new("deviation / norm", "표준편차 ÷ 크기"),
            Words::new("norm by log(1 − D)", "log(1 − D) 기울기의 크기"),
        ],
        rows: lives.iter().map(row).collect(),
    }
}

/// The standard deviation of a life's noise.
fn sigma(life: &Life) -> Words {
    if life.std > 0.0 {
        Words::both(format!("σ = {}", life.std))
    } else {
        Words::new("no noise", "잡음 없음")
    }
}

fn over(lives: &[&Life], mut chart: Chart, points: impl Fn(&Life) -> Vec<[f64; 2]>) -> Chart {
    for (i, life) in lives.iter().enumerate() {
        let points = points(life);
        chart = chart.with(sigma(life), Hue::Nth(i), Shape::Line(points.clone())).with(
            Words::NONE,
            Hue::Nth(i),
            Shape::Dots(points, 2.5),
        );
    }
    chart
}

fn noise(lives: &[&Life]) -> Figure {
    let axis = || Scale::log(("norm of G's gradient", "생성자 기울기의 크기"));
    let minimax = over(lives, Chart::new(step(), axis()), |life| life.line(|look| look.minimax));
    let other = over(lives, Chart::new(step(), axis()), |life| life.line(|look| look.pull.norm));
    Figure::row(
        (
            "Noise on all that D sees, generator after 25 epochs",
            "판별자가 보는 모든 것에 더한 잡음 (25에폭 뒤의 생성자)",
        ),
        vec![
            minimax.titled(("log(1 − D): no longer vanishes", "log(1 − D): 더는 사라지지 않음")),
            other.titled(("−log D: no longer grows so far", "−log D: 더는 그만큼 커지지 않음")),
        ],
    )
}

fn direction(lives: &[&Life]) -> Figure {
    let cosine = Scale::of((
        "cosine with the way to the nearest real image",
        "가장 가까운 실제 이미지 방향과의 코사인",
    ));
    let distance =
        Scale::of(("sliced Wasserstein distance to the data", "데이터까지의 분할 바서슈타인 거리"));
    let cosine = over(lives, Chart::new(step(), cosine), |life| life.line(|look| look.cosine));
    let follow = Chart::new(Scale::of(("step of G, by Adam", "생성자의 걸음 (Adam)")), distance);
    let follow = over(lives, follow, |life| life.followed.clone());
    Figure::row(
        ("Does the gradient still know the way?", "기울기는 여전히 길을 아는가?"),
        vec![
            cosine.titled((
                "where a sample is sent, while D learns",
                "판별자가 배우는 동안 표본을 보내는 방향",
            )),
            follow.titled((
                "G follows the last D, which stands still",
                "멈춰 선 마지막 판별자를 따라가는 생성자",
            )),
        ],
    )
}

/// How much nearer to the data G came at best, as a share of where it began.
fn nearest(life: &Life) -> f64 {
    let first = life.followed.first().map_or(f64::NAN, |point| point[1]);
    least(life.followed.iter().map(|point| point[1])) / first
}

fn noisy_table(lives: &[&Life]) -> Table {
    let row = |life: &&Life| {
        let shown = |value: f64| Words::both(number(value, 2));
        vec![
            sigma(life),
            shown(life.end(|look| look.minimax)),
            shown(life.end(|look| look.pull.norm)),
            shown(life.end(|look| look.pull.spread)),
            shown(life.end(|look| look.cosine)),
            shown(nearest(life)),
        ]
    };
    Table {
        title: Words::new(
            "With D's last step, generator after 25 epochs",
            "판별자의 마지막 걸음에서 (25에폭 뒤의 생성자)",
        ),
        head: vec![
            Words::new("noise", "잡음"),
            Words::new("norm by log(1 − D)", "log(1 − D) 기울기의 크기"),
            Words::new("norm by −log D", "−log D 기울기의 크기"),
            Words::new("its deviation", "그 표준편차"),
            Words::new("cosine", "코사인"),
            Words::new("distance left, at best", "남은 거리 (최선)"),
        ],
        rows: lives.iter().map(row).collect(),
    }
}

/// What `-log D` costs.
fn grows(found: &mut Findings, lives: &[Life]) {
    let paper = ("Arjovsky and Bottou 2017: it grows", "Arjovsky와 Bottou 2017: 커진다");
    for (life, epochs) in lives.iter().zip(EPOCHS) {
        let claim = Words::of(
            format!("norm by −log D at D's last step by that at its first, {}", life.name.en),
            format!("−log D 기울기의 크기: 마지막 걸음 ÷ 첫 걸음, {}", life.name.ko),
        );
        let grown = life.growth(0.0, |look| look.pull.norm);
        found.check(Check::new(format!("grows-{epochs}"), claim, grown, Wanted::AtLeast(2.0)).from(paper));
    }
    let least = |of: &dyn Fn(&Life) -> f64| least(lives.iter().map(of));
    let claim = Words::new(
        "the same from a tenth of the way on: the least of the three",
        "학습의 10분의 1이 지난 뒤부터 잰 같은 값: 셋 중 가장 작은 값",
    );
    let late = least(&|life| life.growth(0.1, |look| look.pull.norm));
    found.check(Check::new("grows-late", claim, late, Wanted::AtLeast(1.05)));
    let claim = Words::new(
        "variance over batches at the last step by that at the first: the least of the three",
        "배치에 따른 분산: 마지막 걸음 ÷ 첫 걸음, 셋 중 가장 작은 값",
    );
    let variance = least(&|life| life.growth(0.0, |look| look.pull.spread.powi(2)));
    let check = Check::new("variance", claim, variance, Wanted::AtLeast(4.0));
    found.check(
        check.from((
            "Arjovsky and Bottou 2017: so does its variance",
            "Arjovsky와 Bottou 2017: 분산도 커진다",
        )),
    );
    let claim = Words::new(
        "largest norm of a batch by the median one, at the last step: no Cauchy variable",
        "마지막 걸음에서 배치별 크기의 최댓값 ÷ 중앙값: 코시 변수가 아니다",
    );
    let heaviest = -least(&|life| -life.end(tail));
    found.check(Check::new("tail", claim, heaviest, Wanted::AtMost(2.0)));
    let scatter = |look: &Look| look.pull.spread / look.pull.norm;
    let claim = Words::new(
        "deviation over batches by the norm, at the last step by that at the first: the largest of the three",
        "표준편차 ÷ 크기: 마지막 걸음 ÷ 첫 걸음, 셋 중 가장 큰 값",
    );
    let relative = -least(&|life| -life.growth(0.0, scatter));
    found.check(Check::new("relative", claim, relative, Wanted::AtMost(1.3)).digits(2));
}

/// What noise does, for the last generator; the first life is the one without noise.
fn tamed(found: &mut Findings, lives: &[&Life]) {
    let [plain, .., most] = lives else { return };
    let theory = ("Arjovsky and Bottou 2017, section 3", "Arjovsky와 Bottou 2017, 3절");
    let claim = Words::of(
        format!("minimax norm at D's last step with σ = {} by that without noise", most.std),
        format!("마지막 걸음에서 미니맥스 기울기의 크기: σ = {}일 때 ÷ 잡음이 없을 때", most.std),
    );
    let ratio = most.end(|look| look.minimax) / plain.end(|look| look.minimax);
    found.check(Check::new("alive", claim, ratio, Wanted::AtLeast(30.0)).from(theory));
    let claim = Words::of(
        format!("norm by −log D with σ = {} by that without noise", most.std),
        format!("−log D 기울기의 크기: σ = {}일 때 ÷ 잡음이 없을 때", most.std),
    );
    let ratio = most.end(|look| look.pull.norm) / plain.end(|look| look.pull.norm);
    found.check(Check::new("tame", claim, ratio, Wanted::AtMost(0.5)).from(theory));
    let middle = lives.iter().find(|life| life.std == STDS[2]).unwrap_or(plain);
    let claim = Words::of(
        format!("cosine with the way to the nearest real image, σ = {} less without noise", STDS[2]),
        format!("가장 가까운 실제 이미지 방향과의 코사인: σ = {}일 때 − 잡음이 없을 때", STDS[2]),
    );
    let gained = middle.end(|look| look.cosine) - plain.end(|look| look.cosine);
    found.check(Check::new("straighter", claim, gained, Wanted::AtLeast(0.03)));
    let claim = Words::new(
        "distance to the data that is left at best when G follows: the largest share of all four",
        "생성자가 따라갈 때 최선의 경우 남는 데이터까지의 거리 비율: 넷 중 가장 큰 값",
    );
    let left = largest(lives.iter().map(|life| nearest(life)));
    found.check(Check::new("follows", claim, left, Wanted::AtMost(0.95)));
    found.fact("n-followed", live::FOLLOWED[live::FOLLOWED.len() - 1] as f64, 3);
    found.fact("sigma-middle", STDS[2], 2);
    found.fact("sigma-most", most.std, 2);
    for (name, life) in [("plain", plain), ("middle", middle), ("most", most)] {
        found.fact(format!("minimax-{name}"), life.end(|look| look.minimax), 2);
        found.fact(format!("norm-{name}"), life.end(|look| look.pull.norm), 3);
        found.fact(format!("cosine-{name}"), life.end(|look| look.cosine), 2);
        found.fact(format!("left-{name}"), nearest(life), 2);
        let ends =
            [life.followed.first(), life.followed.last()].map(|end| end.map_or(f64::NAN, |point| point[1]));
        found.fact(format!("after-{name}"), ends[1] / ends[0], 2);
    }
}
