//! What TensorBoard is told of a run: which steps, at which times, and where it goes on.

use super::*;

/// The fields of a protocol buffer: number, and the bytes of its value.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    fn varint(bytes: &mut &[u8]) -> u64 {
        let n = bytes.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
        let (number, rest) = bytes.split_at(n);
        *bytes = rest;
        number.iter().rev().fold(0, |sum, byte| sum << 7 | u64::from(byte & 0x7f))
    }
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let value = match key & 7 {
            0 => varint(&mut bytes).to_le_bytes().to_vec(),
            kind => {
                let n = match kind {
                    1 => 8,
                    5 => 4,
                    _ => varint(&mut bytes) as usize,
                };
                let (value, rest) = bytes.split_at(n);
                bytes = rest;
                value.to_vec()
            }
        };
        found.push((key >> 3, value));
    }
    found
}

/// One event as (wall time, step, what it holds).
fn told(record: &[u8]) -> (f64, u64, String) {
    let of = fields(record);
    let get = |number: u64| of.iter().find(|(found, _)| *found == number).map(|(_, value)| value.clone());
    let eight = |number: u64| get(number).unwrap().try_into().unwrap();
    let what = match (get(3), get(5), get(7)) {
        (Some(_), ..) => "version".to_owned(),
        (_, Some(summary), _) => {
            let value = |bytes: &[u8]| {
                let value = fields(bytes);
                let name = String::from_utf8(value[0].1.clone()).unwrap();
                match value[1].0 {
                    2 => format!("{name}={}", f32::from_le_bytes(value[1].1.clone().try_into().unwrap())),
                    _ => format!("{name}: picture"),
                }
            };
            fields(&summary).iter().map(|(_, bytes)| value(bytes)).collect::<Vec<_>>().join(" ")
        }
        (.., Some(_)) => "restart".to_owned(),
        _ => "nothing".to_owned(),
    };
    (f64::from_le_bytes(eight(1)), u64::from_le_bytes(eight(2)), what)
}

/// All events of a run's newest event file.
fn board(folder: &RunFolder) -> Vec<(f64, u64, String)> {
    let names = crate::files::names(folder.path()).unwrap();
    let newest = names.iter().rfind(|name| name.starts_with(crate::tensorboard::FILE_PREFIX)).unwrap();
    let mut bytes = &fs::read(folder.path().join(newest)).unwrap()[..];
    let mut events = Vec::new();
    while !bytes.is_empty() {
        let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        events.push(told(&bytes[12..12 + length]));
        bytes = &bytes[16 + length..];
    }
    events
}

#[test]
fn steps_and_times_of_day_are_those_of_the_events() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    let png = [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x02\x08\0\0\0\0"[..]].concat();
    fs::write(path.join("samples/step-00000008.png"), png).unwrap();
    let samples =
        Event::Samples { step: 8, secs: 0.75, file: "samples/step-00000008.safetensors".to_owned() };
    record(
        &run,
        &[
            started(),
            readings(5, &[("g/loss", 0.5), ("d/loss", -1.0)]),
            samples,
            readings(9, &[("g/loss", 2.0)]),
        ],
    );
    let told = |secs: f64, step, what: &str| (1e9 + secs, step, what.to_owned());
    let first = [
        told(0.0, 0, "version"),
        told(0.5, 5, "d/loss=-1 g/loss=0.5"),
        told(0.75, 8, "samples: picture"),
        told(0.9, 9, "g/loss=2"),
    ];
    assert_eq!(board(&run), first);
}

#[test]
fn a_session_that_goes_on_begins_at_its_own_time_of_day_and_voids_later_steps() {
    let (_folder, path) = place();
    let run = create(&path, false).unwrap();
    record(&run, &[started(), readings(5, &[]), readings(9, &[])]);
    // It goes on after step 5, half a second into the training, much later in the day.
    let mut writer = RunWriter::open(&run, 2e9, "box").unwrap();
    for event in [Event::Resumed { step: 5, secs: 0.5 }, readings(7, &[("g/loss", 2.0)])] {
        assert!(writer.receive(&event).unwrap().is_continue());
    }
    let found = board(&run);
    assert_eq!(found[1], (2e9, 6, "restart".to_owned()));
    let (time, step, what) = &found[2];
    assert!((time - 2e9 - 0.2).abs() < 1e-6 && (*step, what.as_str()) == (7, "g/loss=2"), "{found:?}");
}
