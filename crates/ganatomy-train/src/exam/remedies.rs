//! Every loss with every remedy: the whole game's gradient against finite differences, and short runs of every pair.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use ganatomy_data::keyed::Keyed;
use ganatomy_game::loss::losses;
use ganatomy_game::remedy::remedies;
use ganatomy_game::scheme::schemes;
use ganatomy_game::step::{Declared, Game, Memory, Players, Turn, Who};
use ganatomy_record::{Checkpoints, Entry, Event, Outcome, RecordError, RunFolder, Sink};
use ganatomy_tensor::{Cpu, Key, Tensor, Trace};

use super::{SMALL, interpreted, plan as plan_of, session};
use crate::{Plan, PlanError, Session, train};

/// Central differences in double precision, of functions whose third derivative is of the order of one.
const TOLERANCE: f64 = 2e-6;
/// The best of these counts: a kink of an absolute value may lie within the longer ones.
const STEPS: [f64; 3] = [1e-5, 1e-6, 1e-7];

/// A small run of a loss and what else a spec says.
fn plan(loss: &str, more: &str) -> Result<Plan, PlanError> {
    let judge = if loss == "began" { "discriminator.kind = \"autoencoder\"\n" } else { "" };
    let text = format!(
        "steps = 20\nbatch = 8\nloss.kind = \"{loss}\"\n{judge}{more}\ngenerator.hidden = [6]\ngenerator.z_dims = 2\n\
         discriminator.hidden = [6]\nprobes.modes.every_steps = 0\nprobes.gradients.every_steps = 0\nsamples.every_steps = 0\n"
    );
    plan_of(&text)
}

/// What a remedy needs of the rest of the run to be accepted, on the ring where that can be.
fn wants(remedy: &str) -> &'static str {
    match remedy {
        "image-conditioning" => "data = { kind = \"outlines\", size = 8 }\n",
        "reconstruction" => "remedies.image-conditioning = {}\ndata = { kind = \"outlines\", size = 8 }\n",
        "virtual-batch-norm" => "generator.norm = \"batch\"\n",
        // Half of the batch is left out at any time, so that ranks matter from the first step.
        "top-k" => "remedies.top-k.until = 1e-3\n",
        _ => "",
    }
}

fn with_remedy(loss: &str, remedy: &str) -> Result<Plan, PlanError> {
    plan(
        loss,
        &format!("remedies.{remedy} = {{}}\n{}", wants(remedy))
            .replace("remedies.top-k = {}\nremedies.top-k.until", "remedies.top-k.until"),
    )
}

/// The reason of a refusal, without the place in the spec.
fn why(error: &PlanError) -> String {
    let text = error.to_string();
    let sentence = text.lines().next().unwrap_or_default();
    sentence.split_once(": ").map_or(sentence, |(_, rest)| rest).to_owned()
}

/// Moves running statistics on until they stand: no gradient flows through them, which is exact only there.
fn settle(turn: &Turn<'_>, game: &dyn Game, players: &Players, values: &mut BTreeMap<String, Vec<f64>>) {
    for who in [Who::GENERATOR, Who::DISCRIMINATOR] {
        let running = game.objective(turn, players, who).running;
        // What was written meanwhile belongs to the next turn.
        turn.memory.rewind(Default::default());
        let (names, next): (Vec<&String>, Vec<&Tensor>) = running.iter().unzip();
        for _ in 0..if names.is_empty() { 0 } else { 400 } {
            let found = interpreted(&next, values, Key { seed: 1, step: 3 });
            values.extend(names.iter().map(|name| (*name).clone()).zip(found));
        }
    }
}

