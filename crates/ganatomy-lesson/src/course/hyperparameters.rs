//! A grid of learning rates and momenta: how narrow the good region is, and how a remedy widens it.

use ganatomy_view::figure::{Chart, Colours, Figure, Heat, Hue, Scale, Shape};

use crate::stats::{largest, least, mean};
use ganatomy_study::{Results, State};

use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words};

pub(super) const LESSON: Lesson = Lesson {
    name: "hyperparameters",
    title: Words::new(
        "Hyperparameters: how narrow the good region is",
        "하이퍼파라미터: 잘되는 영역은 얼마나 좁은가",
    ),
    question: Words::new(
        "The same loss, networks and data. How much do a learning rate and a momentum decide?",
        "손실 함수도 신경망도 데이터도 같습니다. 학습률과 모멘텀은 얼마나 많은 것을 결정할까요?",
    ),
    text: Words::new(ENGLISH, KOREAN),
    answer,
};

const ENGLISH: &str = r"
No loss works without good hyperparameters, and none of them can be read off a formula. Here is the smallest such search: the
non-saturating GAN on eight Gaussians, {{steps}} steps, and for both players Adam with {{n-lr}} learning rates and {{n-beta}} values of the momentum
$\beta_1$. Each cell is the number of modes captured, the mean over its seeds ({{n-seeds}}); a run whose numbers stop being finite counts as none.

![](plain)

A cell is *good* if it holds at least 7 of the 8 modes. Of the {{n-cells}} cells, the plain game has {{good-plain}}. Best is
{{best-plain}} modes, worst {{worst-plain}}: between the two lies nothing but a step size and a momentum. Too small a step has not arrived when
the budget ends; too large a step, or too much memory of old gradients in a game that turns, throws the players around. A momentum of 0.9,
the default for other networks, holds {{mean-heavy}} modes on average over all learning rates; without momentum it is {{mean-none}}.

**A remedy can widen the region.** The same grid with an R1 penalty ($\gamma = {{gamma}}$) on D, everything else alike, has {{good-r1}} good cells; with
spectral normalisation of D it has {{good-spectral}}:

![](remedied)

![](widths)

This is what people mean when they call a method *stable*: what counts is not its best result (best: plain {{best-plain}}, R1 {{best-r1}}, spectral
normalisation {{best-spectral}}), but how many settings lead there, so that fewer runs are wasted finding one. And it is why a comparison of methods at one
setting says little: choose another cell and another method wins (spectral normalisation holds more modes than the plain game in {{spectral-wins}} cells, and
fewer in {{spectral-loses}}). Lucic et al. (2018) found exactly that with wide searches on images: given
enough search, most losses reach similar scores.
";

const KOREAN: &str = r"
어떤 손실 함수도 좋은 하이퍼파라미터 없이는 작동하지 않으며, 그 값을 알려 주는 공식은 없습니다. 가장 작은 탐색을 해 봅시다. 가우스 분포 여덟 개에 대한 비포화 GAN을
{{steps}}걸음씩, 두 참가자 모두 Adam으로, 학습률 {{n-lr}}가지와 모멘텀 $\beta_1$ {{n-beta}}가지로 학습합니다. 각 칸은 시드 {{n-seeds}}개에 대해 잡은 모드 수의
평균이며, 수치가 발산한 실행은 0으로 셉니다.

![](plain)

모드 8개 중 7개 이상을 잡은 칸을 *좋은* 칸이라고 하겠습니다. {{n-cells}}칸 가운데 보통의 게임에는 {{good-plain}}칸이 있습니다. 가장 좋은 칸은 {{best-plain}}개, 가장 나쁜
칸은 {{worst-plain}}개입니다. 둘의 차이는 걸음의 크기와 모멘텀뿐입니다. 걸음이 너무 작으면 정해진 시간 안에 도착하지 못하고, 너무 크거나 빙빙 도는 게임에서 옛 기울기를 너무
오래 기억하면 두 참가자가 이리저리 내던져집니다. 다른 신경망의 기본값인 0.9 부근의 모멘텀은 모든 학습률에 걸쳐 평균 {{mean-heavy}}개를 잡지만, 모멘텀이 없으면
{{mean-none}}개를 잡습니다.

**처방은 이 영역을 넓힐 수 있습니다.** 나머지는 그대로 두고 판별자에 R1 벌점($\gamma = {{gamma}}$)을 더하면 좋은 칸이 {{good-r1}}칸, 판별자에 스펙트럴 정규화를 쓰면
{{good-spectral}}칸이 됩니다.

![](remedied)

![](widths)

