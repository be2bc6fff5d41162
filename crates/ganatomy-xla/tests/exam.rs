//! The exam on a device: every op's values, first and second derivatives, in f32 and f64, against the plain interpreter.
//!
//! It needs a plugin: `GANATOMY_PJRT` names its file, and without one the tests say so and are left out.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use std::collections::BTreeMap;

// The cases take these from the root of whatever holds them.
use ganatomy_tensor::{ConvGeometry, Distribution, Tensor, grad};
use ganatomy_tensor::{Key, Program, Shape, Store, Trace, interpret};
use ganatomy_xla::{Client, Number, Options, Plugin, XlaRoom};

#[path = "../../ganatomy-tensor/src/exam/cases.rs"]
mod cases;

use cases::{Case, cases};

const KEY: Key = Key { seed: 3, step: 5 };
const F64_TOLERANCE: f64 = 1e-11;
const F32_TOLERANCE: f64 = 4e-5;

/// The device, or nothing where no plugin is named.
fn client() -> Option<Client> {
    let Some(path) = std::env::var_os("GANATOMY_PJRT") else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return None;
    };
    let plugin = Plugin::load(path.as_ref()).unwrap();
    let client = Client::new(&plugin, &Options::default()).unwrap();
    eprintln!("on {:?}, PJRT {:?}", client.kind().unwrap(), plugin.version());
    Some(client)
}

/// Fixed, uneven numbers from a range.
fn numbers(n: usize, salt: usize, (low, high): (f64, f64)) -> Vec<f64> {
    let fraction = |i: usize| ((i * 7919 + salt * 104_729 + 13) as f64 * 0.618_033_988_749_895).fract();
    (0..n).map(|i| low + (high - low) * fraction(i)).collect()
}

/// A case traced, with its values and its first and second derivatives as outputs.
fn traced(case: &Case) -> (Trace, Vec<Tensor>) {
    let trace = Trace::new();
    let inputs: Vec<Tensor> =
        case.inputs.iter().enumerate().map(|(i, input)| trace.input(&format!("x{i}"), input.shape)).collect();
    let output = (case.build)(&inputs);
    let weighted = |t: &Tensor, salt: usize| {
        let weights = trace.literal(t.shape(), &numbers(t.shape().numel(), salt, (-1.0, 1.0)));
        (t * weights).sum_all()
    };
    let first = weighted(&output, 1);
    let smooth: Vec<&Tensor> =
        inputs.iter().zip(case.inputs).filter(|(_, input)| input.smooth).map(|(x, _)| x).collect();
    let gradients = grad(&first, &smooth);
    let second = gradients.iter().enumerate().fold(trace.zeros([]), |sum, (i, g)| sum + weighted(g, 2 + i));
    let hessians = grad(&second, &smooth);
    let outputs = [output, first, second].into_iter().chain(gradients).chain(hessians).collect();
    (trace, outputs)
}

fn check<E: Number>(client: &Client, case: &Case, tolerance: f64) -> Result<(), String> {
    let (trace, outputs) = traced(case);
    let names: Vec<String> = (0..outputs.len()).map(|i| format!("out{i}")).collect();
    let named: Vec<(&str, &Tensor)> = names.iter().map(String::as_str).zip(&outputs).collect();
    let program = Program::compile(&trace, &named).unwrap();
    let failed = |error: ganatomy_xla::XlaError| format!("{}: {error}", case.name);
    let (mut room, mut inputs) = (XlaRoom::<E>::new(client), BTreeMap::new());
    let step = room.compile(&program).map_err(failed)?;
    for (i, input) in case.inputs.iter().enumerate() {
        let raw = numbers(input.shape.iter().product(), 11 + i, input.range);
        let values: Vec<E> =
            raw.iter().map(|x| E::from_f64(if input.whole { x.floor() } else { *x })).collect();
        room.put(&format!("x{i}"), &input.shape.into(), &values).map_err(failed)?;
        inputs.insert(format!("x{i}"), values);
    }
    room.run(step, KEY).map_err(failed)?;
    let truth = interpret(&outputs.iter().collect::<Vec<_>>(), &inputs, KEY).unwrap();
    for (name, truth) in names.iter().zip(&truth) {
        let mut found = vec![E::ZERO; truth.len()];
        room.get(name, &mut found).map_err(failed)?;
        let largest = truth.iter().map(|x| x.to_f64().abs()).filter(|x| x.is_finite()).fold(0.0, f64::max);
        for (i, (a, b)) in found.iter().zip(truth).enumerate() {
            let (a, b) = (a.to_f64(), b.to_f64());
            let error = (a - b).abs() / (1.0 + b.abs() + largest);
            if !(a == b || a.is_nan() && b.is_nan() || error <= tolerance) {
                let kind = E::FLOAT.name();
                return Err(format!("{} {kind} {name}[{i}]: {a}, but {b} is right ({error:e})", case.name));
            }
        }
    }
    Ok(())
}

#[test]
fn every_op_and_its_derivatives_agree_with_the_interpreter() {
    let Some(client) = client() else { return };
    let cases = cases();
    let wrong: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            [check::<f32>(&client, case, F32_TOLERANCE), check::<f64>(&client, case, F64_TOLERANCE)]
        })
        .filter_map(Result::err)
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), 2 * cases.len(), wrong.join("\n"));
}

