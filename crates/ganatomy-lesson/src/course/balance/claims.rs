//! What the lesson claims of balance.

use super::CANNOT_TELL;
use super::arms::{
    EVEN, FEW, FEW_FAST, FIFTH, FIFTH_FAST, FIVE, LARGE_D, MANY, MINIMAX_EVEN, MINIMAX_MANY, Runs, SLOW,
    Sign, TINY_D, TINY_G,
};
use crate::{Claimed, Findings, Wanted, Words};

#[rustfmt::skip]
const NAMED: [(&str, usize); 11] = [
    ("even", EVEN), ("few", FEW), ("fifth", FIFTH), ("many", MANY), ("five", FIVE), ("slow", SLOW),
    ("fifth-fast", FIFTH_FAST), ("few-fast", FEW_FAST), ("tiny-d", TINY_D), ("large-d", LARGE_D), ("tiny-g", TINY_G),
];

pub(super) fn claims(found: &mut Findings, runs: &Runs) {
    for (name, arm) in NAMED {
        found.told(format!("modes-{name}"), Words::both(format!("{:.1}", runs.mean(arm, Sign::Modes))));
        found.fact(format!("accuracy-{name}"), runs.mean(arm, Sign::Accuracy), 2);
    }
    found.claims(2, &[strong(runs), weak(runs), capacity(runs)].concat());
}

/// Modes that an arm has less than one move each of equal networks.
fn lost(runs: &Runs, arm: usize) -> f64 {
    runs.mean(EVEN, Sign::Modes) - runs.mean(arm, Sign::Modes)
}

#[rustfmt::skip]
fn strong(runs: &Runs) -> Vec<Claimed> {
    let at = |arm: usize, sign: Sign| runs.mean(arm, sign);
    let heard = |ns: usize, minimax: usize| at(ns, Sign::Gradient) / at(minimax, Sign::Gradient);
    vec![
        ("over-accuracy", "10 : 1: accuracy of D", "10 : 1: 판별자의 정확도",
            at(MANY, Sign::Accuracy), Wanted::AtLeast(0.9)),
        ("over-apart", "10 : 1: real and generated logits apart, by the same at 1 : 1",
            "10 : 1: 실제와 생성 로짓의 간격 ÷ 1 : 1의 간격",
            at(MANY, Sign::Apart) / at(EVEN, Sign::Apart), Wanted::AtLeast(2.0)),
        ("over-heard", "10 : 1: non-saturating gradient of G by the minimax one",
            "10 : 1: 생성자의 비포화 기울기 ÷ 미니맥스 기울기", heard(MANY, MINIMAX_MANY), Wanted::AtLeast(3.0)),
        ("over-steep", "10 : 1: non-saturating gradient of G by that at 1 : 1",
            "10 : 1: 생성자의 비포화 기울기 ÷ 1 : 1의 기울기",
            at(MANY, Sign::Gradient) / at(EVEN, Sign::Gradient), Wanted::AtLeast(1.0)),
        ("over-harm", "10 : 1: modes lost, few", "10 : 1: 잃은 모드 수, 적음", lost(runs, MANY), Wanted::AtMost(3.0)),
        ("even-heard", "the same at 1 : 1: the two losses differ less", "1 : 1에서는 두 손실의 차이가 작다",
            heard(EVEN, MINIMAX_EVEN), Wanted::AtMost(3.0)),
        ("five-same", "5 : 1: modes lost, few, although G moves a third as often",
            "5 : 1: 생성자가 3분의 1만 움직이는데도 잃은 모드 수는 적음", lost(runs, FIVE), Wanted::Between(-2.0, 2.0)),
    ]
}

#[rustfmt::skip]
fn weak(runs: &Runs) -> Vec<Claimed> {
    let at = |arm: usize, sign: Sign| runs.mean(arm, sign);
    vec![
        ("under-accuracy", "1 : 10: accuracy of D", "1 : 10: 판별자의 정확도",
            at(FEW, Sign::Accuracy), Wanted::AtMost(0.62)),
        ("under-loss", "1 : 10: loss of D, near 2 log 2 = 1.386", "1 : 10: 판별자의 손실, 2 log 2 = 1.386 근처",
            at(FEW, Sign::DLoss), Wanted::Near { value: CANNOT_TELL, within: 0.35 }),
        ("under-lost", "1 : 10: modes lost against 1 : 1", "1 : 10: 1 : 1에 비해 잃은 모드 수",
            lost(runs, FEW), Wanted::AtLeast(1.5)),
        ("restored", "1 : 5: modes that a five times faster D brings back",
            "1 : 5: 판별자를 5배 빠르게 하여 되찾은 모드 수",
            at(FIFTH_FAST, Sign::Modes) - at(FIFTH, Sign::Modes), Wanted::AtLeast(1.0)),
        ("slow-lost", "1 : 1 with a ten times slower D: modes lost", "1 : 1에서 판별자를 10배 느리게: 잃은 모드 수",
            lost(runs, SLOW), Wanted::AtLeast(1.0)),
    ]
}

#[rustfmt::skip]
fn capacity(runs: &Runs) -> Vec<Claimed> {
    vec![
        ("tiny-d-lost", "a D of 8 units: modes lost", "유닛 8개짜리 판별자: 잃은 모드 수",
            lost(runs, TINY_D), Wanted::AtLeast(2.0)),
        ("tiny-g-lost", "a G of 8 units: modes lost", "유닛 8개짜리 생성자: 잃은 모드 수",
            lost(runs, TINY_G), Wanted::AtLeast(1.0)),
        ("who-is-weak", "accuracy of D against a small G less that of a small D",
            "작은 생성자를 상대할 때와 작은 판별자일 때의 정확도 차이",
            runs.mean(TINY_G, Sign::Accuracy) - runs.mean(TINY_D, Sign::Accuracy), Wanted::AtLeast(0.15)),
        ("large-d-same", "a D four times as large: modes lost, few either way",
            "네 배 큰 판별자: 잃은 모드 수, 어느 쪽으로든 적음", lost(runs, LARGE_D), Wanted::Between(-1.7, 1.7)),
    ]
}
