//! Unrolled GANs: G learns against the D of k steps later.

use ganatomy_data::BatchKey;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape};

use crate::points::{cloud, points};
use crate::stats::{interval, mean};
use crate::{Bench, Check, Findings, Followed, Lesson, LessonError, Wanted, Words};

pub(super) const LESSON: Lesson = Lesson {
    name: "unrolled",
    title: Words::new("Unrolled GANs: looking k moves ahead", "언롤드 GAN: k수 앞을 내다보기"),
    question: Words::new(
        "A generator that only asks what fools D now runs from mode to mode. What if it asked what will fool D later?",
        "지금의 판별자를 속이는 데만 매달리는 생성자는 모드 사이를 뛰어다닙니다. 나중의 판별자까지 생각하면 어떻게 될까요?",
    ),
    text: Words::new(ENGLISH, KOREAN),
    answer,
};

const ENGLISH: &str = r"
In one step of a plain GAN, G moves to where the *present* D gives high scores. D answers, the high scores move elsewhere, and G
follows: a chase in which G puts all its mass where D happens to be wrong. Metz et al. (2017) let G minimise instead what it
would lose against the D of $k$ updates later,
$$f_k(\theta_G, \theta_D) = f\bigl(\theta_G, \theta_D^{(k)}(\theta_G, \theta_D)\bigr), \qquad
\theta_D^{(i+1)} = \theta_D^{(i)} + \eta \nabla_{\theta_D} f(\theta_G, \theta_D^{(i)}),$$
and differentiates through all $k$ updates, so that G feels how D *would* answer. Here the updates are Adam's, as they are in the training
itself, and the derivatives through them are exact. With $k \to \infty$, G would minimise the divergence itself.

Eight Gaussians on a ring; the minimax loss; a D of 64 rectifiers that learns three times as slowly as G, which is a set-up that
does not hold together by itself. Everything but $k$ is alike, {{n-seeds}} seeds each, {{steps}} steps:

![](samples)

![](modes)

After {{early}} steps the plain game ($k = 0$) holds {{early-0}} of 8 modes on average, $k = 1$ {{early-1}}, $k = 5$ {{early-5}}, $k = 10$
{{early-10}}. At the end, after {{steps}}, they hold {{modes-0}}, {{modes-1}}, {{modes-5}} and {{modes-10}}. The dots below are means
and the bars 95 % intervals over seeds: few seeds, so they are wide.

![](ends)

**What it costs.** Each unrolled update is one more gradient of D on the way there and its derivative on the way back: a step with
$k = 10$ does many times the work of a plain one (docs/costs.md has the measured factors). And G looks ahead along D's *own* learning rate: a slow D is not looked at far.

**What it does not show.** Metz's own figure (a plain GAN that never covers the ring, $k = 10$ that always does) depends on
the initial surface of D; others could not reproduce the plain GAN's failure, and with smooth activations both look fine. Here patience
closes the gap: over the 25,000 steps of the full budget (ten seeds) $k = 10$ had seven modes after 3,000 steps and the plain game after
7,000, and all four ended with 7.4 to 7.9. So did equal learning rates: 7.6 modes for $k = 0$ and 7.9 for $k = 10$ over 10,000 steps.
Unrolling spares an unbalanced game steps, not time; a balanced one does not need it.
";

const KOREAN: &str = r"
보통의 GAN에서 생성자는 한 걸음마다 *지금의* 판별자가 높은 점수를 주는 곳으로 움직입니다. 판별자가 대응하면 높은 점수는 다른 곳으로 옮겨 가고, 생성자는
다시 그곳을 쫓습니다. 이렇게 생성자는 판별자가 마침 틀린 곳에 모든 확률을 몰아넣습니다. Metz 등(2017)은 지금의 판별자가 아니라 판별자를 $k$번 더 갱신했을 때의
손실을 생성자가 최소화하게 했습니다.
$$f_k(\theta_G, \theta_D) = f\bigl(\theta_G, \theta_D^{(k)}(\theta_G, \theta_D)\bigr), \qquad
\theta_D^{(i+1)} = \theta_D^{(i)} + \eta \nabla_{\theta_D} f(\theta_G, \theta_D^{(i)})$$
그리고 $k$번의 갱신 전체를 미분하므로, 생성자는 판별자가 *어떻게 대응할지*를 느낍니다. 여기서는 실제 학습과 똑같은 Adam 갱신을 펼치며, 그 미분도
정확합니다. $k \to \infty$이면 생성자는 발산 자체를 최소화하게 됩니다.

원 위에 놓인 가우스 분포 여덟 개, 미니맥스 손실, 그리고 생성자보다 세 배 느리게 배우는 ReLU 64개짜리 판별자를 썼습니다. 그대로 두면 무너지기 쉬운
설정입니다. $k$만 바꾸고 나머지는 모두 같게 하여 시드 {{n-seeds}}개로 {{steps}}걸음씩 학습했습니다.

![](samples)

![](modes)

