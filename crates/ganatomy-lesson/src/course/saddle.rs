//! The saddle `min_y max_x xy`: every way of moving in it, beside its closed form.

use ganatomy_record::RunSpec;
use ganatomy_train::small::{Path, SmallPlan};
use ganatomy_view::figure::{Chart, Colours, Figure, Heat, Hue, Scale, Shape};
use ganatomy_view::page::Table;
use ganatomy_view::{Path as Route, Trajectories, trajectories_film};

use crate::stats::largest;
use crate::{Bench, Check, Findings, Lesson, LessonError, Wanted, Words, number};

pub(super) const LESSON: Lesson = Lesson {
    name: "saddle",
    title: Words::new("The saddle xy: why the players circle", "안장점 xy: 두 참가자는 왜 맴도는가"),
    question: Words::new(
        "Two players, one number each. Why does plain gradient descent never settle, and what makes it settle?",
        "참가자 둘이 숫자를 하나씩 쥐고 있습니다. 경사하강법은 왜 멈추지 못하며, 무엇이 멈추게 할까요?",
    ),
    text: Words::new(ENGLISH, KOREAN),
    answer,
};

const ENGLISH: &str = r"
Player A chooses $x$ and wants $V = xy$ to be large; player B chooses $y$ and wants it to be small:
$$\min_y \max_x \; xy.$$
Only at $(0, 0)$ can neither gain by moving alone: that is the **Nash equilibrium**. It sits on a saddle, where the surface
rises along one direction and falls along another.

![](surface)

Each player follows its own gradient: A moves along $\partial V / \partial x = y$, B along $-\partial V / \partial y = -x$. The
arrow at every point is therefore perpendicular to the way home. In continuous time the players circle for ever at a constant
distance, with period $2\pi$. A computer takes steps of a **learning rate** $\eta$, and then it matters who moves when.

![](paths)

**Simultaneous** steps leave along the tangent of the circle, so every step multiplies the distance by
$$\rho = \sqrt{1 + \eta^2} \approx {{theory-simultaneous}} \quad (\eta = {{lr}}).$$
Measured: {{factor-simultaneous}}. It spirals out, and never returns. **Alternating** steps, in which the second player already sees
the first one's move, cycle: they conserve $x^2 + \eta xy + y^2$ exactly (over {{steps}} steps it drifted by
{{alternating-drift}}). Methods that look ahead (**extragradient**), remember (**optimistic**) or want small gradients (**consensus**) turn the arrow a
little inwards, and spiral in.

![](distances)

Every scheme below was played by the same code that trains networks, in double precision. Theory's factor comes from the
eigenvalues of the step's linear map.

![](factors)

**Larger steps swing wider.** The factor of simultaneous steps grows with $\eta$, and extragradient steps have a best learning
rate, $\eta = 1/\sqrt 2 \approx 0.707$, beyond which they lose their pull; at $\eta = 1$ nothing is left of it.

![](rates)

![](film)

A real GAN is not $xy$, but near an equilibrium its game looks like this in the directions in which the players only chase each other.
The next lesson measures that part of a real game: the imaginary parts of its eigenvalues.
";

const KOREAN: &str = r"
참가자 A는 $x$를 골라 $V = xy$를 크게 만들려 하고, 참가자 B는 $y$를 골라 작게 만들려 합니다:
$$\min_y \max_x \; xy.$$
혼자 움직여서는 누구도 이득을 볼 수 없는 점은 $(0, 0)$뿐이며, 이것이 **내시 균형**입니다. 이 점은 한쪽으로는 올라가고 다른
쪽으로는 내려가는 곡면의 **안장점** 위에 있습니다.

![](surface)

각 참가자는 자기 기울기(그래디언트)를 따릅니다. A는 $\partial V / \partial x = y$ 방향으로, B는 $-\partial V / \partial y = -x$
방향으로 움직입니다. 따라서 모든 점에서 화살표는 균형점으로 가는 방향과 수직입니다. 연속 시간에서는 두 참가자가 일정한 거리를 두고
주기 $2\pi$로 영원히 돕니다. 컴퓨터는 **학습률** $\eta$만큼씩 걸음을 옮기므로, 누가 언제 움직이는지가 중요해집니다.

![](paths)

