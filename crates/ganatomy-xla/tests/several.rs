//! Programs divided among several devices answer what one device answers.
//!
//! It needs a plugin that offers four, as the one for processors does: `GANATOMY_PJRT` names its file, and without one the test says so and is
//! left out.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeMap;

use ganatomy_tensor::{ConvGeometry, Device, Key, Many, Precision, Program, Room, Tensor, Trace, grad};
use ganatomy_xla::{Options, Xla};

const KEY: Key = Key { seed: 7, step: 100 };
/// Sums over the batch are made in another order.
const TOLERANCE: f32 = 1e-5;
const BATCH: usize = 8;
const MOST: usize = 3;

/// So many devices of a plugin that offers four or more, as the one for processors does of this one; or nothing where there is none.
fn devices(n: usize) -> Option<Xla> {
    let Some(path) = std::env::var_os("GANATOMY_PJRT") else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return None;
    };
    let device = Xla::open(path.as_ref(), &Options { n_devices: Some(n), ..Options::default() });
    let Ok(device) = device.inspect_err(|error| eprintln!("skipped: {error}")) else {
        // The plugin that tests are made with offers four.
        assert!(!path.to_string_lossy().contains("cpu"));
        return None;
    };
    Some(device)
}

/// Fixed, uneven numbers.
fn numbers(n: usize, salt: usize) -> Vec<f32> {
    (0..n).map(|i| ((i * 7919 + salt * 104_729 + 13) as f32 * 0.618_034).fract() - 0.5).collect()
}

