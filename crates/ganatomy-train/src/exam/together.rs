//! Populations on this processor, and what cannot be one.

use std::ops::ControlFlow;
use std::sync::Arc;

use ganatomy_data::DataContext;
use ganatomy_record::{Event, Outcome, RecordError, RunSpec, Sink};
use ganatomy_tensor::Cpu;

use super::away::Elsewhere;
use super::{SMALL, plan, population};
use crate::{Entrant, NotTogether, Plan, Registry, Session, Together};

#[test]
fn sixteen_together_are_sixteen_alone() {
    population::check("", None);
}

#[test]
fn methods_together_are_what_they_are_alone() {
    population::check("game.kind = \"vae\"\nscheme.kind = \"simultaneous\"\n", None);
    population::check(
        "scheme = { kind = \"unrolled\", k = 1 }\nremedies = { r1 = { every_steps = 3 }, replay = {} }\naverage.kind = \"uniform\"\n",
        None,
    );
}

#[test]
fn calls_of_many_steps_are_the_same_steps() {
    population::check("", Some(&Elsewhere::default()));
}

fn refusal(specs: &[&str]) -> String {
    let plans = specs.iter().map(|more| Arc::new(plan(&format!("{SMALL}{more}")).unwrap())).collect();
    Together::new(plans).unwrap_err().to_string()
}

#[test]
fn what_differs_in_more_than_numbers_is_refused_by_its_field() {
    let only =
        "the runs of a population may differ in the seed and in numbers of their programs only, but run 2";
    let check = |second: &str, said: &str| {
        let found = refusal(&["", second]);
        assert!(found.starts_with(&format!("{only} {said}")), "{found}");
    };
    check(
        "seed = 4\nloss.kind = \"hinge\"\n",
        "has loss.kind = \"hinge\" where the first has \"non-saturating\"",
    );
    check("scheme.d_steps = 2\n", "has scheme.d_steps = 2 where the first has");
    check("steps = 7\nscheme.d_steps = 2\n", "has steps = 7 where the first has 3000");
    check("data.std = 0.5\n", "has data.std = 0.5 where the first has");
    check("remedies.r1 = { every_steps = 4 }\n", "has remedies.r1 = ");
    let wide = SMALL.replace("hidden = [6]", "hidden = [7]");
    let plans = [SMALL, &wide].map(|text| Arc::new(plan(text).unwrap()));
    let found = Together::new(plans.into()).unwrap_err().to_string();
    assert!(
        found.starts_with(&format!("{only} has generator.hidden = [7] where the first has [6]")),
        "{found}"
    );
    assert!(matches!(Together::new(Vec::new()), Err(NotTogether::Empty)));
    let imle = SMALL.lines().filter(|line| !line.starts_with("discriminator")).collect::<Vec<_>>().join("\n");
    let imle = Arc::new(plan(&format!("{imle}\ngame.kind = \"imle\"\n")).unwrap());
    let found = Together::new(vec![Arc::clone(&imle), imle]).unwrap_err().to_string();
    assert!(found.ends_with("each of their steps is prepared by the host"), "{found}");
}

#[test]
fn other_data_is_not_shared() {
    let first = plan(SMALL).unwrap();
    let other = RunSpec::parse(&format!("{SMALL}data.std = 0.5\n"), "other.toml").unwrap();
    let error = first.beside(&other, &Registry::builtin()).unwrap_err().to_string();
    assert!(
        error.contains("data.std must be 0.02, as in the run whose data is shared, found 0.5"),
        "{error}"
    );
    let same = RunSpec::parse(&format!("{SMALL}seed = 5\n"), "same.toml").unwrap();
    assert_eq!(first.beside(&same, &Registry::builtin()).unwrap().seed(), 5);
}

/// Breaks after a step, or fails.
struct Moody {
    stops_after: u64,
    fails_after: u64,
    n_steps: u64,
}

impl Sink for Moody {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        let Event::Step { step, .. } = event else { return Ok(ControlFlow::Continue(())) };
        self.n_steps = *step;
        if *step == self.fails_after {
            return Err(RecordError::other(std::io::Error::other("the disk is full")));
        }
        Ok(if *step == self.stops_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

#[test]
fn what_ends_a_run_ends_it_alone() {
    let text = |seed: u64| format!("steps = 20\nseed = {seed}\n{SMALL}");
    let first = Plan::new(&RunSpec::parse(&text(0), "test").unwrap(), &DataContext::default()).unwrap();
    let others = (1..4).map(|seed| RunSpec::parse(&text(seed), "test").unwrap());
    let others: Vec<Plan> = others.map(|spec| first.beside(&spec, &Registry::builtin()).unwrap()).collect();
    let plans: Vec<Arc<Plan>> = std::iter::once(first).chain(others).map(Arc::new).collect();
    let cpu = Arc::new(Cpu::new(1));
    let never = u64::MAX;
    let mut sinks = [(never, never), (5, never), (never, 8), (never, never)]
        .map(|(stops_after, fails_after)| Moody { stops_after, fails_after, n_steps: 0 });
    let entrants =
        sinks.iter_mut().map(|sink| Entrant { session: Session::in_memory(Arc::clone(&cpu)), sink });
    let entrants = entrants.collect();
    let ended = Together::new(plans).unwrap().train(entrants, &cpu, None).unwrap();
    assert!(
        matches!(&ended[..], [Ok(Outcome::Done), Ok(Outcome::Interrupted), Err(_), Ok(Outcome::Done)]),
        "{ended:?}"
    );
    assert_eq!(sinks.map(|sink| sink.n_steps), [20, 5, 8, 20]);
}
