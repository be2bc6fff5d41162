//! A table of what you see and what it means, with what was seen here.

use ganatomy_view::page::Table;

use super::arms::{EVEN, FEW, FIFTH, FIFTH_FAST, MANY, MINIMAX_EVEN, MINIMAX_MANY, Runs, Sign, TINY_G};
use crate::{Words, number};

type Pair = (&'static str, &'static str);

pub(super) fn signs(runs: &Runs) -> Table {
    Table {
        title: Words::new("What you see, and what it means", "보이는 것과 그 뜻"),
        head: vec![
            Words::new("you see", "보이는 것"),
            Words::new("here: before → after", "여기서: 이전 → 이후"),
            Words::new("it means", "뜻하는 것"),
        ],
        rows: [strong(runs), weak(runs)].concat(),
    }
}

fn row(see: Pair, numbers: String, means: Pair) -> Vec<Words> {
    vec![Words::from(see), Words::both(numbers), Words::from(means)]
}

/// A sign in one arm and in another.
fn change(runs: &Runs, sign: Sign, from: usize, to: usize) -> String {
    let at = |arm: usize| number(runs.mean(arm, sign), 2);
    format!("{} → {}", at(from), at(to))
}

/// A D that is ahead of its G.
fn strong(runs: &Runs) -> Vec<Vec<Words>> {
    let apart = change(runs, Sign::Apart, EVEN, MANY);
    vec![
        row(
            ("D's accuracy near 1, logits far apart", "판별자의 정확도가 1에 가깝고 로짓이 멀리 벌어진다"),
            format!("{}; {apart}", change(runs, Sign::Accuracy, EVEN, MANY)),
            (
                "D is ahead of this G (1 : 1 → 10 : 1); little harm while the loss does not saturate",
                "판별자가 생성자를 앞섬 (1 : 1 → 10 : 1). 손실이 포화하지 않으면 거의 해롭지 않음",
            ),
        ),
        row(
            (
                "the same, and the minimax gradient of G far below the non-saturating one",
                "위와 같고, 미니맥스 기울기가 비포화 기울기보다 훨씬 작다",
            ),
            format!(
                "{}; {}",
                change(runs, Sign::Gradient, EVEN, MINIMAX_EVEN),
                change(runs, Sign::Gradient, MANY, MINIMAX_MANY)
            ),
            (
                "G hears less and less (non-saturating → minimax, at 1 : 1 and at 10 : 1): change the loss, not the ratio",
                "생성자에게 들리는 신호가 약해짐 (비포화 → 미니맥스, 1 : 1과 10 : 1). 비율이 아니라 손실을 바꿀 것",
            ),
        ),
        row(
            (
                "D's accuracy near 1, modes missing, at one move each",
                "한 걸음씩인데 판별자의 정확도가 1에 가깝고 모드가 빠져 있다",
            ),
            change(runs, Sign::Modes, EVEN, TINY_G),
            ("G is too small to do better", "생성자가 너무 작음"),
        ),
    ]
}

/// A D that is behind.
fn weak(runs: &Runs) -> Vec<Vec<Words>> {
    vec![
        row(
            (
                "D's accuracy near 1/2 and its loss near 1.386, modes missing",
                "판별자의 정확도는 1/2, 손실은 1.386 근처인데 모드가 빠져 있다",
            ),
            [Sign::Accuracy, Sign::DLoss, Sign::Modes].map(|sign| change(runs, sign, EVEN, FEW)).join("; "),
            (
                "D is not fooled but left behind (1 : 1 → 1 : 10), or too small",
                "판별자가 속은 것이 아니라 뒤처졌거나 (1 : 1 → 1 : 10) 너무 작음",
            ),
        ),
        row(
            (
                "the same, and a faster D brings the modes back",
                "위와 같고, 판별자를 빠르게 하면 모드가 돌아온다",
            ),
            change(runs, Sign::Modes, FIFTH, FIFTH_FAST),
            (
                "it was a matter of time scales (1 : 5 → the same with D five times as fast)",
                "시간 척도의 문제였음 (1 : 5 → 판별자만 5배 빠르게)",
            ),
        ),
    ]
}
