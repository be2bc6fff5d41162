//! A discriminator's logits of fresh items, and the value of the game that they give.

use ganatomy_data::BatchKey;
use ganatomy_train::Training;

use super::LessonError;
use super::stats::mean;

/// Keeps fresh real items apart from those that a run learns from.
const DRAW: u64 = 1 << 40;

/// Logits of fresh items, real and generated.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Of real items.
    pub real: Vec<f64>,
    /// Of generated ones.
    pub fake: Vec<f64>,
}

impl Judged {
    /// D's logits of `n` real and `n` generated items that no player has learned from; the same for the same key.
    ///
    /// # Errors
    /// The game has no judge, or a program cannot be compiled.
    pub fn fresh(training: &mut Training, n: usize, key: u64) -> Result<Judged, LessonError> {
        let data = training.plan().data();
        let mut real = vec![0.0; n * data.item_shape().iter().product::<usize>()];
        let batch = BatchKey { seed: training.plan().seed(), step: key, draw: DRAW };
        data.fill(batch, &mut real, &mut vec![0; n]);
        let fake = training.samples(n, DRAW.wrapping_add(key))?;
        Ok(Judged { real: logits(training, &real)?, fake: logits(training, &fake)? })
    }

    /// `V(D, G) = E log D(x) + E log(1 - D(G(z)))`.
    pub fn value(&self) -> f64 {
        -mean_of(&self.real, |c| softplus(-c)) - mean_of(&self.fake, softplus)
    }

    /// What G minimises in practice, `-E log D(G(z))`.
    pub fn g_loss(&self) -> f64 {
        mean_of(&self.fake, |c| softplus(-c))
    }

    /// The mean of D over real and over generated items.
    pub fn means(&self) -> [f64; 2] {
        [mean_of(&self.real, sigmoid), mean_of(&self.fake, sigmoid)]
    }

    /// The share of items that D judges rightly.
    pub fn accuracy(&self) -> f64 {
        let right = |c: f64| f64::from(u8::from(c > 0.0));
        0.5 * (mean_of(&self.real, right) + mean_of(&self.fake, |c| 1.0 - right(c)))
    }
}

/// D's logits of items.
///
/// # Errors
/// The game has no judge, or its program cannot be compiled.
pub fn logits(training: &mut Training, items: &[f32]) -> Result<Vec<f64>, LessonError> {
    let logits = training.judge(items)?;
    let logits = logits.ok_or_else(|| LessonError::Other("this game has no judge".to_owned()))?;
    Ok(logits.into_iter().map(f64::from).collect())
}

/// `log(1 + e^t)` without overflow.
pub fn softplus(t: f64) -> f64 {
    t.max(0.0) + (-t.abs()).exp().ln_1p()
}

/// The probability that a logit stands for.
pub fn sigmoid(t: f64) -> f64 {
    if t >= 0.0 { 1.0 / (1.0 + (-t).exp()) } else { t.exp() / (1.0 + t.exp()) }
}

fn mean_of(logits: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    mean(&logits.iter().map(|c| f(*c)).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(real: &[f64], fake: &[f64], value: f64, accuracy: f64) {
        let judged = Judged { real: real.to_vec(), fake: fake.to_vec() };
        assert!((judged.value() - value).abs() < 1e-9, "{}", judged.value());
        assert_eq!(judged.accuracy(), accuracy);
    }

    #[test]
    fn a_d_that_answers_one_half_has_minus_two_log_two() {
        check(&[1e-12, 1e-12], &[1e-12, -1e-12], -2.0 * std::f64::consts::LN_2, 0.75);
        check(&[40.0], &[-40.0], 0.0, 1.0);
    }
}
