//! TensorBoard's event files, as TF 1, TF 2 and PyTorch write them.

use super::{read_as, told};
use crate::Options;

fn masked(bytes: &[u8]) -> [u8; 4] {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8).to_le_bytes()
}

fn record(event: &[u8]) -> Vec<u8> {
    let length = (event.len() as u64).to_le_bytes();
    [&length[..], &masked(&length), event, &masked(event)].concat()
}

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    [&[number << 3 | 2, bytes.len() as u8], bytes].concat()
}

/// An event with one value: `simple_value`, or what else is given.
fn event(step: u8, tag: &str, value: &[u8]) -> Vec<u8> {
    let value = [field(1, tag.as_bytes()), value.to_vec()].concat();
    record(&[&[0x09], &1.5e9f64.to_le_bytes()[..], &[0x10, step], &field(5, &field(1, &value))].concat())
}

fn simple(value: f32) -> Vec<u8> {
    [&[0x15], &value.to_le_bytes()[..]].concat()
}

/// A file of scalars.
pub(super) fn file(scalars: &[(u8, &str, f32)]) -> Vec<u8> {
    let head = record(&[&[0x09], &1.5e9f64.to_le_bytes()[..], &[0x1a, 13], b"brain.Event:2"].concat());
    let events = scalars.iter().flat_map(|(step, tag, value)| event(*step, tag, &simple(*value)));
    head.into_iter().chain(events).collect()
}

fn check(bytes: &[u8], expected: &[&str]) {
    assert_eq!(told(&read_as("events.out.tfevents.1.host", bytes, &Options::default()).unwrap()), expected);
}

#[test]
fn scalars_stand_in_simple_values_or_tensors() {
    let both = [
        "tensorboard by iteration",
        "discriminator/loss 2: 0.5 at 0 to 0.25 at 10",
        "generator/loss 1: 1.5 at 0 to 1.5 at 0",
    ];
    check(&file(&[(0, "d_loss", 0.5), (0, "g_loss", 1.5), (10, "d_loss", 0.25)]), &both);
    // TF 2: a tensor of kind float, its bytes in tensor_content or its number in float_val, plain or packed.
    let content = |value: f32| field(8, &[&[0x08, 1, 0x12, 0], &field(4, &value.to_le_bytes())[..]].concat());
    let float_val = |value: f32| field(8, &[&[0x08, 1, 0x2d], &value.to_le_bytes()[..]].concat());
    let packed = |value: f32| field(8, &[&[0x08, 1], &field(5, &value.to_le_bytes())[..]].concat());
    let tensors = [
        event(0, "d_loss", &content(0.5)),
        event(0, "g_loss", &float_val(1.5)),
        event(10, "d_loss", &packed(0.25)),
    ];
    check(&tensors.concat(), &both);
    // A double.
    let double = field(8, &[&[0x08, 2], &field(4, &0.1f64.to_le_bytes())[..]].concat());
    check(
        &event(3, "d_loss", &double),
        &["tensorboard by iteration", "discriminator/loss 1: 0.1 at 3 to 0.1 at 3"],
    );
}

#[test]
fn what_was_written_before_a_tear_counts() {
    let whole = file(&[(0, "d_loss", 0.5), (10, "d_loss", 0.25)]);
    let one = ["tensorboard by iteration", "discriminator/loss 1: 0.5 at 0 to 0.5 at 0"];
    check(&whole[..whole.len() - 3], &one);
    // So it does where a record's sum is wrong.
    let mut wrong = whole.clone();
    let last = wrong.len() - 6;
    wrong[last] ^= 1;
    check(&wrong, &one);
    let why = read_as("a", &file(&[]), &Options::default()).unwrap_err().to_string();
    assert_eq!(why, "a is damaged: it is a file of TensorBoard, and holds no scalars");
}

#[test]
fn a_resumed_run_writes_a_second_time() {
    let scalars: Vec<(u8, &str, f32)> =
        [1, 2, 3, 4, 3, 4, 5].into_iter().enumerate().map(|(i, step)| (step, "d_loss", i as f32)).collect();
    let imported = read_as("a", &file(&scalars), &Options::default()).unwrap();
    assert_eq!(imported.series()["discriminator/loss"], [(1, 0.0), (2, 1.0), (3, 4.0), (4, 5.0), (5, 6.0)]);
}
