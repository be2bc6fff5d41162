//! A generator that is given nothing, on the same pairs.

use super::latent;
use super::paired::N;
use crate::digits::NearestClass;
use crate::{Bench, LessonError, advance};

const Z_DIMS: usize = 32;
/// A small convolutional game, which draws outline and digit together.
const FREE: &str = r#"
batch = 64
data = { kind = "outlines" }
generator = { kind = "infogan", width = 16, dense = 128, z_dims = 32, update = { kind = "adam", lr = 2e-3, beta1 = 0.5 } }
discriminator = { kind = "infogan", width = 16, dense = 128, update = { kind = "adam", lr = 5e-4, beta1 = 0.5 } }
average = { kind = "none" }
probes = { gradients = { every_steps = 0 }, classes = { every_steps = 0 } }
"#;

/// What it draws.
pub(super) struct Free {
    /// Of fresh latent points.
    pub drawn: Vec<f32>,
    /// Of one latent point for all.
    pub fixed: Vec<f32>,
    /// Names the digit of a pair.
    pub judge: NearestClass,
}

/// Trains it.
pub(super) fn play(bench: &Bench<'_>, steps: u64) -> Result<Free, LessonError> {
    let plan = bench.plan(&bench.spec(&[FREE], bench.seed)?)?;
    let mut training = bench.training(&plan)?;
    advance(&mut training, steps)?;
    Ok(Free {
        drawn: training.samples_at(&latent(N, Z_DIMS, 1, false))?,
        fixed: training.samples_at(&latent(N, Z_DIMS, 1, true))?,
        judge: NearestClass::new(plan.data())?,
    })
}