{{early}}걸음 뒤 보통의 게임($k = 0$)은 평균 8개 중 {{early-0}}개의 모드를 가졌고, $k = 1$은 {{early-1}}개, $k = 5$는 {{early-5}}개,
$k = 10$은 {{early-10}}개였습니다. {{steps}}걸음으로 학습이 끝났을 때는 차례로 {{modes-0}}개, {{modes-1}}개, {{modes-5}}개, {{modes-10}}개였습니다. 아래 점은 평균, 막대는 시드에 대한 95 % 신뢰구간입니다. 시드가 적어 구간이 넓습니다.

![](ends)

**비용.** 펼친 갱신 하나마다 판별자의 기울기를 한 번 더 구하고, 돌아오는 길에 그것을 다시 미분해야 합니다. $k = 10$인 한 걸음의 계산량은 보통
걸음의 여러 배입니다(잰 값은 docs/costs.md에 있습니다). 또한 생성자는 판별자 *자신의* 학습률만큼만 앞을 내다보므로, 느린 판별자라면 멀리 보지 못합니다.

**이 실험이 말해 주지 않는 것.** Metz의 그림(보통의 GAN은 끝내 원을 덮지 못하고 $k = 10$은 늘 덮는다)은 판별자의 초기 곡면에 좌우됩니다. 보통의 GAN이 실패하는
모습을 재현하지 못한 사람들도 있고, 매끄러운 활성화 함수를 쓰면 둘 다 잘됩니다. 여기서는 오래 기다리면 차이가 사라집니다. 전체 규모(25,000걸음, 시드 10개)에서
$k = 10$은 3,000걸음, 보통의 게임은 7,000걸음 만에 모드 일곱 개를 잡았고, 끝에서는 넷 모두 7.4~7.9개였습니다. 학습률을 같게 해도 그렇습니다(10,000걸음에서
$k = 0$은 7.6개, $k = 10$은 7.9개). 언롤링은 균형이 깨진 게임의 걸음 수를 줄여 주지만 시간까지 줄여 주지는 못하며, 균형 잡힌 게임에는 필요하지 않습니다.
";

/// The common ground of the comparisons.
const BASE: &str = include_str!("../../../../docs/results/toy.toml");
const UNBALANCED: &str = r#"
loss = { kind = "minimax" }
generator = { activation = "tanh", update = { kind = "adam", lr = 3e-3, beta1 = 0.5 } }
discriminator = { hidden = [64] }
probes = { gradients = { every_steps = 0 } }
"#;
/// The steps after which the arms are compared in either budget: later the plain game catches up.
const EARLY: u64 = 2500;
/// Unrolled updates of each arm.
const KS: [u64; 4] = [0, 1, 5, 10];
const N_SAMPLES: usize = 512;

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let (steps, n_seeds) = bench.pick((EARLY, 4), (25_000, 10));
    let mut specs = Vec::new();
    for k in KS {
        let scheme = if k == 0 { String::new() } else { format!("[scheme]\nkind = \"unrolled\"\nk = {k}\n") };
        for seed in bench.seeds(n_seeds) {
            specs.push(bench.spec(&[BASE, UNBALANCED, &format!("steps = {steps}\n"), &scheme], seed)?);
        }
    }
    let runs = bench.follow("unrolling", &specs, bench.pick(100, 500), N_SAMPLES)?;
    let arms: Vec<&[Followed]> = runs.chunks(n_seeds).collect();
    let mut real = vec![0.0; 2 * N_SAMPLES];
    let plan = bench.plan(&specs[0])?;
    plan.data().fill(BatchKey { seed: bench.seed, step: 0, draw: 9 }, &mut real, &mut vec![0; N_SAMPLES]);

    let mut found = Findings::new();
    found.fact("n-seeds", n_seeds as f64, 2);
    found.fact("steps", steps as f64, 5);
    found.fact("early", EARLY as f64, 5);
    found.figure("samples", samples(&arms, &points(&real)));
    found.figure("modes", modes(&arms));
    found.figure("ends", ends(&arms));
    checks(&mut found, &arms);
    found.shortened((
        "Metz et al.: 25,000 steps of batch 512, z of 256 dimensions; here batch 128 and z of 2.",
        "Metz 등은 배치 512로 25,000걸음, 256차원 z를 썼습니다. 여기서는 배치 128, 2차원 z입니다.",
    ));
    Ok(found)
}

fn finals(arm: &[Followed], name: &str) -> Vec<f64> {
    arm.iter().map(|run| run.last(name)).collect()
}

/// Modes after [`EARLY`] steps.
fn early(arm: &[Followed]) -> Vec<f64> {
    let by_then = |run: &Followed| {
        let series = run.series("samples/n_modes");
        series.iter().rfind(|[step, _]| *step <= EARLY as f64).map_or(f64::NAN, |[_, modes]| *modes)
    };
    arm.iter().map(by_then).collect()
}