어떤 방법이 *안정적*이라는 말은 바로 이런 뜻입니다. 중요한 것은 가장 좋은 결과가 아니라(최고: 처방 없음 {{best-plain}}, R1 {{best-r1}}, 스펙트럴 정규화
{{best-spectral}}) 얼마나 많은 설정이 그곳에 이르러 시행착오를 줄여 주는가입니다. 그래서 설정 하나에서 방법들을 비교하는 것은 별 의미가 없습니다. 다른 칸을 고르면 다른 방법이
이깁니다(스펙트럴 정규화는 {{spectral-wins}}칸에서 보통의 게임보다 모드를 더 많이 잡았고, {{spectral-loses}}칸에서는 더 적게 잡았습니다). Lucic 등(2018)이 이미지에 대해 넓게 탐색해 얻은 결론도 같습니다. 충분히 탐색하면 대부분의 손실 함수가 비슷한 점수에 이릅니다.
";

const BASE: &str = include_str!("../../../../docs/results/toy.toml");
const LRS: [f64; 6] = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2];
const BETAS: [f64; 3] = [0.0, 0.5, 0.9];
const GAMMA: f64 = 0.1;
/// A cell with at least this many modes is good.
const GOOD: f64 = 7.0;

/// What is added to the plain game.
/// What of the spec makes it, as a study writes it.
const ARMS: [(Words, &str); 3] = [
    (Words::new("plain", "처방 없음"), ""),
    (Words::new("R1", "R1"), "remedies.r1.gamma=0.1"),
    (Words::new("spectral norm", "스펙트럴 정규화"), "remedies.spectral-norm.players=discriminator"),
];

/// Mean modes of each cell of one arm, row by row from the first momentum.
struct Grid(Vec<f64>);

impl Grid {
    /// Of an arm of the study. A run that failed holds no modes.
    fn of(results: &Results, arm: usize) -> Grid {
        let mut cells = vec![Vec::new(); LRS.len() * BETAS.len()];
        for run in &results.runs {
            let config = &results.configs[run.config];
            if config.arm == arm {
                let modes = run.score.filter(|_| run.state == State::Done);
                cells[config.number as usize].push(modes.unwrap_or(0.0));
            }
        }
        Grid(cells.iter().map(|modes| mean(modes)).collect())
    }

    fn n_good(&self) -> f64 {
        self.0.iter().filter(|modes| **modes >= GOOD).count() as f64
    }

    fn best(&self) -> f64 {
        largest(self.0.iter().copied())
    }

    fn worst(&self) -> f64 {
        least(self.0.iter().copied())
    }

    /// The mean over the learning rates at one momentum.
    fn row(&self, beta: usize) -> f64 {
        mean(&self.0[beta * LRS.len()..(beta + 1) * LRS.len()])
    }

    fn chart(&self) -> Chart {
        let places = |n: usize| (0..n).map(|i| i as f64).collect::<Vec<f64>>();
        let heat = Heat {
            x: places(LRS.len()),
            y: places(BETAS.len()),
            z: self.0.clone(),
            unit: Words::new("modes", "모드 수"),
            colours: Colours::Amount,
            range: Some([0.0, 8.0]),
            numbers: true,
        };
        let rates = Scale::names(
            ("learning rate of both players", "두 참가자의 학습률"),
            LRS.map(|lr| format!("{lr:e}")),
        );
        let momenta = Scale::names(("momentum β₁", "모멘텀 β₁"), BETAS.map(|beta| beta.to_string()));
        Chart::new(rates, momenta).with(Words::NONE, Hue::Quiet, Shape::Heat(heat))
    }
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (steps, n_seeds) = bench.pick((1200, 1), (5000, 4));
    let (results, _) = bench.study("searching", &study(steps, &bench.seeds(n_seeds)), ("toy.toml", BASE))?;
    let grids: Vec<Grid> = (0..ARMS.len()).map(|arm| Grid::of(&results, arm)).collect();
    Ok(findings(&grids, steps, n_seeds))
}

/// All learning rates and momenta, for each arm. The last setting changes fastest: the learning rate.
fn study(steps: u64, seeds: &[u64]) -> String {
    let arm = |(name, set): &(Words, &str)| {
        let set = if set.is_empty() { String::new() } else { format!("{set:?}") };
        format!("[[arm]]\nname = {:?}\nset = [{set}]\n", name.en)
    };
    let both = |field: &str| format!("[\"generator.update.{field}\", \"discriminator.update.{field}\"]");
    format!(
        "name = \"hyperparameters\"\nbase = \"toy.toml\"\nbudget = {{ steps = {steps} }}\ndraw = \"grid\"\nseeds = {seeds:?}\n\
         score = {{ reading = \"samples/n_modes\" }}\n{}[space]\n\
         beta1 = {{ choice = {BETAS:?}, fields = {} }}\nlr = {{ choice = {LRS:?}, fields = {} }}\n",
        ARMS.iter().map(arm).collect::<String>(),
        both("beta1"),
        both("lr")
    )
}