**동시 갱신**은 원의 접선 방향으로 벗어나므로 한 걸음마다 거리가 다음 배수만큼 커집니다.
$$\rho = \sqrt{1 + \eta^2} \approx {{theory-simultaneous}} \quad (\eta = {{lr}}).$$
측정값은 {{factor-simultaneous}}입니다. 나선을 그리며 바깥으로 나가서 돌아오지 않습니다. 첫 번째 참가자가 움직인 결과를 본 뒤에 두 번째 참가자가
움직이는 **교대 갱신**은 같은 궤도를 돕니다. 이때 $x^2 + \eta xy + y^2$가 정확히 보존됩니다({{steps}}걸음 동안의 변화는 {{alternating-drift}}). 앞을 내다보거나(**extragradient**),
지난 기울기를 기억하거나(**optimistic**), 기울기를 작게 만들려는(**consensus**) 방법은 화살표를 조금 안쪽으로 돌려 균형점으로 감겨 들어갑니다.

![](distances)

아래의 모든 방법은 신경망을 학습시키는 바로 그 코드로, 배정밀도로 실행했습니다. 이론값은 한 걸음을 나타내는 선형 사상의 고윳값에서
나옵니다.

![](factors)

**걸음이 클수록 더 크게 흔들립니다.** 동시 갱신의 배수는 $\eta$와 함께 커집니다. Extragradient에는 가장 좋은 학습률
$\eta = 1/\sqrt 2 \approx 0.707$이 있고, 이를 넘으면 당기는 힘이 줄어 $\eta = 1$에서는 사라집니다.

![](rates)

![](film)

실제 GAN은 $xy$가 아니지만, 균형점 근처에서 두 참가자가 서로 쫓기만 하는 방향으로는 이와 같은 모습입니다. 다음 과에서는 실제 게임에서 그
성분, 곧 고윳값의 허수부를 직접 재어 봅니다.
";

const LR: f64 = 0.1;

/// Schemes in the order of the legend, each as it is written in a spec.
const SCHEMES: [(&str, &str); 10] = [
    ("simultaneous", "kind = \"simultaneous\""),
    ("alternating", "kind = \"alternating\""),
    ("extragradient", "kind = \"extragradient\""),
    ("optimistic", "kind = \"optimistic\""),
    ("consensus", "kind = \"consensus\"\ngamma = 1.0"),
    ("competitive", "kind = \"competitive\""),
    ("past-extragradient", "kind = \"past-extragradient\""),
    ("symplectic", "kind = \"symplectic\""),
    ("lola", "kind = \"lola\""),
    ("unrolled, k = 5", "kind = \"unrolled\"\nk = 5"),
];
/// As many are drawn as paths; more would hide each other.
const N_DRAWN: usize = 5;

struct Played {
    name: &'static str,
    path: Path,
    theory: Option<f64>,
}

fn play(name: &'static str, scheme: &str, lr: f64, steps: u64) -> Result<Played, LessonError> {
    let spec = format!(
        "steps = {steps}\n[game]\nkind = \"bilinear\"\n[update]\nkind = \"sgd\"\nlr = {lr}\n[scheme]\n{scheme}\n"
    );
    let plan = SmallPlan::new(&RunSpec::parse(&spec, "the lesson")?)?;
    Ok(Played { name, theory: plan.theory(), path: plan.play(None)? })
}

fn answer(bench: &Bench<'_>) -> Result<Findings, LessonError> {
    let steps = bench.pick(600, 20_000);
    let plays = SCHEMES
        .iter()
        .map(|(name, scheme)| play(name, scheme, LR, steps))
        .collect::<Result<Vec<Played>, _>>()?;
    let mut found = Findings::new();
    found.fact("lr", LR, 2);
    found.fact("steps", steps as f64, 6);
    for played in &plays {
        compare(&mut found, played);
    }
    conserved(&mut found, &plays[1].path);
    found.figure("surface", surface());
    found.figure("paths", paths(&plays[..N_DRAWN]));
    found.figure("distances", distances(&plays[..N_DRAWN]));
    found.table("factors", factors(&plays));
    rates(&mut found)?;
    found.film("film", ("The same, growing", "시간에 따른 경로"), film(&plays[..N_DRAWN])?);
    Ok(found)
}