fn checks(found: &mut Findings, arms: &[&[Followed]]) {
    let first: Vec<f64> = arms.iter().map(|arm| mean(&early(arm))).collect();
    let modes: Vec<f64> = arms.iter().map(|arm| mean(&finals(arm, "samples/n_modes"))).collect();
    for (i, k) in KS.iter().enumerate() {
        found.fact(format!("early-{k}"), first[i], 3);
        found.fact(format!("modes-{k}"), modes[i], 3);
    }
    let claim = Words::of(
        format!("modes gained by k = 10 over k = 0 after {EARLY} steps, means over seeds"),
        format!("{EARLY}걸음 뒤 k = 0 대비 k = 10의 모드 증가 (시드 평균)"),
    );
    found.check(Check::new("gain-10", claim, first[3] - first[0], Wanted::AtLeast(2.0)));
    let claim = Words::of(
        format!("modes gained by k = 5 over k = 0 after {EARLY} steps, means over seeds"),
        format!("{EARLY}걸음 뒤 k = 0 대비 k = 5의 모드 증가 (시드 평균)"),
    );
    found.check(Check::new("gain-5", claim, first[2] - first[0], Wanted::AtLeast(1.0)));
    let claim = Words::of(
        format!("mean modes at k = 0 after {EARLY} steps: the plain game has not covered the ring"),
        format!("{EARLY}걸음 뒤 k = 0의 평균 모드 수: 보통의 게임은 아직 원을 덮지 못했다"),
    );
    found.check(Check::new("plain", claim, first[0], Wanted::AtMost(6.0)));
    let claim = Words::new("mean modes at k = 10 at the end", "끝에서 k = 10의 평균 모드 수");
    let paper = Check::new("paper-10", claim, modes[3], Wanted::Near { value: 8.0, within: 0.5 });
    found.check(paper.published("Metz et al. 2017, fig. 2"));
    let claim = Words::new("mean modes at k = 5 at the end", "끝에서 k = 5의 평균 모드 수");
    let veegan = Check::new("paper-5", claim, modes[2], Wanted::Near { value: 7.6, within: 0.5 });
    found.check(veegan.published("Srivastava et al. 2017, table 1"));
}

fn title(k: u64) -> Words {
    Words::both(format!("k = {k}"))
}

fn samples(arms: &[&[Followed]], real: &[[f64; 2]]) -> Figure {
    let chart = |(k, arm): (&u64, &&[Followed])| {
        let last = arm.first().and_then(|run| run.moments.last());
        cloud(title(*k), real, &points(last.map_or(&[], |moment| &moment.samples)), 2.6)
    };
    let charts = KS.iter().zip(arms).map(chart).collect();
    Figure::row(("The end of the first seed", "첫 번째 시드의 마지막 모습"), charts)
}

fn modes(arms: &[&[Followed]]) -> Figure {
    let mut chart = Chart::new(
        Scale::of(("step", "걸음")),
        Scale::of(("modes captured, of 8", "잡은 모드 수 (8개 중)")).within(-0.2, 8.2),
    );
    for (i, (k, arm)) in KS.iter().zip(arms).enumerate() {
        let series: Vec<Vec<[f64; 2]>> = arm.iter().map(|run| run.series("samples/n_modes")).collect();
        let n = series.iter().map(Vec::len).min().unwrap_or(0);
        let at = |j: usize| [series[0][j][0], mean(&series.iter().map(|s| s[j][1]).collect::<Vec<_>>())];
        chart = chart.with(title(*k), Hue::Nth(i), Shape::Line((0..n).map(at).collect()));
    }
    Figure::one(("Modes captured, mean over seeds", "잡은 모드 수, 시드 평균"), chart)
}

fn ends(arms: &[&[Followed]]) -> Figure {
    let chart = |name: &str, axis: Scale| {
        let arms_of = arms.iter().enumerate();
        let whiskers = arms_of.clone().map(|(i, arm)| {
            let interval = interval(&finals(arm, name));
            [i as f64, interval.low, interval.mean, interval.high]
        });
        let dots =
            arms_of.flat_map(|(i, arm)| finals(arm, name).into_iter().map(move |y| [i as f64 + 0.18, y]));
        Chart::new(Scale::names(("unrolled updates", "펼친 갱신 수"), KS.map(|k| format!("k = {k}"))), axis)
            .with(
                ("mean, 95 % interval", "평균, 95 % 신뢰구간"),
                Hue::Nth(0),
                Shape::Whiskers(whiskers.collect()),
            )
            .with(("one seed", "시드 하나"), Hue::Nth(1), Shape::Dots(dots.collect(), 3.0))
    };
    let modes = chart("samples/n_modes", Scale::of(("modes captured, of 8", "잡은 모드 수 (8개 중)")));
    let kl = chart("samples/reverse_kl", Scale::of(("reverse KL (nats)", "역방향 KL (nat)")));
    Figure::row(
        ("Modes and reverse KL at the end", "마지막의 모드 수와 역방향 KL"),
        vec![modes.titled(("more is better", "클수록 좋음")), kl.titled(("less is better", "작을수록 좋음"))],
    )
}
