//! Are GANs created equal? A small study: four losses, the same search for each, and then new seeds.

use ganatomy_study::answer::Answer;
use ganatomy_study::{Results, State};
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};

use crate::stats::{largest, least, mean};
use crate::studied::medians;
use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words};

pub(super) const LESSON: Lesson = Lesson {
    name: "created-equal",
    title: Words::new("Are GANs created equal?", "GAN은 모두 평등한가?"),
    question: Words::new(
        "Papers compare losses by the best run of one. With the same search for every loss and enough seeds, which is best?",
        "논문은 손실 함수마다 가장 잘된 실행 하나로 비교합니다. 모든 손실 함수를 똑같이 탐색하고 시드를 충분히 쓰면 어느 것이 가장 나을까요?",
    ),
    text: Words::new(ENGLISH, KOREAN),
    answer,
};

const ENGLISH: &str = r"
Lucic et al. (2018) asked what is left of the differences between GANs when each gets the same budget for its search and is then run with many seeds. Here is their question
in small, put to `ganatomy study`: four losses, {{n-settings}} settings of learning rate and momentum for each, and {{gradients}} gradients for every run, so that a loss whose D moves five
times a step gets fewer steps. The data are eight Gaussians. The score is the KL divergence between the mode that a sample belongs to and that of the data, bad samples counted
as a mode of their own: 0 is best.

**One setting for all decides who wins.** Below, each column is one setting, the same for all losses:

![](settings)

{{n-winners}} of the 4 losses win somewhere: LSGAN wins {{wins-lsgan}} of the {{n-settings}} settings, the minimax loss {{wins-mm-gan}}, the non-saturating one {{wins-ns-gan}} and WGAN-GP {{wins-wgan-gp}}.
A paper that compares at one setting may report any of them. Within one loss the best and the worst setting lie {{within}} apart, on average over the losses.

**The same search for each, then new seeds.** Now each loss takes its own best setting and runs with {{n-seeds}} seeds that chose nothing. Dots are medians, bars are 95 % intervals:

![](answer)