/// The measured factor of a scheme beside theory's.
fn compare(found: &mut Findings, played: &Played) {
    let measured = played.path.rate().unwrap_or(f64::NAN);
    let name = played.name.split(',').next().unwrap_or(played.name);
    let Some(theory) = played.theory else { return };
    found.fact(format!("theory-{name}"), theory, 7);
    let claim = Words::of(
        format!("{}: factor of the distance a step", played.name),
        format!("{}: 한 걸음에 거리가 변하는 배수", played.name),
    );
    let wanted = Wanted::Near { value: theory, within: 1e-6 };
    found.check(
        Check::new(format!("factor-{name}"), claim, measured, wanted).from(("theory", "이론")).digits(9),
    );
}

/// Alternating steps keep `x^2 + lr xy + y^2`.
fn conserved(found: &mut Findings, path: &Path) {
    let kept = |p: &Vec<f64>| p[0] * p[0] + LR * p[0] * p[1] + p[1] * p[1];
    let first = path.points().first().map_or(f64::NAN, kept);
    let drift = largest(path.points().iter().map(|p| (kept(p) - first).abs()));
    let claim = Words::new(
        "alternating steps conserve x² + ηxy + y²: largest change",
        "교대 갱신은 x² + ηxy + y²를 보존한다: 가장 큰 변화",
    );
    let check = Check::new("alternating-drift", claim, drift, Wanted::AtMost(1e-10));
    found.check(check.from(("theory", "이론")).digits(2));
}

fn surface() -> Figure {
    let side: Vec<f64> = (0..41).map(|i| -2.0 + 0.1 * f64::from(i)).collect();
    let z = side.iter().flat_map(|y| side.iter().map(move |x| x * y)).collect();
    let heat = Heat {
        x: side.clone(),
        y: side,
        z,
        unit: "V = xy".into(),
        colours: Colours::Diverging,
        range: None,
        numbers: false,
    };
    let grid = || (-4..=4).map(|i| 0.45 * f64::from(i));
    let arrows = grid().flat_map(|y| grid().map(move |x| [x, y, 0.18 * y, -0.18 * x])).collect();
    let chart = Chart::new(axis("x", "A"), axis("y", "B"))
        .with(Words::NONE, Hue::Quiet, Shape::Heat(heat))
        .with(("where the players pull", "두 참가자가 당기는 방향"), Hue::Theory, Shape::Arrows(arrows))
        .with(("Nash equilibrium", "내시 균형"), Hue::Fake, Shape::Dots(vec![[0.0, 0.0]], 6.0))
        .squared();
    Figure::one(("The saddle V = xy, seen from above", "위에서 본 안장 곡면 V = xy"), chart)
}

fn axis(name: &str, player: &str) -> Scale {
    Scale::of(Words::of(format!("{name} (player {player})"), format!("{name} (참가자 {player})")))
        .within(-2.05, 2.05)
}

fn paths(plays: &[Played]) -> Figure {
    const SHOWN: usize = 180;
    let mut chart = Chart::new(axis("x", "A"), axis("y", "B")).squared();
    for (i, played) in plays.iter().enumerate() {
        let points = played.path.points().iter().take(SHOWN).map(|p| [p[0], p[1]]).collect();
        chart = chart.with(Words::both(played.name), Hue::Nth(i), Shape::Line(points));
    }
    chart = chart.with(("start", "출발점"), Hue::Theory, Shape::Dots(vec![[1.0, 1.0]], 5.0));
    let title =
        Words::of(format!("The first {SHOWN} steps at η = {LR}"), format!("η = {LR}일 때 처음 {SHOWN}걸음"));
    Figure::one(title, chart)
}

