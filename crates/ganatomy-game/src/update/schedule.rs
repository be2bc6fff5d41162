//! Schedules: the learning rate's factor as a function of how much of the run is done.

use ganatomy_record::{Entry, Fields, Range, SpecError};
use ganatomy_tensor::Tensor;

use crate::step::Schedule;

/// A row of the table.
pub type Row = Entry<dyn Schedule>;

/// Every schedule. Any of them may be preceded by a linear warm-up (`warmup_steps`).
#[rustfmt::skip]
pub fn schedules() -> Vec<Row> {
    vec![
        Row::new("constant", "the same learning rate throughout", |_| Ok(Box::new(Constant))),
        Row::new("linear", "falls in a straight line to a share of itself", |f| Ok(Box::new(Linear::read(f)?))),
        Row::new("cosine", "falls along half a cosine to a share of itself", |f| Ok(Box::new(Cosine::read(f)?))),
    ]
}

/// `1`.
#[derive(Clone, Copy, Debug)]
pub struct Constant;

impl Schedule for Constant {
    fn factor(&self, done: &Tensor) -> Tensor {
        done.trace().full([], 1.0)
    }
    fn is_constant(&self) -> bool {
        true
    }
}

/// `1 - (1 - last) max((done - from) / (1 - from), 0)`.
#[derive(Clone, Copy, Debug)]
pub struct Linear {
    from: f64,
    last: f64,
}

impl Linear {
    /// Reads the schedule's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Linear, SpecError> {
        let from =
            fields.number("from", "share of the run before the fall", 0.0, Range::from_to_below(0.0, 1.0))?;
        Ok(Linear { from, last: read_last(fields)? })
    }
}

impl Schedule for Linear {
    fn factor(&self, done: &Tensor) -> Tensor {
        let fallen = ((done - self.from) / (1.0 - self.from)).relu();
        1.0 - fallen * (1.0 - self.last)
    }
}

/// `last + (1 - last) (1 + cos(pi done)) / 2` (Loshchilov and Hutter 2017, eq. 5).
#[derive(Clone, Copy, Debug)]
pub struct Cosine {
    last: f64,
}

impl Cosine {
    /// A fall to this share of the learning rate.
    pub fn to(last: f64) -> Cosine {
        Cosine { last }
    }

    /// Reads the schedule's fields.
    ///
    /// # Errors
    /// A field whose value is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<Cosine, SpecError> {
        Ok(Cosine { last: read_last(fields)? })
    }
}

impl Schedule for Cosine {
    fn factor(&self, done: &Tensor) -> Tensor {
        // There is no cosine among the ops. (1 + cos(pi x)) / 2 = (1 - sin(pi (x - 1/2))) / 2, and this
        // odd polynomial is the sine of a half turn to within 4e-6.
        let x = (done - 0.5) * std::f64::consts::PI;
        let square = x.square();
        let series = [-1.0 / 39_916_800.0, 1.0 / 362_880.0, -1.0 / 5040.0, 1.0 / 120.0, -1.0 / 6.0, 1.0];
        let zero = done.trace().zeros([]);
        let sine = series.iter().fold(zero, |sum, &c| sum * &square + c) * x;
        (1.0 - sine) * (0.5 * (1.0 - self.last)) + self.last
    }
}

fn read_last(fields: &mut Fields<'_>) -> Result<f64, SpecError> {
    fields.number("last", "share of the learning rate at the last step", 0.0, Range::between(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ganatomy_record::RunSpec;
    use ganatomy_tensor::{Trace, cpu::Key, interpret};

    use super::*;

    fn check(spec: &str, done: f64, expected: f64) {
        let spec = RunSpec::parse(spec, "test").unwrap();
        let schedule =
            ganatomy_record::choose(&schedules(), &mut spec.root(), "schedule", "constant").unwrap();
        let trace = Trace::new();
        let factor = schedule.factor(&trace.full([], done));
        let found = interpret::<f64>(&[&factor], &BTreeMap::new(), Key::default()).unwrap()[0][0];
        assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
    }

    #[test]
    fn factors_start_at_one_and_end_at_last() {
        check("", 0.7, 1.0);
        check("kind = \"linear\"", 0.25, 0.75);
        check("kind = \"linear\"\nfrom = 0.5\nlast = 0.1", 0.4, 1.0);
        check("kind = \"linear\"\nfrom = 0.5\nlast = 0.1", 1.0, 0.1);
        check("kind = \"cosine\"", 0.0, 1.0);
        check("kind = \"cosine\"", 0.25, (1.0 + std::f64::consts::FRAC_1_SQRT_2) / 2.0);
        check("kind = \"cosine\"\nlast = 0.2", 1.0, 0.2);
    }
}
