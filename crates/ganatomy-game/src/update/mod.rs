//! Updates: from a gradient to a parameter's change, written as graph so that it can be differentiated.

mod adam;
mod adamw;
mod amsgrad;
mod extra_adam;
mod momentum;
mod optimistic_adam;
mod rmsprop;
mod schedule;
mod sgd;
mod still;

pub use adam::Adam;
pub use adamw::AdamW;
pub use amsgrad::AmsGrad;
pub use extra_adam::ExtraAdam;
pub use momentum::Momentum;
pub use optimistic_adam::OptimisticAdam;
pub use rmsprop::RmsProp;
pub use schedule::{Constant, Cosine, Linear, Row as ScheduleRow, schedules};
pub use sgd::Sgd;
pub use still::Still;

use ganatomy_record::Entry;

pub use crate::step::{Moment, Schedule, Update};

/// A row of the table.
pub type Row = Entry<dyn Update>;

/// Every update.
#[rustfmt::skip]
pub fn updates() -> Vec<Row> {
    vec![
        Row::new("adam", "steps scaled by running moments of the gradient", |f| Ok(Box::new(Adam::read(f)?))).explained_by(include_str!("adam.rs")),
        Row::new("sgd", "a step along the gradient", |f| Ok(Box::new(Sgd::read(f)?))).explained_by(include_str!("sgd.rs")),
        Row::new("momentum", "a velocity that the gradient pushes; negative momentum brakes", |f| Ok(Box::new(Momentum::read(f)?))).explained_by(include_str!("momentum.rs")),
        Row::new("rmsprop", "steps scaled by the running size of the gradient", |f| Ok(Box::new(RmsProp::read(f)?))).explained_by(include_str!("rmsprop.rs")),
        Row::new("adamw", "adam, and weights that decay by themselves", |f| Ok(Box::new(AdamW::read(f)?))).explained_by(include_str!("adamw.rs")),
        Row::new("amsgrad", "adam whose scale never shrinks", |f| Ok(Box::new(AmsGrad::read(f)?))).explained_by(include_str!("amsgrad.rs")),
        Row::new("optimistic-adam", "twice adam's step less the last one", |f| Ok(Box::new(OptimisticAdam::read(f)?))).explained_by(include_str!("optimistic_adam.rs")),
        Row::new("extra-adam", "adam that also learns from a look ahead, for the extragradient schemes", |f| Ok(Box::new(ExtraAdam::read(f)?))).explained_by(include_str!("extra_adam.rs")),
        Row::new("still", "stays where it is", |_| Ok(Box::new(Still))).explained_by(include_str!("still.rs")),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ganatomy_record::RunSpec;
    use ganatomy_tensor::{Tensor, Trace, cpu::Key, interpret};

    use super::*;

    /// Three updates of a parameter 1.0 with gradients 0.5, -0.25, 1.0, against numbers worked out by hand.
    fn check(spec: &str, expected: [f64; 3]) {
        let spec = RunSpec::parse(spec, "test").unwrap();
        let update = ganatomy_record::choose(&updates(), &mut spec.root(), "update", "adam").unwrap();
        let trace = Trace::new();
        let mut p = trace.input("p", []);
        let mut slots: Vec<Tensor> = update.slots().iter().map(|_| trace.zeros([])).collect();
        let lr = trace.full([], update.lr());
        let mut path = Vec::new();
        for (i, g) in [0.5, -0.25, 1.0].into_iter().enumerate() {
            let at = Moment { lr: &lr, t: &trace.full([], i as f64 + 1.0) };
            (p, slots) = update.step(&p, &trace.full([], g), &slots, &at);
            path.push(p.clone());
        }
        let inputs = BTreeMap::from([("p".to_owned(), vec![1.0])]);
        let found = interpret(&path.iter().collect::<Vec<_>>(), &inputs, Key::default()).unwrap();
        for (found, truth) in found.iter().zip(expected) {
            assert!((found[0] - truth).abs() < 1e-9, "{found:?} is not {truth}");
        }
    }

    /// Two updates along `p + 1/2` where `p = 0.3`: the derivative of the last by the first, against differences. With
    /// `still` the gradient is zero, and the derivative must be finite.
    fn check_derivative(update: &dyn Update, still: bool) {
        let trace = Trace::new();
        let start = trace.input("p", []);
        let (mut p, lr) = (start.clone(), trace.full([], 0.1));
        let mut slots: Vec<Tensor> = update.slots().iter().map(|_| trace.zeros([])).collect();
        for t in [1.0, 2.0] {
            let g = (&p + 0.5) * if still { 0.0 } else { 1.0 };
            (p, slots) = update.step(&p, &g, &slots, &Moment { lr: &lr, t: &trace.full([], t) });
        }
        let slope = ganatomy_tensor::grad(&p, &[&start]).remove(0);
        let at = |x: f64| {
            let inputs = BTreeMap::from([("p".to_owned(), vec![x])]);
            interpret(&[&p, &slope], &inputs, Key::default()).unwrap()
        };
        let found = at(0.3)[1][0];
        let difference = (at(0.3 + 1e-6)[0][0] - at(0.3 - 1e-6)[0][0]) / 2e-6;
        assert!((found - difference).abs() < 1e-7 * difference.abs().max(1.0), "{found} is not {difference}");
    }

    #[test]
    fn every_update_can_be_differentiated() {
        for entry in updates() {
            let spec = RunSpec::parse("", "test").unwrap();
            let update = entry.read(&mut spec.root()).unwrap();
            check_derivative(&*update, false);
            check_derivative(&*update, true);
        }
    }

    #[test]
    fn paths_are_those_of_the_formulas() {
        check("kind = \"sgd\"\nlr = 0.1", [0.95, 0.975, 0.875]);
        check("kind = \"still\"", [1.0, 1.0, 1.0]);
        // v = 0.5 v + g: 0.5, 0.0, 1.0.
        check("kind = \"momentum\"\nlr = 0.1\nbeta = 0.5", [0.95, 0.95, 0.85]);
        check("kind = \"momentum\"\nlr = 0.1\nbeta = -0.5", [0.95, 1.0, 0.875]);
        // v = 0.9 v + 0.1 g^2: 0.025, 0.02875, 0.125875.
        let steps = [0.5 / 0.025f64.sqrt(), -0.25 / 0.028_75f64.sqrt(), 1.0 / 0.125_875f64.sqrt()];
        let at = |n: usize| 1.0 - 0.1 * steps[..n].iter().sum::<f64>();
        check("kind = \"rmsprop\"\nlr = 0.1\nbeta = 0.9\neps = 1e-15", [at(1), at(2), at(3)]);
        // Adam with beta1 = 0.5, beta2 = 0.9: m = .25, 0, .5; v as above without its decay.
        let m = [0.25 / 0.5, 0.0, 0.5 / 0.875];
        let v = [0.025 / 0.1, 0.0287_5 / 0.19, 0.125_875 / 0.271];
        let at = |n: usize| 1.0 - 0.1 * (0..n).map(|i| m[i] / f64::sqrt(v[i])).sum::<f64>();
        check("lr = 0.1\nbeta1 = 0.5\nbeta2 = 0.9\neps = 1e-15", [at(1), at(2), at(3)]);
        let adam = "lr = 0.1\nbeta1 = 0.5\nbeta2 = 0.9\neps = 1e-15\n";
        check(&format!("kind = \"extra-adam\"\n{adam}"), [at(1), at(2), at(3)]);
        // The largest v so far is the last one here too, so that the paths agree.
        check(&format!("kind = \"amsgrad\"\n{adam}"), [at(1), at(2), at(3)]);
        let s = |i: usize| m[i] / f64::sqrt(v[i]);
        let optimistic = [2.0 * s(0), 2.0 * s(0) + 2.0 * s(1) - s(0), s(0) + s(1) + 2.0 * s(2)];
        check(&format!("kind = \"optimistic-adam\"\n{adam}"), optimistic.map(|sum| 1.0 - 0.1 * sum));
        // Each step also takes lr decay p = 1 % of what the parameter was.
        let mut p = 1.0;
        let decayed = [0, 1, 2].map(|i| {
            p = p * 0.99 - 0.1 * s(i);
            p
        });
        check(&format!("kind = \"adamw\"\ndecay = 0.1\n{adam}"), decayed);
    }
}