/// Both players' gradients along a random direction, against differences of their losses.
fn check_gradient(name: &str, plan: &Plan) {
    let trace = Trace::new();
    let (game, memory) = (&*plan.rules.game, Memory::new(&trace));
    let players = Players::inputs(&game.players(), &trace);
    let (step, done) = (trace.input("step", []), trace.full([], 0.5));
    let (purpose, batch) = ("b0".to_owned(), plan.batch());
    let turn = Turn { trace: &trace, purpose, batch, step, done, due: None, memory: &memory };
    let mut random = Keyed::new(&[3]);
    let mut values: BTreeMap<String, Vec<f64>> = BTreeMap::from([("step".to_owned(), vec![3.0])]);
    let mut number = || 0.6 * f64::from(random.normal());
    values.insert(
        "real.b0".into(),
        (0..plan.batch() * plan.rules.generator.item.iter().product::<usize>()).map(|_| number()).collect(),
    );
    for d in game.players().iter().flat_map(|player| &player.declared) {
        values.insert(d.name.clone(), (0..d.shape.numel()).map(|_| number()).collect());
    }
    values.insert("loss.k".into(), vec![0.3]);
    values.insert("remedy.replay.filled".into(), vec![64.0]);
    settle(&turn, game, &players, &mut values);
    for who in [Who::GENERATOR, Who::DISCRIMINATOR] {
        let loss = game.objective(&turn, &players, who).loss;
        memory.rewind(Default::default());
        let player = game.player(who).unwrap();
        let trained: Vec<&Declared> = player.trained().collect();
        let parameters: Vec<&Tensor> = trained.iter().map(|d| &players.of(who)[&d.name]).collect();
        let slopes = ganatomy_tensor::grad(&loss, &parameters);
        let along: Vec<Vec<f64>> =
            trained.iter().map(|d| (0..d.shape.numel()).map(|_| number()).collect()).collect();
        let at = |by: f64, outputs: &[&Tensor]| {
            let mut moved = values.clone();
            for (d, direction) in trained.iter().zip(&along) {
                let own = moved.get_mut(&d.name).unwrap();
                own.iter_mut().zip(direction).for_each(|(p, v)| *p += by * v);
            }
            interpreted(outputs, &moved, Key { seed: 1, step: 3 })
        };
        let found = at(0.0, &slopes.iter().collect::<Vec<_>>());
        let product: f64 =
            found.iter().flatten().zip(along.iter().flatten()).map(|(slope, v)| slope * v).sum();
        let differences =
            STEPS.map(|step| (at(step, &[&loss])[0][0] - at(-step, &[&loss])[0][0]) / (2.0 * step));
        let error = |difference: &f64| (product - difference).abs() / difference.abs().max(1.0);
        let least = differences.iter().map(error).fold(f64::INFINITY, f64::min);
        assert!(least < TOLERANCE, "{name}, {}: slope {product}, differences {differences:?}", who.name());
    }
}

#[test]
fn the_gradient_of_every_loss_with_every_remedy_agrees_with_finite_differences() {
    for loss in names(&losses()) {
        check_gradient(&loss, &plan(&loss, "").unwrap());
        for remedy in names(&remedies()) {
            if let Ok(plan) = with_remedy(&loss, &remedy) {
                check_gradient(&format!("{loss} with {remedy}"), &plan);
            }
        }
    }
}

/// Twenty steps; answers what became of the run.
fn play(name: &str, plan: Plan) {
    let mut events: Vec<Event> = Vec::new();
    let outcome = train(plan, session(), &mut events).unwrap();
    // A run that diverges is a result; these settings are mild enough for none to.
    assert_eq!(outcome, Outcome::Done, "{name}");
}

/// Every pair that is refused and the reason, as the table of the docs has it; every other pair is trained.
fn refusals() -> String {
    let (losses, schemes, remedies) = (names(&losses()), names(&schemes()), names(&remedies()));
    let mut refused: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut row = |loss: &str, with: &str, result: Result<Plan, PlanError>| match result {
        Ok(plan) => play(&format!("{loss} with {with}"), plan),
        Err(error) => refused.entry((with.to_owned(), why(&error))).or_default().push(loss.to_owned()),
    };
    for loss in &losses {
        for scheme in &schemes {
            row(loss, scheme, plan(loss, &format!("scheme.kind = \"{scheme}\"\n")));
        }
        for remedy in &remedies {
            row(loss, remedy, with_remedy(loss, remedy));
        }
    }
    let mut table = String::from("| Method | Losses | Refused because |\n|---|---|---|\n");
    for ((with, reason), some) in refused {
        let some = if some.len() == losses.len() { "all".to_owned() } else { some.join(", ") };
        table.push_str(&format!("| `{with}` | {some} | {reason} |\n"));
    }
    table
}

#[test]
fn every_loss_trains_with_every_scheme_and_remedy_or_is_refused_as_documented() {
    let found = refusals();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/refusals.md");
    let documented = std::fs::read_to_string(path).unwrap_or_default();
    assert!(documented.contains(&found), "docs/refusals.md must hold this table:\n{found}");
}

/// Steps of eight generated items into a buffer, which must hold as many of them as there are places for.
fn check_replay(capacity: usize) {
    let plan = plan("minimax", &format!("remedies.replay.capacity = {capacity}\n"));
    let mut run = crate::Training::new(plan.unwrap(), session()).unwrap();
    let mut before = vec![0.0; 2 * capacity];
    for step in 1..8 {
        run.advance(1).unwrap();
        let items = run.tensor("remedy.replay.items").unwrap().to_vec();
        let filled = run.tensor("remedy.replay.filled").unwrap()[0];
        let held = items.chunks(2).filter(|item| **item != [0.0, 0.0]).count();
        assert_eq!(
            (held, filled),
            ((8 * step).min(capacity), held as f32),
            "step {step} of {capacity} places"
        );
        // Each of the eight items is somewhere, and the others are where they were.
        let written = items.chunks(2).zip(before.chunks(2)).filter(|(new, old)| new != old).count();
        assert_eq!(written, 8.min(capacity), "step {step} of {capacity} places");
        before = items;
    }
}

