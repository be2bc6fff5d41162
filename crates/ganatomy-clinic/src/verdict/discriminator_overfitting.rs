//! `discriminator-overfitting`: D knows its training items by heart.

use super::{Answer, FromLog, Verdict, held};
use crate::cure::known::{AUGMENTATION, NOISE, R1};
use crate::symptom::Signal;
use crate::{Chart, median};

/// Held-out items that D puts further towards generated ones than this share of the way look fake to it.
const SHARE: f64 = 0.35;
/// Readings in a row.
const IN_A_ROW: usize = 5;

/// The mean sign of D's outputs on training items that StyleGAN2-ADA steers for, and beyond which D knows them by heart.
const SIGN: f64 = 0.6;
const BY_HEART: f64 = 0.8;
/// A sign that grows by more than this over the second half rises.
const RISES: f64 = 0.03;
/// Augmentation beyond this leaks into samples; NVIDIA's is clamped at 0 alone.
const AUGMENTED: f64 = 1.0;
/// Loss on held-out items over so many times that on training items.
const HELD_OUT: f64 = 2.0;
/// Readings of a log that tell it.
const READINGS: &[&[&str]] =
    &[&["discriminator/sign_real"], &["augment/probability"], &["discriminator/loss_held_out"]];
/// What to add.
const PRINT_HELD_OUT: &str = "D's outputs on real items that it is never trained on, or StyleGAN2-ADA's sign: \
     print(f\"step: {step} sign: {real_logits.sign().mean().item()}\")";

pub(super) const VERDICT: Verdict = Verdict {
    name: "discriminator-overfitting",
    doc: "D knows its training items by heart, and holds other real items for fake",
    page: "D puts real items that it was never trained on a good part of the way towards generated ones: what it teaches G is to copy. \
           With few items it comes early.",
    needs: "D's outputs on held-out items (the probe held-out, and data with a held-out part)",
    remedies: &[AUGMENTATION, R1, NOISE],
    examine,
    from_log: FromLog { readings: READINGS, line: PRINT_HELD_OUT, examine: Some(by_log) },
};

fn examine(chart: &Chart) -> Answer {
    if chart.reading("discriminator/logit_held_out").is_none() {
        return Answer::CannotTell;
    }
    let Some(signal) = Signal::of(chart, "discriminator/overfitting", |share| share) else {
        return Answer::Absent;
    };
    // A short record has fewer readings.
    let n = IN_A_ROW.min(signal.points.len().max(crate::LASTING));
    match signal.over(SHARE).lasting_of(n) {
        Some(lasting) => held(
            lasting,
            signal.evidence(n, format!("at most {SHARE}")),
            "The discriminator knows its training items by heart: other real items look fake to it."
                .to_owned(),
            "판별자가 학습 데이터를 외웠습니다: 처음 보는 진짜 데이터를 가짜로 봅니다.".to_owned(),
        ),
        None => Answer::Absent,
    }
}

/// StyleGAN2-ADA's sign and how much it augments, or the loss on held-out items.
fn by_log(chart: &Chart) -> Answer {
    let end = |name: &'static str| {
        let signal = Signal::of(chart, name, |value| value)?;
        let n = (signal.points.len() / 10).max(3).min(signal.points.len());
        let of = |points: &[(u64, f64)]| median(points.iter().map(|point| point.1));
        let middle = signal.points.len() / 2;
        let before = of(&signal.points[middle.saturating_sub(n)..middle.max(1)])?;
        Some((of(&signal.points[signal.points.len() - n..])?, before, n, signal))
    };
    let sign = end("discriminator/sign_real");
    let augment = end("augment/probability");
    let past = |bound: f64, name: &'static str, n: usize, signal: &Signal| {
        let lasting = signal.over(bound).lasting_of(n)?;
        Some((lasting, signal.clone().named(name).evidence(n, format!("at most {bound}"))))
    };
    let by_augmentation = augment.as_ref().and_then(|(now, _, n, signal)| {
        (*now > AUGMENTED).then(|| past(AUGMENTED, "augment/probability", *n, signal)).flatten()
    });
    let by_sign = sign.as_ref().and_then(|(now, before, n, signal)| {
        // Augmentation that still grows is on its way to bring the sign down.
        let is_treated = augment.as_ref().is_some_and(|(now, ..)| *now > 0.0 && *now <= AUGMENTED);
        let (rises, by_heart) = (*now > SIGN && now - before > RISES, *now > BY_HEART);
        let bound = if by_heart { BY_HEART } else { SIGN };
        (!is_treated && (rises || by_heart))
            .then(|| past(bound, "discriminator/sign_real", *n, signal))
            .flatten()
    });
    let by_held_out = end("discriminator/loss_held_out").and_then(|(now, before, n, signal)| {
        let own = end("discriminator/loss")?;
        let is_apart = now > HELD_OUT * own.0.abs() && now > before;
        is_apart.then(|| past(HELD_OUT * own.0.abs(), "discriminator/loss_held_out", n, &signal)).flatten()
    });
    match by_augmentation.or(by_sign).or(by_held_out) {
        Some((lasting, evidence)) => held(
            lasting,
            evidence,
            "The discriminator knows its training items by heart: there are too few of them, or too little augmentation.".to_owned(),
            "판별자가 학습 데이터를 외웠습니다: 데이터나 증강이 너무 적습니다.".to_owned(),
        )
        .surely(0.8),
        None => Answer::Absent,
    }
}