fn distances(plays: &[Played]) -> Figure {
    let distance = Scale::log(("distance to the equilibrium", "균형점까지의 거리")).within(0.01, 30.0);
    let mut chart = Chart::new(Scale::of(("step", "걸음")), distance);
    for (i, played) in plays.iter().enumerate() {
        let radii = played.path.radii();
        let points = radii.iter().enumerate().take(601).map(|(t, r)| [t as f64, *r]).collect();
        chart = chart.with(Words::both(played.name), Hue::Nth(i), Shape::Line(points));
    }
    // Theory is dashed and drawn over the measured line, so that both are seen.
    for played in plays {
        if let Some(theory) = played.theory {
            let start = played.path.radii()[0];
            let points = (0..=60).map(|k| [f64::from(10 * k), start * theory.powi(10 * k)]).collect();
            chart = chart.with(Words::NONE, Hue::Theory, Shape::Dashes(points));
        }
    }
    let title = Words::new(
        "Distance to the equilibrium; dashed: theory's ρ to the power of the step",
        "균형점까지의 거리 (점선: 이론값 ρ의 거듭제곱)",
    );
    Figure::one(title, chart)
}

fn factors(plays: &[Played]) -> Table {
    let row = |played: &Played| {
        let measured = played.path.rate().unwrap_or(f64::NAN);
        let outcome = match measured {
            rate if rate > 1.0 + 1e-9 => Words::new("spirals out", "바깥으로 발산"),
            rate if rate < 1.0 - 1e-9 => Words::new("spirals in", "안으로 수렴"),
            _ => Words::new("cycles", "같은 궤도를 순환"),
        };
        let theory = played.theory.map_or_else(|| "-".to_owned(), |theory| number(theory, 9));
        vec![Words::both(played.name), Words::both(number(measured, 9)), Words::both(theory), outcome]
    };
    Table {
        title: Words::of(
            format!("Factor of the distance a step, η = {LR}"),
            format!("한 걸음에 거리가 변하는 배수, η = {LR}"),
        ),
        head: vec![
            Words::new("scheme", "방법"),
            Words::new("measured", "측정값"),
            Words::new("theory", "이론값"),
            Words::new("outcome", "결과"),
        ],
        rows: plays.iter().map(row).collect(),
    }
}

/// The factor over the learning rate, measured and as theory has it.
fn rates(found: &mut Findings) -> Result<(), LessonError> {
    let drawn = [0, 1, 2, 3];
    let mut chart = Chart::new(
        Scale::of(("learning rate η", "학습률 η")).within(0.0, 1.05),
        Scale::of(("factor of the distance a step", "한 걸음의 배수")).within(0.6, 1.5),
    );
    let mut best = (f64::NAN, f64::INFINITY);
    for i in drawn {
        let (name, scheme) = SCHEMES[i];
        let mut points = Vec::new();
        for k in 1..=20 {
            let lr = 0.05 * f64::from(k);
            let rate = play(name, scheme, lr, 300)?.path.rate().unwrap_or(f64::NAN);
            points.push([lr, rate]);
            if name == "extragradient" && rate < best.1 {
                best = (lr, rate);
            }
        }
        chart = chart.with(Words::both(name), Hue::Nth(i), Shape::Line(points));
    }
    let level = vec![[0.0, 1.0], [1.05, 1.0]];
    chart = chart.with(("neither in nor out", "수렴과 발산의 경계"), Hue::Theory, Shape::Dashes(level));
    found.figure("rates", Figure::one(("Larger steps swing wider", "걸음이 클수록 더 크게 흔들린다"), chart));
    let claim = Words::new(
        "best learning rate of extragradient on this grid",
        "이 격자에서 extragradient의 최적 학습률",
    );
    let wanted = Wanted::Near { value: 0.5f64.sqrt(), within: 0.05 };
    found.check(Check::new("best-extragradient-lr", claim, best.0, wanted).from(("theory", "이론")));
    Ok(())
}

fn film(plays: &[Played]) -> Result<Vec<u8>, LessonError> {
    let points: Vec<Vec<[f64; 2]>> = plays
        .iter()
        .map(|played| played.path.points().iter().take(240).map(|p| [p[0], p[1]]).collect())
        .collect();
    let routes: Vec<Route<'_>> = plays
        .iter()
        .zip(&points)
        .map(|(played, points)| Route { name: played.name, points, theory: played.theory })
        .collect();
    let title = format!("min over y, max over x of xy: learning rate {LR}, 240 steps");
    Ok(trajectories_film(&Trajectories {
        title: &title,
        axes: ["x (player A)", "y (player B)"],
        paths: &routes,
        field: &|[x, y]| [y, -x],
        equilibrium: Some([0.0, 0.0]),
        extent: Some([-2.0, 2.0, -2.0, 2.0]),
    })?)
}