#[test]
fn a_replay_buffer_holds_generated_items_alone() {
    [8, 12, 16, 30, 5].into_iter().for_each(check_replay);
}

/// Two steps ahead are enough to see what is kept, and compile much sooner than five.
fn short(scheme: &str) -> &'static str {
    if scheme == "unrolled" { "scheme.k = 2\n" } else { "" }
}

/// What a step keeps for the losses and remedies of a run.
fn kept(plan: &Plan) -> Vec<String> {
    let program = plan.step_program().unwrap();
    let outputs = program.outputs().into_iter().map(|(name, _)| name.to_owned());
    outputs.filter(|name| name.starts_with("loss.") || name.starts_with("remedy.")).collect()
}

#[test]
fn what_losses_and_remedies_keep_is_kept_under_every_scheme() {
    let (schemes, mut n_kept) = (names(&schemes()), 0);
    for remedy in names(&remedies()) {
        let Ok(usual) = with_remedy("minimax", &remedy) else { continue };
        if kept(&usual).is_empty() {
            continue;
        }
        for scheme in &schemes {
            let text = format!("remedies.{remedy} = {{}}\n{}", wants(&remedy));
            let text = text.replace("remedies.top-k = {}\n", "");
            let Ok(plan) = plan("minimax", &format!("{text}scheme.kind = \"{scheme}\"\n{}", short(scheme)))
            else {
                continue;
            };
            assert_eq!(kept(&plan), kept(&usual), "{remedy} under {scheme}");
        }
        n_kept += 1;
    }
    assert!(n_kept >= 4, "only {n_kept} remedies keep anything");
    for scheme in schemes.iter().filter(|scheme| *scheme != "competitive") {
        let plan = plan("began", &format!("scheme.kind = \"{scheme}\"\n")).unwrap();
        assert_eq!(kept(&plan), ["loss.k"], "began under {scheme}");
    }
}

/// Stops a run after so many steps.
struct StopAfter(u64);

impl Sink for StopAfter {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        let over = matches!(event, Event::Step { step, .. } if *step >= self.0);
        Ok(if over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

/// The last checkpoint of a run that is stopped after these many steps and goes on.
fn last_checkpoint(plan: &Arc<Plan>, stop_after: u64) -> Vec<u8> {
    let home = tempfile::tempdir().unwrap();
    let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
    let mut session = Session::in_folder(folder.clone(), Cpu::new(1));
    train(Arc::clone(plan), session.clone(), &mut StopAfter(stop_after)).unwrap();
    session.resume = true;
    assert_eq!(train(Arc::clone(plan), session, &mut StopAfter(u64::MAX)).unwrap(), Outcome::Done);
    std::fs::read(Checkpoints::latest(&folder).unwrap().unwrap().path).unwrap()
}

#[test]
fn a_run_with_any_remedy_or_scheme_resumes_bit_for_bit() {
    let check = |name: &str, plan: Result<Plan, PlanError>| {
        if let Ok(plan) = plan.map(Arc::new) {
            assert!(last_checkpoint(&plan, 7) == last_checkpoint(&plan, 20), "{name} resumes elsewhere");
        }
    };
    for remedy in names(&remedies()) {
        check(&remedy, with_remedy("minimax", &remedy));
    }
    for scheme in names(&schemes()) {
        check(&scheme, plan("wasserstein", &format!("scheme.kind = \"{scheme}\"\n")));
    }
    check("began", plan("began", ""));
    check("lazy R1", plan("minimax", "remedies.r1.every_steps = 3\n"));
}

/// The names of a table's rows.
fn names<T: ?Sized>(entries: &[Entry<T>]) -> Vec<String> {
    entries.iter().map(|entry| entry.name().to_owned()).collect()
}

#[test]
fn unrolled_moves_with_gradients_in_their_objectives_are_few_or_refused() {
    let with = |k: u64| {
        let scheme = format!("scheme = {{ kind = \"unrolled\", k = {k} }}\n");
        plan_of(&format!("{scheme}remedies.consensus-penalty = {{}}\n{SMALL}"))
    };
    assert!(with(3).is_ok());
    let error = with(4).err().unwrap().to_string();
    assert!(
        error.contains("does not go with remedies.consensus-penalty beyond scheme.k = 3, found 4"),
        "{error}"
    );
}