fn findings(grids: &[Grid], steps: u64, n_seeds: usize) -> Findings {
    let mut found = Findings::new();
    let [plain, r1, spectral] = [&grids[0], &grids[1], &grids[2]];
    for (name, value) in [
        ("steps", steps as f64),
        ("n-seeds", n_seeds as f64),
        ("n-lr", LRS.len() as f64),
        ("n-beta", BETAS.len() as f64),
        ("n-cells", plain.0.len() as f64),
        ("gamma", GAMMA),
        ("mean-heavy", plain.row(2)),
        ("mean-none", plain.row(0)),
        ("best-plain", plain.best()),
        ("worst-plain", plain.worst()),
        ("best-r1", r1.best()),
        ("best-spectral", spectral.best()),
        ("good-spectral", spectral.n_good()),
    ] {
        found.fact(name, value, 2);
    }
    let title = Words::new("Modes captured by the plain GAN", "보통의 GAN이 잡은 모드 수");
    found.figure("plain", Figure::one(title, plain.chart()));
    let titled = |i: usize| grids[i].chart().titled(ARMS[i].0.clone());
    let title = Words::new("The same grid with a remedy", "처방을 더한 같은 격자");
    found.figure("remedied", Figure::row(title, vec![titled(1), titled(2)]));
    found.figure("widths", widths(grids));
    checks(&mut found, grids);
    found
}

fn widths(grids: &[Grid]) -> Figure {
    let of =
        |value: fn(&Grid) -> f64| grids.iter().enumerate().map(|(i, grid)| [i as f64, value(grid)]).collect();
    let arms = || Scale::names(Words::NONE, ARMS.map(|(name, _)| name));
    let good = Chart::new(arms(), Scale::of(("good cells", "좋은 칸의 수")))
        .titled(("good cells", "좋은 칸"))
        .with(Words::NONE, Hue::Nth(0), Shape::Bars(of(Grid::n_good), 0.7));
    let average = Chart::new(arms(), Scale::of(("modes, mean over the grid", "격자 전체의 평균 모드 수")))
        .titled(("mean over the whole grid", "격자 전체의 평균"))
        .with(Words::NONE, Hue::Nth(1), Shape::Bars(of(|grid| mean(&grid.0)), 0.7));
    Figure::row(("How wide the good region is", "잘되는 영역의 넓이"), vec![good, average])
}

fn checks(found: &mut Findings, grids: &[Grid]) {
    let plain = &grids[0];
    let share = plain.n_good() / plain.0.len() as f64;
    found.fact("good-plain", plain.n_good(), 2);
    found.fact("good-r1", grids[1].n_good(), 2);
    let claim = Words::new(
        "share of the grid in which the plain GAN holds 7 modes or more",
        "보통의 GAN이 모드 7개 이상을 잡은 칸의 비율",
    );
    found.check(Check::new("good-share", claim, share, Wanted::AtMost(0.6)).digits(2));
    let claim = Words::new(
        "modes between the best and the worst cell of the plain GAN",
        "보통의 GAN에서 가장 좋은 칸과 가장 나쁜 칸의 차이 (모드 수)",
    );
    found.check(Check::new("spread", claim, plain.best() - plain.worst(), Wanted::AtLeast(6.0)));
    let claim = Words::new("good cells gained by the better remedy", "더 나은 처방이 늘린 좋은 칸의 수");
    let gain = grids[1].n_good().max(grids[2].n_good()) - plain.n_good();
    found.check(Check::new("wider", claim, gain, Wanted::AtLeast(1.0)));
    let claim = Words::new(
        "modes that momentum 0.9 loses against none, mean over learning rates",
        "모멘텀 0.9가 모멘텀 없음보다 잃은 모드 수 (학습률 평균)",
    );
    found.check(Check::new("momentum-hurts", claim, plain.row(0) - plain.row(2), Wanted::AtLeast(0.3)));
    let wins = |a: usize, b: usize| {
        let pairs = grids[a].0.iter().zip(&grids[b].0);
        pairs.filter(|(a, b)| a > b).count() as f64
    };
    let (won, lost) = (wins(2, 0), wins(0, 2));
    found.fact("spectral-wins", won, 2);
    found.fact("spectral-loses", lost, 2);
    let claim = Words::new(
        "cells in which spectral normalisation beats the plain GAN, or the other way round: the fewer",
        "스펙트럴 정규화가 보통의 GAN을 이긴 칸과 진 칸의 수: 더 적은 쪽",
    );
    found.check(Check::new("either-wins-somewhere", claim, won.min(lost), Wanted::AtLeast(1.0)));
}
