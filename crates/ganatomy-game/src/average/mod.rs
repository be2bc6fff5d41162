//! Averages of the generator over the run, used for sampling: averaged iterates settle where the last one circles.

mod exponential;
mod uniform;

pub use exponential::Exponential;
pub use uniform::Uniform;

use ganatomy_tensor::Tensor;

use crate::step::Values;
use ganatomy_record::Entry;

/// How the average follows the parameters.
pub trait Average: Send + Sync {
    /// The share of the way that the average goes towards the newest parameters, a scalar; `steps_done` counts
    /// the steps before this one.
    fn share(&self, steps_done: &Tensor) -> Tensor;

    /// Is there no average at all?
    fn is_none(&self) -> bool {
        false
    }
}

/// A row of the table.
pub type Row = Entry<dyn Average>;

/// Every average.
#[rustfmt::skip]
pub fn averages() -> Vec<Row> {
    vec![
        Row::new("exponential", "recent parameters count most (EMA)", |f| Ok(Box::new(Exponential::read(f)?))).explained_by(include_str!("exponential.rs")),
        Row::new("uniform", "all parameters since a point of the run count alike", |f| Ok(Box::new(Uniform::read(f)?))).explained_by(include_str!("uniform.rs")),
        Row::new("none", "the last parameters are used", |_| Ok(Box::new(NoAverage))),
    ]
}

/// No average: the last parameters are used.
#[derive(Clone, Copy, Debug)]
pub struct NoAverage;

impl Average for NoAverage {
    fn share(&self, steps_done: &Tensor) -> Tensor {
        steps_done.trace().full([], 1.0)
    }
    fn is_none(&self) -> bool {
        true
    }
}

/// The name of the average of a generator's tensor.
pub fn name(of: &str) -> String {
    format!("average.{of}")
}

/// The averages after a step, for every tensor of the generator.
pub fn step(average: &dyn Average, values: &Values, steps_done: &Tensor) -> Values {
    let trace = steps_done.trace();
    let share = average.share(steps_done);
    let follow = |(of, p): (&String, &Tensor)| {
        let old = trace.input(&name(of), p.shape());
        // Written as a step from p, which is exact where the two are equal.
        let new = p + (1.0 - &share) * (old - p);
        (name(of), new)
    };
    values.iter().map(follow).collect()
}
