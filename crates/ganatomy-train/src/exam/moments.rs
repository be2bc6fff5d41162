//! What a step draws, what a probe reads, what is blamed, and which state is kept, moment by moment.

use std::collections::BTreeSet;
use std::sync::Arc;

use ganatomy_record::{Checkpoints, RunFolder, RunReader, RunWriter};
use ganatomy_tensor::{Cpu, Store};

use super::{SMALL, plan, session};
use crate::{Sampler, Session, Training, train};

/// Players that stand still: what changes between steps is what is drawn.
const STILL: &str = "batch = 4\naverage.kind = \"none\"\ndata.kind = \"gaussian\"\n\
                     [generator]\nhidden = []\nz_dims = 1\nupdate.kind = \"still\"\n\
                     [discriminator]\nhidden = []\nupdate.kind = \"still\"\n";

fn training(text: &str) -> Training {
    Training::new(plan(text).unwrap(), session()).unwrap()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|x| x.to_bits()).collect()
}

#[test]
fn no_draw_of_a_step_repeats_or_overlaps_another() {
    // D has three turns a step, and every turn writes its generated items.
    let more = "scheme = { kind = \"alternating\", d_steps = 3 }\nremedies.replay.capacity = 48\n";
    let mut run = training(&format!("{more}{STILL}"));
    run.advance(4).unwrap();
    let kept = run.tensor("remedy.replay.items").unwrap();
    let different: BTreeSet<u32> = bits(kept).into_iter().collect();
    assert_eq!((kept.len(), different.len()), (48, 48), "{kept:?}");
}

#[test]
fn no_real_batch_of_an_epoch_repeats_another() {
    // Two real batches a step, of five of the ten points: a step is an epoch.
    let still = STILL.replace("gaussian", "ten-points").replace("batch = 4", "batch = 5");
    let still = still.replace("update.kind = \"still\"", "update.kind = \"sgd\"");
    let mut run = training(&format!("scheme = {{ kind = \"alternating\", d_steps = 2 }}\n{still}"));
    for step in 0..3 {
        run.advance(1).unwrap();
        let real = run.store.iter().filter(|(name, _)| name.starts_with("real."));
        let points: Vec<Vec<u32>> =
            real.flat_map(|(_, array)| array.values().chunks(2).map(bits).collect::<Vec<_>>()).collect();
        let different: BTreeSet<_> = points.iter().collect();
        assert_eq!((points.len(), different.len()), (10, 10), "step {step}");
    }
}

#[test]
fn the_gradient_probe_reads_other_real_items_every_time() {
    let mut run = training(STILL);
    // A generator that always makes one item: what is left to change is the real batch.
    let zeros = vec![0.0; run.tensor("generator.out.weight").unwrap().len()];
    run.set("generator.out.weight", &zeros).unwrap();
    let mut read = || {
        run.advance(1).unwrap();
        run.probe().unwrap()["discriminator/gradient_norm"]
    };
    let (first, second) = (read(), read());
    assert_ne!(first, second);
}

#[test]
fn a_probe_reads_another_batch_every_time_and_the_same_at_the_same_step() {
    let (mut run, mut again) = (training(STILL), training(STILL));
    let mut before = run.probe().unwrap();
    for step in 1..4 {
        run.advance(1).unwrap();
        let now = run.probe().unwrap();
        for name in ["generator/gradient_norm", "discriminator/gradient_norm"] {
            assert_ne!(now[name], before[name], "{name} at step {step}");
        }
        before = now;
    }
    again.advance(3).unwrap();
    assert_eq!(again.probe().unwrap(), before);
}

