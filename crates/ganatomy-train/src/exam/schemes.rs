//! Every scheme, with every update that theory covers, against the rate it declares; and against known end points.

use ganatomy_game::scheme::schemes;
use ganatomy_record::RunSpec;

use crate::small::{Path, SmallPlan};

/// Rates are exact, so only rounding may part them from what is measured.
const RATE_TOLERANCE: f64 = 1e-9;

fn plan(spec: &str) -> SmallPlan {
    SmallPlan::new(&RunSpec::parse(spec, "exam").unwrap()).unwrap()
}

fn play(spec: &str) -> Path {
    plan(spec).play(None).unwrap()
}

fn check_rate(spec: &str, steps: u64) -> Option<f64> {
    let plan = plan(&format!("steps = {steps}\n{spec}"));
    let theory = plan.theory()?;
    let measured = plan.play(None).unwrap().rate().unwrap();
    assert!((measured - theory).abs() < RATE_TOLERANCE, "{spec}: {measured}, theory says {theory}");
    Some(measured)
}

fn update(lr: f64, beta: f64) -> String {
    match beta == 0.0 {
        true => format!("[update]\nkind = \"sgd\"\nlr = {lr}\n"),
        false => format!("[update]\nkind = \"momentum\"\nlr = {lr}\nbeta = {beta}\n"),
    }
}

#[test]
fn every_scheme_has_the_rate_it_declares() {
    for scheme in schemes() {
        let mut n_checked = 0;
        // At 0.5 the past methods have a double factor, which is approached slowly.
        for lr in [0.03, 0.1, 0.3, 0.45] {
            for beta in [-0.7, -0.3, 0.0, 0.5] {
                // Long enough for the lesser factors to die out, short enough for the others to be seen.
                let spec = format!("[scheme]\nkind = \"{}\"\n{}", scheme.name(), update(lr, beta));
                let steps = if beta == 0.0 { 300 } else { 2000 };
                n_checked += usize::from(check_rate(&spec, steps).is_some());
            }
        }
        // Alternating moves inside make no closed form; the simultaneous ones are checked below.
        assert!(n_checked > 0 || scheme.name() == "lookahead-minimax", "{} declares nothing", scheme.name());
    }
}

fn check_known(scheme: &str, lr: f64, expected: f64) {
    let spec = format!("[scheme]\n{scheme}\n{}", update(lr, 0.0));
    let found = check_rate(&spec, 300).unwrap();
    assert!((found - expected).abs() < RATE_TOLERANCE, "{scheme} at {lr}: {found}, not {expected}");
}

#[test]
fn rates_are_the_published_ones() {
    check_known("kind = \"simultaneous\"", 0.1, 1.01f64.sqrt());
    check_known("kind = \"alternating\"", 0.1, 1.0);
    check_known("kind = \"extragradient\"", 0.1, (1.0f64 - 0.01 + 0.0001).sqrt());
    check_known("kind = \"extragradient\"", 0.5f64.sqrt(), 0.75f64.sqrt());
    for scheme in ["optimistic", "past-extragradient"] {
        let known = |lr: f64| ((1.0 + (1.0 - 4.0 * lr * lr).sqrt()) / 2.0).sqrt();
        check_known(&format!("kind = \"{scheme}\""), 0.1, known(0.1));
    }
    check_known("kind = \"consensus\"\ngamma = 1.0", 0.1, 0.82f64.sqrt());
    check_known("kind = \"symplectic\"\nlambda = 1.0", 0.1, 0.82f64.sqrt());
    check_known("kind = \"lola\"\nshape = false", 0.1, 0.82f64.sqrt());
    check_known("kind = \"lola\"", 0.1, 0.65f64.sqrt());
    check_known("kind = \"competitive\"", 0.1, 1.0 / 1.01f64.sqrt());
    check_known("kind = \"competitive\"", 2.0, 1.0 / 5.0f64.sqrt());
    for (k, expected) in [(1, 0.99f64), (5, 0.91), (10, 0.81)] {
        check_known(&format!("kind = \"unrolled\"\nk = {k}"), 0.1, expected.sqrt());
    }
    for (k, expected) in [(1, 1.0f64), (5, 0.96), (10, 0.91)] {
        let scheme = format!("kind = \"unrolled\"\nk = {k}\nstop_gradient = true");
        check_known(&scheme, 0.1, expected.sqrt());
    }
}

/// The factor over whole cycles: within one, points stand at different places of it.
fn check_lookahead(lr: f64, k: usize, alpha: f64, expected: f64) {
    let scheme = format!("kind = \"lookahead-minimax\"\ninner = \"simultaneous\"\nk = {k}\nalpha = {alpha}");
    let path = play(&format!("steps = {}\n[scheme]\n{scheme}\n{}", 20 * k, update(lr, 0.0)));
    let radii = path.radii();
    for cycle in 1..20 {
        let found = radii[(cycle + 1) * k] / radii[cycle * k];
        assert!((found - expected).abs() < 1e-6, "cycle {cycle}: {found}, not {expected}");
    }
}

#[test]
fn lookahead_has_the_factor_of_its_cycle() {
    check_lookahead(0.1, 5, 0.5, 0.981_327);
    check_lookahead(0.3, 6, 0.5, 0.744_755);
    check_lookahead(0.3, 6, 0.4, 0.719_935);
}

