//! Classes that are asked for: as often as the data have them, and one on a walk.

use ganatomy_data::Images;
use ganatomy_record::{RunFolder, RunSpec, Sink};
use ganatomy_tensor::Cpu;

use super::session;
use crate::{Plan, Registry, Sampler, Session, Training, train};

/// 180 images of one class and 20 of another, all alike: only the classes can tell real from generated.
fn uneven() -> Images {
    let labels = (0..200).map(|i| u32::from(i % 10 == 9)).collect();
    Images::new([2, 1, 1], [127, 128].repeat(200)).unwrap().with_labels(labels, 2).unwrap()
}

/// A generator that stands still.
const STILL: &str = "steps = 300\nbatch = 100\nsamples.every_steps = 0\naverage.kind = \"none\"\n\
    generator = { hidden = [], z_dims = 2, update.kind = \"still\" }\n\
    discriminator = { hidden = [], update.lr = 0.05 }\nprobes.classes.every_steps = 0\n\
    remedies.class-conditioning = { how = \"concatenation\" }\n";

fn spec(more: &[&str]) -> RunSpec {
    let mut spec = RunSpec::parse(STILL, "test").unwrap();
    more.iter().for_each(|assignment| spec.set(assignment).unwrap());
    spec
}

fn plan(more: &[&str]) -> Plan {
    Plan::with_data(&spec(more), uneven(), &Registry::builtin()).unwrap()
}

/// D's loss where it has settled.
fn settled(more: &[&str]) -> f64 {
    let mut run = Training::new(plan(more), session()).unwrap();
    // G makes the one image of the data exactly.
    let a = (1.0f32 / 255.0).atanh();
    for (name, values) in [("weight", vec![0.0; 8]), ("bias", vec![-a, a])] {
        run.set(&format!("generator.out.{name}"), &values).unwrap();
    }
    assert_eq!(run.advance(250).unwrap(), None);
    let losses = (0..50).map(|_| {
        run.advance(1).unwrap();
        run.readings()["discriminator/loss"]
    });
    losses.sum::<f64>() / 50.0
}

#[test]
fn classes_alone_do_not_tell_generated_from_real_where_labels_are_the_datas() {
    let (as_data, even) = (settled(&[]), settled(&["remedies.class-conditioning.labels=even"]));
    let blind = 4f64.ln();
    assert!((as_data - blind).abs() < 0.01, "{as_data}");
    // The Jensen-Shannon divergence of (0.9, 0.1) and (0.5, 0.5) is 0.102: D's best loss is 1.182.
    assert!((even - 1.182).abs() < 0.03, "{even}");
}

#[test]
fn samples_have_the_classes_of_the_data_or_the_one_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let sampler = |name: &str, more: &[&str]| {
        let plan = plan(&[&["steps=1"], more].concat());
        let table = plan.resolved().table.to_string();
        let run = RunFolder::create(&folder.path().join(name), false, "", &table).unwrap();
        let mut sink: Vec<ganatomy_record::Event> = Vec::new();
        train(plan, Session::in_folder(run.clone(), Cpu::new(1)), &mut sink as &mut dyn Sink).unwrap();
        Sampler::open(&run, &Cpu::new(1), true).unwrap()
    };
    let (cpu, n) = (Cpu::new(1), 4000);
    let share = |classes: &[u32]| classes.iter().sum::<u32>() as f64 / n as f64;
    let mut as_data = sampler("data", &[]);
    let drawn = as_data.draw_of(&cpu, n, 1, None).unwrap();
    assert!((share(&drawn.classes) - 0.1).abs() < 0.02, "{}", share(&drawn.classes));
    let even =
        sampler("even", &["remedies.class-conditioning.labels=even"]).draw_of(&cpu, n, 1, None).unwrap();
    assert!((share(&even.classes) - 0.5).abs() < 0.04, "{}", share(&even.classes));
    let one = as_data.draw_of(&cpu, 300, 1, Some(1)).unwrap();
    assert_eq!((one.classes, one.items.len()), (vec![1; 300], 600));
    assert!(one.items != drawn.items[..600], "the class matters to the network");
    let walk = as_data.interpolate_of(&cpu, 3, 4, 0, None).unwrap();
    assert_eq!(walk.classes, [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0]);
    assert_eq!(as_data.interpolate_of(&cpu, 2, 2, 0, Some(1)).unwrap().classes, [1; 4]);
    assert_eq!((as_data.class("1").unwrap(), as_data.class_names()), (1, &["0", "1"].map(str::to_owned)[..]));
    let unknown = as_data.class("cat").unwrap_err().to_string();
    assert_eq!(unknown, "there is no class \"cat\"; the classes are 0 \"0\", 1 \"1\"");
    assert!(as_data.draw_of(&cpu, 1, 0, Some(2)).is_err());
}