#[test]
fn what_is_not_finite_is_blamed_on_its_player() {
    for player in ["generator", "discriminator"] {
        let lr = |of: &str| if of == player { "3e38" } else { "1e-3" };
        let moving = |of: &str| format!("update = {{ kind = \"sgd\", lr = {} }}", lr(of));
        let text = STILL.replacen("update.kind = \"still\"", &moving("generator"), 1);
        let text = text.replacen("update.kind = \"still\"", &moving("discriminator"), 1);
        let head = "loss.kind = \"wasserstein\"\nscheme.kind = \"simultaneous\"\n";
        let mut run = training(&format!("{head}{text}"));
        // Both gradients are large, and one of them is too large for its learning rate.
        run.set("generator.out.bias", &[1000.0]).unwrap();
        run.set("discriminator.out.weight", &[-100.0]).unwrap();
        let broken = run.advance(1).unwrap().unwrap();
        assert!(broken.starts_with(&format!("{player}.out.")), "{broken} is blamed for {player}");
    }
}

/// A run of 20 steps in a folder of its own.
fn run_in(home: &tempfile::TempDir, name: &str, text: &str) -> RunFolder {
    let plan = plan(&format!("steps = 20\n{text}")).unwrap();
    let folder = RunFolder::create(&home.path().join(name), false, "", &plan.resolved().to_toml()).unwrap();
    train(plan, Session::in_folder(folder.clone(), Cpu::new(1)), &mut Vec::new()).unwrap();
    folder
}

#[test]
fn samples_and_exports_are_of_the_average_where_it_is_asked_for() {
    let (home, cpu) = (tempfile::tempdir().unwrap(), Cpu::new(1));
    let with =
        run_in(&home, "with", &format!("average = {{ kind = \"exponential\", decay = 0.9 }}\n{SMALL}"));
    let plain = run_in(&home, "plain", &format!("average.kind = \"none\"\n{SMALL}"));
    let drawn = |folder: &RunFolder, averaged: bool| {
        let mut sampler = Sampler::open(folder, &cpu, averaged).unwrap();
        let mut exported = Store::<f32>::new();
        exported.load_safetensors(&sampler.export().unwrap()).unwrap();
        let weights = bits(exported.get("generator.out.weight").unwrap().values());
        (bits(&sampler.draw(&cpu, 5, 1).unwrap()), weights)
    };
    // The average is another generator; without it both runs are the same.
    let (averaged, raw, never) = (drawn(&with, true), drawn(&with, false), drawn(&plain, true));
    assert!(averaged.0 != raw.0 && averaged.1 != raw.1);
    assert_eq!(raw, never);
    let mut checkpoint = Store::<f32>::new();
    let bytes = std::fs::read(Checkpoints::latest(&with).unwrap().unwrap().path).unwrap();
    checkpoint.load_safetensors(&bytes).unwrap();
    let kept = |name: &str| bits(checkpoint.get(name).unwrap().values());
    assert_eq!(averaged.1, kept("average.generator.out.weight"));
    assert_eq!(raw.1, kept("generator.out.weight"));
}

#[test]
fn seconds_of_earlier_sessions_count() {
    let home = tempfile::tempdir().unwrap();
    let folder = RunFolder::create(&home.path().join("run"), false, "", "").unwrap();
    let ends = [(5, false), (10, true), (15, true)].map(|(steps, resume)| {
        let plan = plan(&format!("steps = {steps}\ncheckpoint.every_steps = 5\n{SMALL}")).unwrap();
        // Each session's clock stands at 100 seconds.
        let clock = Arc::new(|| 100.0);
        let session = Session { resume, clock, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        let mut writer = RunWriter::open(&folder, 1e9, "box").unwrap();
        train(plan, session, &mut writer).unwrap();
        RunReader::open(&folder).read_all().unwrap().last().unwrap().secs()
    });
    assert_eq!(ends, [100.0, 200.0, 300.0]);
}

#[test]
fn a_run_does_not_go_on_with_other_data() {
    let home = tempfile::tempdir().unwrap();
    let folder = run_in(&home, "run", SMALL);
    let again = |more: &str| {
        let session = Session { resume: true, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        Training::new(plan(&format!("steps = 30\n{more}{SMALL}")).unwrap(), session)
    };
    assert_eq!(again("").unwrap().step(), 20);
    let error = again("data = { kind = \"ring\", radius = 3 }\n").unwrap_err().to_string();
    assert!(error.contains(" was trained on other data: "), "{error}");
}