type Named = Vec<(&'static str, Tensor)>;
type Build = fn(&Trace) -> Named;

/// Programs that learn a state `w` from a batch `x`, each in a way of its own.
fn programs() -> Vec<(&'static str, Build)> {
    fn learned(trace: &Trace, shape: &[usize], loss: impl Fn(&Tensor) -> Tensor) -> Named {
        let w = trace.input("w", shape);
        let loss = loss(&w);
        let [g] = &grad(&loss, &[&w])[..] else { unreachable!() };
        vec![("w", &w - g * 0.1), ("loss", loss)]
    }
    vec![
        ("product", |trace| {
            let x = trace.input("x", [BATCH, 5]);
            learned(trace, &[5, 3], |w| x.matmul(w).tanh().square().sum_all())
        }),
        ("statistics of the batch", |trace| {
            let x = trace.input("x", [BATCH, 5]);
            learned(trace, &[5, 4], |w| {
                let y = x.matmul(w);
                let centred = &y - y.mean(&[0]);
                let spread = (centred.square().mean(&[0]) + 1e-3).rsqrt();
                (centred * spread).square().square().sum_all()
            })
        }),
        ("all pairs of the batch", |trace| {
            let x = trace.input("x", [BATCH, 5]);
            learned(trace, &[5, 6], |w| {
                let y = x.matmul(w).reshape([BATCH, 2, 3]).permute(&[1, 2, 0]);
                y.nearness().square().sum_all()
            })
        }),
        ("random numbers", |trace| {
            let z = trace.normal("z", [BATCH, 80]);
            let (kept, scalar) = (trace.uniform("kept", [BATCH, 80]).gt(0.3), trace.uniform("one", []));
            let x = trace.input("x", [BATCH, 5]).sum_all();
            learned(trace, &[80, 2], |w| ((&z * &kept).matmul(w).tanh() * (&x + &scalar)).sum_all())
        }),
        ("convolution", |trace| {
            let x = trace.input("x", [BATCH, 6, 6, 2]);
            let geometry = ConvGeometry::strided(2, 1);
            learned(trace, &[3, 3, 2, 4], |w| x.conv2d(w, &geometry).softplus().square().sum_all())
        }),
        ("rows by label", |trace| {
            let (x, labels) = (trace.input("x", [BATCH, 4]), trace.input("labels", [BATCH]));
            learned(trace, &[3, 4], |w| (w.gather(&labels) * &x).tanh().square().sum_all())
        }),
        ("two batches joined", |trace| {
            let (x, z) = (trace.input("x", [BATCH, 4]), trace.normal("z", [BATCH, 4]));
            learned(trace, &[4, 4], |w| {
                let both = x.concat(&[&z.matmul(w)], 0).matmul(w).tanh();
                both.slice(&[0, 0], [BATCH, 4]).square().sum_all()
                    - both.slice(&[BATCH, 0], [BATCH, 4]).sum_all()
            })
        }),
    ]
}

/// What is given before the `nth` step.
fn given(program: &Program, nth: usize) -> BTreeMap<String, Vec<f32>> {
    let inputs = program.inputs().into_iter().filter(|(name, _)| *name != "w");
    inputs
        .map(|(name, shape)| {
            let raw = numbers(shape.numel(), nth);
            let labels = || raw.iter().map(|x| ((x + 0.5) * 3.0).floor()).collect();
            (name.to_owned(), if name == "labels" { labels() } else { raw.clone() })
        })
        .collect()
}

fn begin(device: &Xla, program: &Program, axis: usize) -> Box<dyn Room> {
    let mut room = device.room(Precision::Highest).unwrap();
    ["x", "labels"].iter().for_each(|name| room.cut(name, axis));
    let (_, shape) = program.inputs().into_iter().find(|(name, _)| *name == "w").unwrap();
    room.put("w", shape, &numbers(shape.numel(), 1)).unwrap();
    room
}

fn read(room: &dyn Room, program: &Program) -> Vec<f32> {
    let mut all = Vec::new();
    for (name, shape) in program.outputs() {
        let mut values = vec![0.0; shape.numel()];
        room.get(name, &mut values).unwrap();
        all.extend(values);
    }
    all
}

/// State and loss after some steps, one by one and in one call.
fn trained(device: &Xla, program: &Program) -> [Vec<f32>; 2] {
    let mut singly = begin(device, program, 0);
    let step = singly.compile(program).unwrap();
    let mut stacked: BTreeMap<String, Vec<f32>> = BTreeMap::new();
    for nth in 0..MOST {
        for (name, values) in given(program, nth) {
            let shape = program.inputs().into_iter().find(|input| input.0 == name).unwrap().1;
            singly.put(&name, shape, &values).unwrap();
            let mut back = vec![0.0; values.len()];
            singly.get(&name, &mut back).unwrap();
            assert_eq!(back, values, "{name} comes back as it was given");
            stacked.entry(name).or_default().extend(values);
        }
        singly.run(step, Key { step: KEY.step + nth as u64, ..KEY }).unwrap();
    }
    let mut at_once = begin(device, program, 1);
    let fed = stacked.keys().cloned().collect();
    let many = Many { most: MOST, fed, watched: vec!["loss".to_owned()] };
    let steps = at_once.compile_many(program, &many).unwrap();
    for (name, values) in stacked {
        let shape = program.inputs().into_iter().find(|input| input.0 == name).unwrap().1;
        let shape = std::iter::once(MOST).chain(shape.iter().copied()).collect();
        at_once.put(&name, &shape, &values).unwrap();
        let mut back = vec![0.0; values.len()];
        at_once.get(&name, &mut back).unwrap();
        assert_eq!(back, values, "{name} comes back as it was given");
    }
    assert_eq!(at_once.run_many(steps, KEY, MOST as u64).unwrap(), MOST as u64);
    [read(&*singly, program), read(&*at_once, program)]
}

/// The largest difference, beside one and the number.
fn apart(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).fold(0.0, |most, (a, b)| most.max((a - b).abs() / (1.0 + b.abs())))
}

#[test]
fn programs_answer_on_several_devices_what_they_answer_on_one() {
    let Some(one) = devices(1) else { return };
    let [two, four] = [2, 4].map(|n| devices(n).unwrap());
    for (nth, (name, build)) in programs().into_iter().enumerate() {
        let trace = Trace::new();
        let outputs = build(&trace);
        let outputs: Vec<(&str, &Tensor)> = outputs.iter().map(|(name, tensor)| (*name, tensor)).collect();
        let program = Program::compile(&trace, &outputs).unwrap();
        let [truth, same] = trained(&one, &program);
        assert!(truth.iter().all(|x| x.is_finite()), "{name}");
        assert!(apart(&same, &truth) < TOLERANCE, "{name}");
        // Two devices are four with half the parts: a few programs show that.
        for device in &[&two, &four][usize::from(nth >= 2)..] {
            for found in trained(device, &program) {
                let apart = apart(&found, &truth);
                let n = device.n_devices();
                eprintln!("{name} on {n}: {apart:e}");
                assert!(apart < TOLERANCE, "{name} on {n} devices differs by {apart:e}");
            }
        }
    }
}