/// A NaN or an infinity is never hidden, and nothing is made of nothing, as the interpreter has it.
#[test]
fn what_is_no_number_and_what_is_empty_agree_too() {
    let Some(client) = client() else { return };
    let trace = Trace::new();
    let (x, none) = (trace.input("x", [2, 3]), trace.input("none", [0, 3]));
    let pixels = trace.input("pixels", [0, 4, 4, 2]);
    let weights = trace.full([3, 3, 2, 5], 1.0);
    let zero = &x * 0.0;
    let geometry = ConvGeometry::strided(1, 1);
    let outputs = [
        x.maximum(&zero),
        zero.minimum(&x),
        x.softplus(),
        x.relu(),
        x.max(&[1]),
        x.min(&[0]),
        x.sum(&[1]),
        x.argmax(1),
        x.argmin(0),
        zero,
        x.gt(0.5),
        none.gather(&x.slice(&[0, 0], [1, 3]).reshape([3])),
        none.sum(&[0]),
        pixels.conv2d(&weights, &geometry).sum(&[0]),
        pixels.conv2d_weight_grad(&trace.zeros([0, 4, 4, 5]), &geometry, &[3, 3, 2, 5].into()),
    ];
    let names: Vec<String> = (0..outputs.len()).map(|i| format!("out{i}")).collect();
    let named: Vec<(&str, &Tensor)> = names.iter().map(String::as_str).zip(&outputs).collect();
    let program = Program::compile(&trace, &named).unwrap();
    let mut room = XlaRoom::<f32>::new(&client);
    let step = room.compile(&program).unwrap();
    for values in
        [[1.0, f32::NAN, 5.0, f32::INFINITY, -2.0, 0.0], [f32::NAN, 1.0, 2.0, -1.0, 3.0, f32::NEG_INFINITY]]
    {
        let inputs: BTreeMap<String, Vec<f32>> = [
            ("x".to_owned(), values.to_vec()),
            ("none".to_owned(), Vec::new()),
            ("pixels".to_owned(), Vec::new()),
        ]
        .into();
        for (name, shape) in program.inputs() {
            room.put(name, shape, &inputs[name]).unwrap();
        }
        room.run(step, KEY).unwrap();
        let truth = interpret(&outputs.iter().collect::<Vec<_>>(), &inputs, KEY).unwrap();
        for (name, truth) in names.iter().zip(&truth) {
            let mut found = vec![0.0; truth.len()];
            room.get(name, &mut found).unwrap();
            let same = |(a, b): (&f32, &f32)| a == b || a.is_nan() && b.is_nan() || (a - b).abs() < 1e-5;
            assert!(
                found.iter().zip(truth).all(same),
                "{name} of {values:?}: {found:?}, but {truth:?} is right"
            );
        }
    }
}

/// A state that is read and replaced stays on the device, and a run of steps draws what the CPU draws.
#[test]
fn state_stays_on_the_device_from_step_to_step() {
    let Some(client) = client() else { return };
    let trace = Trace::new();
    let (w, x) = (trace.input("w", [3]), trace.input("x", [3]));
    let noise = trace.uniform("noise", [3]);
    let new = &w * 0.9 + &x * 0.1 + noise;
    let program = Program::compile(&trace, &[("w", &new), ("size", &new.square().sum_all())]).unwrap();
    let mut store = Store::<f32>::new();
    store.insert("w", [3], vec![1.0, -2.0, 3.0]).unwrap();
    store.insert("x", [3], vec![0.5, 0.5, 0.5]).unwrap();
    let three = Shape::from([3]);
    let mut room = XlaRoom::<f32>::new(&client);
    let step = room.compile(&program).unwrap();
    for name in ["w", "x"] {
        room.put(name, &three, store.get(name).unwrap().values()).unwrap();
    }
    let cpu = ganatomy_tensor::Cpu::new(1);
    let mut bound = program.bind(&cpu, &mut store).unwrap();
    for n in 0..20 {
        let key = Key { seed: 7, step: n };
        if n == 10 {
            store.get_mut("x").unwrap().values_mut().copy_from_slice(&[9.0, 8.0, 7.0]);
            room.put("x", &three, &[9.0, 8.0, 7.0]).unwrap();
        }
        bound.run(&cpu, &mut store, key).unwrap();
        room.run(step, key).unwrap();
    }
    let (mut found, mut size) = ([0.0; 3], [0.0]);
    room.get("w", &mut found).unwrap();
    room.get("size", &mut size).unwrap();
    let truth = store.get("w").unwrap().values();
    assert!(found.iter().zip(truth).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?} {truth:?}");
    assert!((size[0] - found.iter().map(|w| w * w).sum::<f32>()).abs() < 1e-3);
    let said = |result: Result<(), ganatomy_xla::XlaError>| result.unwrap_err().to_string();
    assert!(said(room.get("nothing", &mut size)).contains("no tensor named nothing"));
    assert!(said(room.put("x", &three, &[1.0])).contains("has 1 values, and the program wants 3"));
    room.put("x", &[2].into(), &[1.0, 2.0]).unwrap();
    assert!(said(room.run(step, KEY)).contains("tensor x has 2 values"));
}

#[test]
fn what_is_no_plugin_is_refused_in_one_sentence() {
    let home = std::env::temp_dir().join(format!("ganatomy-plugin-{}", std::process::id()));
    std::fs::write(&home, b"no library").unwrap();
    for path in ["/no/such/plugin.so".as_ref(), home.as_path()] {
        let said = Plugin::load(path).unwrap_err().to_string();
        assert!(said.contains(" is no PJRT plugin: ") && !said.contains('\n'), "{said}");
    }
    std::fs::remove_file(&home).unwrap();
}
