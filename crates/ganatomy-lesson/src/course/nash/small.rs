//! Equilibria that can be computed by hand: xy, and the Dirac GAN with and without a remedy.

use ganatomy_record::RunSpec;
use ganatomy_train::look::eigenvalues;
use ganatomy_train::small::SmallPlan;
use ganatomy_view::figure::{Chart, Figure, Hue, Scale, Shape, sampled};

use crate::stats::largest;
use crate::{Check, Findings, LessonError, Wanted, Words};

/// `f'(0)` of the minimax loss.
const SLOPE: f64 = 0.5;
const XY: &str = "game = { kind = \"bilinear\" }\n";

fn plan(spec: &str) -> Result<SmallPlan, LessonError> {
    Ok(SmallPlan::new(&RunSpec::parse(spec, "the lesson")?)?)
}

fn dirac(remedy: &str, gamma: f64) -> String {
    let remedies = if gamma > 0.0 {
        format!("remedies = {{ {remedy} = {{ gamma = {gamma} }} }}\n")
    } else {
        String::new()
    };
    format!("game = {{ kind = \"dirac\" }}\nloss = {{ kind = \"minimax\" }}\n{remedies}")
}

/// Eigenvalues of the motion, `-H`, at the equilibrium; the one with the largest real and then imaginary part last.
fn motion(spec: &str) -> Result<Vec<[f64; 2]>, LessonError> {
    let rows = plan(spec)?.jacobian(&[0.0, 0.0])?;
    let minus: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|x| -x).collect()).collect();
    eigenvalues(&minus).map_err(|error| LessonError::Other(error.to_string()))
}

pub(super) fn small(found: &mut Findings) -> Result<(), LessonError> {
    let xy = motion(XY)?;
    let theory = || Words::new("theory", "이론");
    let off = largest(xy.iter().map(|[re, im]| re.abs().max((im.abs() - 1.0).abs())));
    let claim = Words::new(
        "xy: eigenvalues of the motion are ±i: largest error",
        "xy: 운동의 고윳값은 ±i: 가장 큰 오차",
    );
    found.check(Check::new("xy", claim, off, Wanted::AtMost(1e-9)).from(theory()).digits(2));
    damping(found)?;
    angles(found)
}

/// Eigenvalues of the Dirac GAN over the weight of a remedy, measured and as theory has them.
fn damping(found: &mut Findings) -> Result<(), LessonError> {
    let gammas: Vec<f64> = (0..=20).map(|i| 0.1 * f64::from(i)).collect();
    let mut dots: [[Vec<[f64; 2]>; 2]; 2] = Default::default();
    let mut worst = [0.0f64; 2];
    for gamma in &gammas {
        for (k, remedy) in ["r1", "consensus-penalty"].into_iter().enumerate() {
            for [re, im] in motion(&dirac(remedy, *gamma))? {
                let error = expected(k, *gamma).map(|[r, i]| (r - re).hypot(i - im)).into_iter();
                worst[k] = worst[k].max(error.fold(f64::INFINITY, f64::min));
                dots[k][0].push([*gamma, re]);
                dots[k][1].push([*gamma, im]);
            }
        }
    }
    for (k, name, en, ko) in [
        (
            0,
            "dirac-r1",
            "Dirac GAN with R1: largest error of an eigenvalue over γ",
            "R1을 더한 Dirac GAN: γ 전체에서 고윳값의 가장 큰 오차",
        ),
        (
            1,
            "dirac-consensus",
            "the same with the consensus penalty, −γ/4 ± i/2",
            "합의 벌점을 더했을 때, −γ/4 ± i/2와의 오차",
        ),
    ] {
        let check = Check::new(name, Words::new(en, ko), worst[k], Wanted::AtMost(1e-6)).digits(2);
        found.check(if k == 0 {
            check.from("Mescheder et al. 2018")
        } else {
            check.from(("theory", "이론"))
        });
    }
    found.figure("damping", damped(dots));
    Ok(())
}