#[test]
fn alternating_descent_stays_on_its_ellipse() {
    for lr in [0.1, 0.5] {
        let path = play(&format!("steps = 20000\n[scheme]\nkind = \"alternating\"\n{}", update(lr, 0.0)));
        let invariant = |p: &Vec<f64>| p[0] * p[0] + lr * p[0] * p[1] + p[1] * p[1];
        let first = invariant(&path.points()[0]);
        let drift = path.points().iter().map(|p| (invariant(p) - first).abs()).fold(0.0, f64::max);
        assert!(drift < 1e-10, "the invariant drifts by {drift}");
        let radii = path.radii();
        let (least, most) = radii.iter().fold((f64::MAX, 0.0f64), |(a, b), r| (a.min(*r), b.max(*r)));
        let (found, truth) = ((most / least).powi(2), (1.0 + lr / 2.0) / (1.0 - lr / 2.0));
        assert!((found - truth).abs() < 1e-3 * truth, "the axes' squares are as {found}, not {truth}");
    }
}

fn check_momentum(lr: f64, beta: f64, simultaneous: f64, alternating: f64) {
    for (scheme, expected) in [("simultaneous", simultaneous), ("alternating", alternating)] {
        let spec = format!("[scheme]\nkind = \"{scheme}\"\n{}", update(lr, beta));
        let found = check_rate(&spec, 2000).unwrap();
        assert!(
            (found - expected).abs() < 1e-5,
            "{scheme}, lr {lr}, momentum {beta}: {found}, not {expected}"
        );
    }
}

#[test]
fn negative_momentum_has_its_table() {
    for (beta, simultaneous, alternating) in [
        (-0.7, 1.00031, 0.99858),
        (-0.5, 1.00074, 0.99852),
        (-0.3, 1.0016, 0.99863),
        (-0.1, 1.00338, 0.99925),
        (0.1, 1.00747, 1.00137),
        (0.5, 1.04569, 1.0323),
    ] {
        check_momentum(0.1, beta, simultaneous, alternating);
    }
    for (beta, simultaneous, alternating) in [
        (-0.7, 1.00817, 0.96451),
        (-0.5, 1.02005, 0.96254),
        (-0.3, 1.04299, 0.96485),
        (-0.1, 1.08604, 0.98064),
        (0.1, 1.15746, 1.03168),
        (0.5, 1.36603, 1.26922),
    ] {
        check_momentum(0.5, beta, simultaneous, alternating);
    }
}

#[test]
fn optimistic_descent_ends_where_the_paper_says() {
    // The paper's notebook counts 1000 iterates, of which the first two are the start.
    let spec = format!(
        "steps = 998\n[game]\nkind = \"gaussian-mean\"\n[scheme]\nkind = \"optimistic\"\n{}",
        update(0.1, 0.0)
    );
    let path = play(&spec);
    let end = path.points().last().unwrap();
    for (found, expected) in end.iter().zip([2.99126, 3.98490, 0.00846, 0.00812]) {
        assert!((found - expected).abs() < 1e-4, "{end:?}");
    }
    let path = play(&spec.replace("optimistic", "simultaneous").replace("998", "999"));
    let end = path.points().last().unwrap();
    assert!((end[0] + 269.5).abs() < 0.1 && (end[1] + 350.9).abs() < 0.1, "{end:?}");
}

/// The distance from the equilibrium of the Dirac-GAN after 500 steps.
fn check_dirac(rules: &str, simultaneous: f64, once: f64, five: f64) {
    let schemes = [
        ("kind = \"simultaneous\"", simultaneous),
        ("kind = \"alternating\"\ng_first = true", once),
        ("kind = \"alternating\"\ng_first = true\nd_steps = 5", five),
    ];
    for (scheme, expected) in schemes {
        let spec = format!(
            "steps = 500\ngame.kind = \"dirac\"\n{rules}\n[scheme]\n{scheme}\n[update]\nkind = \"sgd\"\nlr = 0.2\n"
        );
        let found = *play(&spec).radii().last().unwrap();
        // Where regularisation leads to zero, the end is compared with zero, to the table's precision.
        let close = if expected < 1e-5 { found < 1e-5 } else { (found - expected).abs() < 1e-3 * expected };
        assert!(close, "{rules} {scheme}: {found}, not {expected}");
    }
}

#[test]
fn the_dirac_game_ends_where_its_table_says() {
    check_dirac("loss.kind = \"minimax\"", 3.097, 1.421, 1.845);
    check_dirac("loss.kind = \"non-saturating\"", 0.640, 0.284, 0.139);
    check_dirac("loss.kind = \"wasserstein\"\nremedies.weight-clipping.limit = 1.0", 1.002, 1.024, 0.917);
    // The penalty of that table is lambda / 2 times the squared distance from one.
    let penalty = "loss.kind = \"wasserstein\"\nremedies.gradient-penalty.lambda = 0.35";
    check_dirac(penalty, 1.802, 1.221, 0.716);
    check_dirac("loss.kind = \"minimax\"\nremedies.r1.gamma = 0.3", 2.64e-6, 2.30e-7, 9.2e-34);
    check_dirac("loss.kind = \"minimax\"\nremedies.r1.gamma = 1.0", 9.5e-22, 7.5e-17, 5.1e-12);
    check_dirac("loss.kind = \"non-saturating\"\nremedies.r1.gamma = 0.3", 2.21e-6, 1.50e-7, 4.0e-34);
}
