//! What the lesson on mode collapse claims.

use super::images::{Digits, FEW};
use super::ring::{Look, Watched};
use crate::stats::{largest, least};
use crate::{Findings, Wanted};

/// The least and the largest over seeds.
fn ends(greedy: &[Watched], of: impl Fn(&Watched) -> f64) -> [f64; 2] {
    let all: Vec<f64> = greedy.iter().map(of).collect();
    [least(all.iter().copied()), largest(all.iter().copied())]
}

/// Where the samples are, and how they move.
pub(super) fn crowding(found: &mut Findings, greedy: &[Watched], balanced: &Watched) {
    let lead = |watched: &Watched| watched.late_median(|look| look.share(look.leading()));
    let spread = |watched: &Watched| watched.late_median(Look::spread);
    let claims = [
        (
            "lead",
            "greedy G: share of samples at the leading mode, least over seeds",
            "욕심 많은 생성자: 앞선 모드의 표본 비율 (시드 중 최소)",
            ends(greedy, lead)[0],
            Wanted::AtLeast(0.9),
        ),
        (
            "balanced-lead",
            "balanced game: the same",
            "균형 잡힌 게임: 같은 값",
            lead(balanced),
            Wanted::AtMost(0.4),
        ),
        (
            "changes",
            "greedy G: share of looks at which another mode leads than at the last",
            "욕심 많은 생성자: 앞선 모드가 지난번과 달라진 비율",
            ends(greedy, Watched::changes)[0],
            Wanted::AtLeast(0.5),
        ),
        (
            "visited",
            "modes that led at some time in the second half, of 8",
            "후반에 한 번이라도 앞선 모드 수 (8개 중)",
            ends(greedy, Watched::visited)[0],
            Wanted::AtLeast(6.0),
        ),
        (
            "spread",
            "greedy G: median spread of the samples, largest over seeds",
            "욕심 많은 생성자: 표본이 퍼진 정도의 중앙값 (시드 중 최대)",
            ends(greedy, spread)[1],
            Wanted::AtMost(0.2),
        ),
        (
            "balanced-spread",
            "balanced game: the same",
            "균형 잡힌 게임: 같은 값",
            spread(balanced),
            Wanted::AtLeast(1.5),
        ),
    ];
    found.claims(3, &claims);
    share_facts(found, &["lead", "balanced-lead", "changes"]);
    found.share("moved", ends(greedy, Watched::moved)[0]);
    found.share("balanced-moved", balanced.moved());
    found.fact("modes", greedy[0].late_median(|look| look.n_modes), 2);
    found.fact("balanced-modes", balanced.late_median(|look| look.n_modes), 2);
}

/// How high the samples are on D's surface, and how much they depend on z.
pub(super) fn summits(found: &mut Findings, greedy: &[Watched], balanced: &Watched) {
    let high = |watched: &Watched| watched.late_median(|look| look.height);
    let near = |watched: &Watched| {
        watched.late().iter().filter(|look| look.to_summit() < 0.5).count() as f64
            / watched.late().len() as f64
    };
    let slope = |i: usize| move |watched: &Watched| watched.late_median(|look| look.slopes[i]);
    let claims = [
        (
            "height",
            "greedy G: share of the square where D is lower than at the samples",
            "욕심 많은 생성자: 판별자 점수가 표본보다 낮은 면적의 비율",
            ends(greedy, high)[0],
            Wanted::AtLeast(0.9),
        ),
        (
            "near-summit",
            "greedy G: share of looks at which the samples are within 0.5 of D's highest point",
            "욕심 많은 생성자: 표본이 판별자의 최고점에서 0.5 이내에 있던 비율",
            ends(greedy, near)[0],
            Wanted::AtLeast(0.3),
        ),
        (
            "slope-ratio",
            "norm of dG/dz, greedy by balanced, largest over seeds",
            "dG/dz의 크기: 욕심 많은 쪽 ÷ 균형 잡힌 쪽 (시드 중 최대)",
            ends(greedy, slope(0))[1] / slope(0)(balanced),
            Wanted::AtMost(0.05),
        ),
        (
            "loss-slope-ratio",
            "norm of dJ/dz, greedy by balanced, largest over seeds",
            "dJ/dz의 크기: 욕심 많은 쪽 ÷ 균형 잡힌 쪽 (시드 중 최대)",
            ends(greedy, slope(1))[1] / slope(1)(balanced),
            Wanted::AtMost(0.1),
        ),
    ];
    found.claims(3, &claims);
    share_facts(found, &["height", "near-summit"]);
    found.share("balanced-height", high(balanced));
    found.share("balanced-near", near(balanced));
}

/// Checked shares as facts in percent.
fn share_facts(found: &mut Findings, names: &[&str]) {
    for name in names {
        let value = found.checks.iter().find(|check| check.name == *name).map_or(f64::NAN, |c| c.measured);
        found.share(*name, value);
    }
}

/// How many different digits G still draws.
pub(super) fn digits(found: &mut Findings, digits: &Digits) {
    let [healthy, partial, collapsed] = [0, 1, 2].map(|i| &digits.stages[i]);
    found.fact("partial-step", partial.step as f64, 3);
    found.fact("few", FEW, 3);
    found.fact("pairs-healthy", healthy.twins.len() as f64, 5);
    found.fact("pairs-partial", partial.twins.len() as f64, 5);
    found.fact("pairs-collapsed", collapsed.twins.len() as f64, 5);
    let claims = [
        (
            "accuracy",
            "the nearest labelled image names held-out digits rightly",
            "가장 가까운 라벨 이미지로 처음 보는 숫자를 맞힌 비율",
            digits.accuracy,
            Wanted::AtLeast(0.85),
        ),
        (
            "classes",
            "digits that the balanced G shows, of 10",
            "균형 잡힌 생성자가 그린 숫자의 종류 (10개 중)",
            healthy.n_classes(),
            Wanted::AtLeast(8.0),
        ),
        (
            "largest",
            "share of the commonest digit at the end of greed",
            "욕심의 끝에서 가장 흔한 숫자의 비율",
            collapsed.largest(),
            Wanted::AtLeast(0.3),
        ),
        (
            "support-healthy",
            "different images of the balanced G, estimated from pairs",
            "균형 잡힌 생성자의 서로 다른 이미지 수 (쌍으로 추정)",
            healthy.support().round(),
            Wanted::AtLeast(300.0),
        ),
        (
            "support-partial",
            "the same at the first look at which it is below 200",
            "처음으로 200보다 작아졌을 때의 같은 값",
            partial.support().round(),
            Wanted::Between(1.0, FEW),
        ),
        (
            "support-collapsed",
            "the same after 100 greedy steps",
            "욕심낸 지 100걸음 뒤의 같은 값",
            collapsed.support().round(),
            Wanted::AtMost(20.0),
        ),
    ];
    found.claims(3, &claims);
    found.share("accuracy", digits.accuracy);
    found.share("largest", collapsed.largest());
}