/// Real and imaginary parts over the weight: of each remedy, and as theory has them.
fn damped(dots: [[Vec<[f64; 2]>; 2]; 2]) -> Figure {
    let chart = |part: usize, title: (&'static str, &'static str), dots: [Vec<[f64; 2]>; 2]| {
        let [r1, consensus] = dots;
        let theory =
            |k: usize, which: usize| Shape::Dashes(sampled(0.0, 2.0, 201, |g| expected(k, g)[which][part]));
        Chart::new(Scale::of(("weight γ of the remedy", "처방의 세기 γ")), Scale::of(title))
            .with("R1", Hue::Nth(0), Shape::Dots(r1, 3.0))
            .with(("consensus penalty", "합의 벌점"), Hue::Nth(1), Shape::Dots(consensus, 4.0))
            .with(("theory", "이론"), Hue::Theory, theory(0, 0))
            .with(Words::NONE, Hue::Theory, theory(0, 1))
            .with(Words::NONE, Hue::Theory, theory(1, 0))
            .with(Words::NONE, Hue::Theory, theory(1, 1))
    };
    let [[r1_re, r1_im], [consensus_re, consensus_im]] = dots;
    Figure::row(
        (
            "The Dirac GAN at its equilibrium: eigenvalues of the motion",
            "균형점에서 본 Dirac GAN: 운동의 고윳값",
        ),
        vec![
            chart(0, ("real part: attraction below 0", "실수부: 0 아래면 끌어당김"), [r1_re, consensus_re]),
            chart(1, ("imaginary part: rotation", "허수부: 회전"), [r1_im, consensus_im]),
        ],
    )
}

/// Theory: R1 gives `-gamma/2 +- sqrt(gamma^2/4 - f'(0)^2)`; the consensus penalty `-gamma f'(0)^2 +- i f'(0)`.
fn expected(remedy: usize, gamma: f64) -> [[f64; 2]; 2] {
    if remedy == 1 {
        let re = -gamma * SLOPE * SLOPE;
        return [[re, SLOPE], [re, -SLOPE]];
    }
    let (re, inside) = (-gamma / 2.0, gamma * gamma / 4.0 - SLOPE * SLOPE);
    let root = inside.abs().sqrt();
    if inside >= 0.0 { [[re + root, 0.0], [re - root, 0.0]] } else { [[re, root], [re, -root]] }
}

/// Path angles whose cause is known: along a line from afar to a point close by the equilibrium.
fn angles(found: &mut Findings) -> Result<(), LessonError> {
    const FROM: [f64; 2] = [1.0, 1.0];
    const TO: [f64; 2] = [0.03, -0.03];
    let shares: Vec<f64> = (0..=150).map(|i| 0.01 * f64::from(i)).collect();
    let points: Vec<Vec<f64>> =
        shares.iter().map(|s| (0..2).map(|i| FROM[i] + s * (TO[i] - FROM[i])).collect()).collect();
    let way = [TO[0] - FROM[0], TO[1] - FROM[1]];
    let mut chart = Chart::new(
        Scale::of(("share of the way", "길에서의 위치")),
        Scale::of(("cosine of the path angle", "경로각의 코사인")).within(-1.1, 1.1),
    );
    for (i, (name, spec)) in [
        (Words::new("xy: rotation alone", "xy: 회전만"), XY.to_owned()),
        (Words::new("Dirac, R1 γ = 0.5: both", "Dirac, R1 γ = 0.5: 둘 다"), dirac("r1", 0.5)),
        (Words::new("Dirac, R1 γ = 4: attraction", "Dirac, R1 γ = 4: 끌어당김"), dirac("r1", 4.0)),
    ]
    .into_iter()
    .enumerate()
    {
        let ways = plan(&spec)?.directions(&points)?;
        let cosine =
            |v: &Vec<f64>| (v[0] * way[0] + v[1] * way[1]) / (v[0].hypot(v[1]) * way[0].hypot(way[1]));
        let line = shares.iter().zip(&ways).map(|(s, v)| [*s, cosine(v)]).collect();
        chart = chart.with(name, Hue::Nth(i), Shape::Line(line));
    }
    chart = chart.with(("the end", "도착점"), Hue::Theory, Shape::Dashes(vec![[1.0, -1.0], [1.0, 1.0]]));
    let title = Words::new(
        "Path angle towards a point beside the equilibrium: three games whose answer is known",
        "균형점 바로 옆을 향한 경로각: 답을 아는 세 게임",
    );
    found.figure("known-angles", Figure::one(title, chart));
    Ok(())
}
