//! Several runs in one call are the same runs one by one, to the bit; and products are as exact as was asked.
//!
//! It needs a plugin: `GANATOMY_PJRT` names its file, and without one the tests say so and are left out.

#![allow(clippy::unwrap_used, reason = "these are tests")]

use ganatomy_tensor::{Device, Key, Many, Precision, Program, Room, Trace};
use ganatomy_xla::{Options, Xla};

const MOST: usize = 8;
const KEY: Key = Key { seed: 7, step: 100 };

fn device() -> Option<Xla> {
    let Some(path) = std::env::var_os("GANATOMY_PJRT") else {
        eprintln!("skipped: GANATOMY_PJRT names no plugin");
        return None;
    };
    Some(Xla::open(path.as_ref(), &Options::default()).unwrap())
}

/// A walk that is pushed by what it is fed and by noise; a reading of it is no number once `left` is below zero.
fn walk() -> Program {
    let trace = Trace::new();
    let (w, x, left) = (trace.input("w", [2, 3]), trace.input("x", [3]), trace.input("left", []));
    let kept = trace.input("kept", [2, 3]);
    let next = &w * 0.5 + &x + &trace.normal("noise", [2, 3]) * &kept;
    let left = &left - 1.0;
    let outputs = [("w", &next), ("left", &left), ("reading", &left.sqrt()), ("last", &x.sum_all())];
    Program::compile(&trace, &outputs).unwrap()
}

fn fed(nth: u64) -> [f32; 3] {
    [0, 1, 2].map(|i| (nth * 3 + i) as f32 * 0.37 - 1.0)
}

fn begin(room: &mut dyn Room, left: f32) {
    room.put("w", &[2, 3].into(), &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    room.put("kept", &[2, 3].into(), &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]).unwrap();
    room.put("left", &[].into(), &[left]).unwrap();
}

fn bits(room: &dyn Room) -> Vec<u32> {
    let (mut w, mut scalars) = ([0.0; 6], [[0.0]; 3]);
    room.get("w", &mut w).unwrap();
    for (name, to) in ["left", "reading", "last"].into_iter().zip(&mut scalars) {
        room.get(name, to).unwrap();
    }
    w.into_iter().chain(scalars.into_iter().flatten()).map(f32::to_bits).collect()
}

/// `n` runs at once, of which so many are made; the same one by one.
fn check(device: &Xla, n: u64, left: f32, expected: u64) {
    let [mut at_once, mut singly] = [0; 2].map(|_| device.room(Precision::Highest).unwrap());
    let many = Many { most: MOST, fed: vec!["x".to_owned()], watched: vec!["reading".to_owned()] };
    let program = at_once.compile_many(&walk(), &many).unwrap();
    begin(&mut *at_once, left);
    let stacked: Vec<f32> = (0..MOST as u64).flat_map(fed).collect();
    at_once.put("x", &[MOST, 3].into(), &stacked).unwrap();
    assert_eq!(at_once.run_many(program, KEY, n).unwrap(), expected);
    let program = singly.compile(&walk()).unwrap();
    begin(&mut *singly, left);
    for nth in 0..expected {
        singly.put("x", &[3].into(), &fed(nth)).unwrap();
        singly.run(program, Key { step: KEY.step + nth, ..KEY }).unwrap();
    }
    assert_eq!(bits(&*at_once), bits(&*singly), "{n} {left}");
    // The state is there for the next call.
    let left = f32::from_bits(bits(&*at_once)[6]);
    let further = if left > 2.0 { 2 } else { 1 };
    let program = at_once.compile_many(&walk(), &many).unwrap();
    assert_eq!(at_once.run_many(program, KEY, 2).unwrap(), further);
}

#[test]
fn runs_at_once_are_those_one_by_one() {
    let Some(device) = device() else { return };
    check(&device, 8, 100.5, 8);
    check(&device, 3, 100.5, 3);
    check(&device, 1, 100.5, 1);
    // The fifth leaves a reading that is no number: no further run is made.
    check(&device, 8, 4.5, 5);
}

#[test]
fn products_are_as_exact_as_was_asked() {
    let Some(device) = device() else { return };
    let trace = Trace::new();
    let (a, b) = (trace.input("a", [2, 2]), trace.input("b", [2, 2]));
    let program = Program::compile(&trace, &[("ab", &a.matmul(&b))]).unwrap();
    // 1 + 2^-9 has nine bits after the point: more than bfloat16 keeps.
    let fine = 1.0 + 1.0 / 512.0;
    let product = |precision| {
        let mut room = device.room(precision).unwrap();
        let program = room.compile(&program).unwrap();
        room.put("a", &[2, 2].into(), &[fine, 0.0, 2.0, fine]).unwrap();
        room.put("b", &[2, 2].into(), &[1.0, 3.0, 0.0, 1.0]).unwrap();
        room.run(program, KEY).unwrap();
        let mut ab = [0.0; 4];
        room.get("ab", &mut ab).unwrap();
        ab
    };
    assert_eq!(product(Precision::Highest), [fine, 3.0 * fine, 2.0, 6.0 + fine]);
    assert_eq!(product(Precision::Tf32), [fine, 3.0 * fine, 2.0, 6.0 + fine]);
    assert_eq!(product(Precision::Bf16), [1.0, 3.0, 2.0, 7.0]);
}