Between the best and the worst of the four medians lie {{between}}. Of the 6 pairs, {{told-apart}} are told apart (rank sum tests, Holm's correction for all pairs), and {{not-told}} are not. That does not show
that they are equal: it shows that {{n-seeds}} runs of each cannot tell.

**How lucky was the search?** Best scores of a search are its luckiest. What fewer tries would have found, on average:

![](tries)

From one try to {{n-half}} the expected best falls by {{gain}}, on average over the losses; between the medians of the losses above lie {{between}}.

So before a loss is said to be better: the same number of tries for each, seeds that chose nothing, intervals, and the budget named. `ganatomy study init` writes the file of such a study, and
`studies/created-equal.toml` is this one with images, at three sizes. What was found here holds for these data, networks and this budget, and for nothing else.
";

const KOREAN: &str = r"
Lucic 등(2018)은 모든 GAN에 같은 탐색 예산을 주고 시드를 많이 써서 실행하면 그 차이가 얼마나 남는지 물었습니다. 그 물음을 작게 만들어 `ganatomy study`에 던져 봅니다. 손실 함수는 네 가지, 학습률과 모멘텀의 설정은
손실 함수마다 {{n-settings}}가지, 예산은 실행마다 기울기 {{gradients}}번입니다. 그래서 한 걸음에 판별자가 다섯 번 움직이는 손실 함수는 걸음 수가 더 적습니다. 데이터는 가우스 분포 여덟 개입니다. 점수는 샘플이 속한 모드의
분포와 데이터의 모드 분포 사이의 KL 발산이며, 나쁜 샘플은 따로 한 모드로 셉니다. 0이 가장 좋습니다.

**같은 설정 하나로 비교하면 그 설정이 승자를 정합니다.** 아래에서 가로의 한 자리는 모든 손실 함수에 똑같은 설정 하나입니다.

![](settings)

손실 함수 4가지 가운데 {{n-winners}}가지가 어디선가 이깁니다. {{n-settings}}가지 설정 중 LSGAN이 {{wins-lsgan}}번, 미니맥스가 {{wins-mm-gan}}번, 비포화가 {{wins-ns-gan}}번, WGAN-GP가 {{wins-wgan-gp}}번 이겼습니다.
설정 하나에서 비교하는 논문은 이 중 어느 것이든 가장 낫다고 할 수 있습니다. 한 손실 함수 안에서 가장 좋은 설정과 가장 나쁜 설정의 차이는 평균 {{within}}입니다.

**똑같이 탐색하고, 새 시드로 실행합니다.** 이제 손실 함수마다 자신의 가장 좋은 설정을 골라, 선택에 쓰이지 않은 시드 {{n-seeds}}개로 실행합니다. 점은 중앙값, 막대는 95 % 구간입니다.

![](answer)

네 중앙값 가운데 가장 좋은 것과 가장 나쁜 것의 차이는 {{between}}입니다. 6쌍 중 {{told-apart}}쌍은 구별되고(순위합 검정, 모든 쌍에 대한 Holm 보정) {{not-told}}쌍은 구별되지 않습니다. 같다는 뜻이 아니라,
{{n-seeds}}번씩 실행해서는 알 수 없다는 뜻입니다.

**탐색은 얼마나 운이 좋았을까요?** 탐색의 최고 점수는 가장 운이 좋았던 점수입니다. 더 적게 시도했다면 평균적으로 찾았을 점수는 이렇습니다.

![](tries)

한 번에서 {{n-half}}번으로 시도를 늘리면 기대되는 최고 점수가 평균 {{gain}}만큼 낮아집니다. 위에서 본 손실 함수들의 중앙값 차이는 {{between}}이었습니다.

그러므로 어떤 손실 함수가 낫다고 말하려면 시도 횟수를 같게 하고, 선택에 쓰이지 않은 시드로 실행하고, 구간을 보이고, 예산을 밝혀야 합니다. `ganatomy study init`은 그런 연구의 파일을 써 주고,
`studies/created-equal.toml`은 이미지에 대한 같은 연구로 크기가 세 가지입니다. 여기서 알아낸 것은 이 데이터와 신경망, 이 예산에서만 성립합니다.
";

const BASE: &str = include_str!("../../../../docs/results/toy.toml");
const STUDY: &str = include_str!("created_equal.toml");
const LRS: [f64; 4] = [3e-4, 1e-3, 3e-3, 1e-2];
const BETAS: [f64; 3] = [0.0, 0.5, 0.9];
/// The stage of the search, and the one with new seeds.
const SEARCH: usize = 0;

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (gradients, n_seeds) = bench.pick((2000, 5), (20_000, 15));
    let seeds = bench.seeds(n_seeds + 1);
    let file = STUDY
        .replace("GRADIENTS", &gradients.to_string())
        .replace("LRS", &format!("{LRS:?}"))
        .replace("BETAS", &format!("{BETAS:?}"))
        .replace("SEEDS", &format!("{:?}", &seeds[1..]))
        .replace("SEED", &seeds[0].to_string());
    let (results, answer) = bench.study("a study", &file, ("toy.toml", BASE))?;
    let mut found = Findings::new();
    found.fact("n-settings", (LRS.len() * BETAS.len()) as f64, 2);
    found.fact("gradients", f64::from(gradients), 6);
    found.fact("n-seeds", n_seeds as f64, 2);
    let table = searched(&results);
    found.figure("settings", settings(&results.arms, &table));
    let x = ("loss, at its own best setting", "손실 함수 (각자 가장 좋은 설정)");
    found.figure(
        "answer",
        medians(&answer, ("New seeds: lower is better", "새 시드: 낮을수록 좋다"), x, SCORE),
    );
    found.figure("tries", tries(&answer));
    winners(&mut found, &results.arms, &table);
    compared(&mut found, &answer, &table);
    Ok(found)
}

/// The scores of the search: one row an arm, one column a setting. A run without a score has none.
fn searched(results: &Results) -> Vec<Vec<f64>> {
    let mut table = vec![vec![f64::NAN; LRS.len() * BETAS.len()]; results.arms.len()];
    for run in results.runs.iter().filter(|run| run.state == State::Done) {
        let config = &results.configs[run.config];
        if config.stage == SEARCH {
            table[config.arm][config.number as usize] = run.score.unwrap_or(f64::NAN);
        }
    }
    table
}

