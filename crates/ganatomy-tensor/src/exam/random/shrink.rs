//! A failing program made smaller, as long as it fails.

use super::plan::{Plan, What};

/// The smallest program that can be made of this one by leaving out, and that `fails` too.
pub(super) fn shrink(plan: &Plan, fails: &dyn Fn(&Plan) -> bool) -> Plan {
    let mut best = plan.clone();
    while let Some(smaller) = smaller(&best).into_iter().find(|plan| fails(plan)) {
        best = smaller;
    }
    best
}

/// Programs with one thing less, the largest cuts first.
fn smaller(plan: &Plan) -> Vec<Plan> {
    let mut all = Vec::new();
    for at in 0..plan.outputs.len() {
        if plan.outputs.len() > 1 {
            let mut less = plan.clone();
            less.outputs.remove(at);
            all.push(less.pruned());
        }
    }
    // A step becomes an input, late ones first, so that what led to it goes.
    for at in (0..plan.steps.len()).rev() {
        if !matches!(plan.steps[at].what, What::Input(_) | What::Index(..)) {
            let mut less = plan.clone();
            (less.steps[at].what, less.steps[at].of) = (What::Input(900 + at), Vec::new());
            all.push(less.pruned());
            // Or it is passed over, if an operand has its shape.
            for &of in plan.steps[at].of.iter().filter(|&&of| plan.steps[of].shape == plan.steps[at].shape) {
                let mut less = plan.clone();
                for step in &mut less.steps[at + 1..] {
                    step.of.iter_mut().filter(|i| **i == at).for_each(|i| *i = of);
                }
                less.outputs.iter_mut().filter(|(_, i)| *i == at).for_each(|(_, i)| *i = of);
                all.push(less.pruned());
            }
        }
    }
    for (at, (name, _)) in plan.outputs.iter().enumerate() {
        if name.starts_with('x') {
            let mut plain = plan.clone();
            plain.outputs[at].0 = format!("plain{at}");
            all.push(plain);
        }
    }
    all.retain(|less| size(less) < size(plan));
    all
}

/// What is made smaller: steps that are no inputs, steps, outputs, state.
fn size(plan: &Plan) -> (usize, usize, usize, usize) {
    let made = plan.steps.iter().filter(|step| !matches!(step.what, What::Input(_))).count();
    let state = plan.outputs.iter().filter(|(name, _)| name.starts_with('x')).count();
    (made, plan.steps.len(), plan.outputs.len(), state)
}