/// How often each arm is the best at a setting, and how far settings lie apart.
fn winners(found: &mut Findings, arms: &[String], table: &[Vec<f64>]) {
    let mut wins = vec![0.0; arms.len()];
    for setting in 0..table[0].len() {
        let scores = table.iter().enumerate().map(|(arm, row)| (arm, row[setting]));
        let finite = scores.filter(|(_, score)| score.is_finite());
        if let Some((arm, _)) = finite.min_by(|a, b| a.1.total_cmp(&b.1)) {
            wins[arm] += 1.0;
        }
    }
    for (arm, wins) in arms.iter().zip(&wins) {
        found.fact(format!("wins-{arm}"), *wins, 2);
    }
    let n_winners = wins.iter().filter(|wins| **wins > 0.0).count() as f64;
    found.fact("n-winners", n_winners, 2);
    let claim =
        Words::new("losses that are the best at some setting", "어떤 설정에서든 가장 좋은 손실 함수의 수");
    found.check(Check::new("any-may-win", claim, n_winners, Wanted::AtLeast(2.0)));
}

/// What settings, losses and tries do.
fn compared(found: &mut Findings, answer: &Answer, table: &[Vec<f64>]) {
    let finite = |row: &[f64]| row.iter().copied().filter(|score| score.is_finite()).collect::<Vec<_>>();
    let spread = |scores: &[f64]| largest(scores.iter().copied()) - least(scores.iter().copied());
    let within = mean(&table.iter().map(|row| spread(&finite(row))).collect::<Vec<_>>());
    let medians: Vec<f64> = answer.arms.iter().filter_map(|arm| Some(arm.median.as_ref()?.value)).collect();
    let between = spread(&medians);
    let told_apart = answer.pairs.iter().filter(|pair| pair.different).count() as f64;
    let not_told = answer.pairs.len() as f64 - told_apart;
    let searches = answer.searches.iter().filter(|search| search.stage == SEARCH);
    let gains: Vec<f64> = searches
        .clone()
        .filter_map(|search| Some(search.expected.first()?.mean - search.expected.last()?.mean))
        .collect();
    let n_half = searches.filter_map(|search| Some(search.expected.last()?.tried)).max().unwrap_or(0);
    for (name, value) in [
        ("within", within),
        ("between", between),
        ("told-apart", told_apart),
        ("not-told", not_told),
        ("gain", mean(&gains)),
        ("n-half", n_half as f64),
    ] {
        found.fact(name, value, 2);
    }
    let claim = Words::new(
        "the settings of one loss lie this many times as far apart as the medians of the losses after their searches",
        "한 손실 함수의 설정들 사이의 차이가 탐색 뒤 손실 함수들의 중앙값 차이의 몇 배인가",
    );
    found.check(Check::new("settings-matter", claim, within / between, Wanted::AtLeast(1.0)).digits(2));
    let claim =
        Words::new("pairs of losses that are not told apart, of 6", "6쌍 중 구별되지 않는 손실 함수의 쌍");
    found.check(
        Check::new("not-told-apart", claim, not_told, Wanted::AtLeast(1.0))
            .from(("Lucic et al. 2018, section 5", "Lucic 등 2018, 5절")),
    );
}

/// The scores of all arms at every setting, settings in the order of their learning rates.
fn settings(arms: &[String], table: &[Vec<f64>]) -> Figure {
    let names = (0..table[0].len()).map(|i| {
        let (lr, beta) = (LRS[i % LRS.len()], BETAS[i / LRS.len()]);
        Words::both(format!("{lr:e}, {beta}"))
    });
    let x = Scale::names(("learning rate, momentum β₁", "학습률, 모멘텀 β₁"), names);
    let mut chart = Chart::new(x, Scale::of(SCORE));
    for (arm, row) in table.iter().enumerate() {
        let points = row.iter().enumerate().map(|(i, score)| [i as f64, *score]).collect();
        chart = chart.with(arms[arm].clone(), Hue::Nth(arm), Shape::Dots(points, 5.0));
    }
    Figure::one(("One run at each setting: lower is better", "설정마다 한 번 실행: 낮을수록 좋다"), chart)
}

const SCORE: (&str, &str) = ("KL to the modes of the data, nats", "데이터의 모드에 대한 KL, nat");

/// The expected best score against the number of tries, up to half of those that were made.
fn tries(answer: &Answer) -> Figure {
    let mut chart = Chart::new(Scale::of(("settings tried", "시도한 설정의 수")), Scale::of(SCORE));
    for search in answer.searches.iter().filter(|search| search.stage == SEARCH) {
        let line = search.expected.iter().map(|expected| [expected.tried as f64, expected.mean]).collect();
        let name = answer.arms[search.arm].name.clone();
        chart = chart.with(name, Hue::Nth(search.arm), Shape::Line(line));
    }
    Figure::one(("The best of fewer tries, on average", "더 적은 시도의 최고 점수, 평균"), chart)
}
