//! What programs are compiled with: a serialised `CompileOptionsProto`.

/// What an NVIDIA plugin records in one graph: all that it can, convolutions and loops too, which its defaults leave out.
pub(crate) const GRAPHS: (&str, &str) = (
    "xla_gpu_enable_command_buffer",
    "FUSION,CUBLAS,CUBLASLT,CUDNN,CUSTOM_CALL,DYNAMIC_SLICE_FUSION,CONVOLUTION,WHILE",
);

/// One replica of one part for each device, with settings of XLA's `DebugOptions` by name. Of a single device the place is left open.
///
/// Field 3 holds the build options: device 1 (-1: any), replicas 4, parts 5, whether XLA divides the program 6, who takes which part 9, and
/// whether it does so by Shardy 19.
/// Field 7 is a map, with an entry for each setting: the name as 1 and a message as 2, whose field 1 is a text.
pub(super) fn options(devices: &[i64], settings: &[(&str, &str)]) -> Vec<u8> {
    let mut build = [number(1, u64::MAX), number(4, 1), number(5, devices.len().max(1) as u64)].concat();
    if devices.len() > 1 {
        build.extend([number(6, 1), field(9, &assignment(devices)), number(19, 1)].concat());
    }
    let mut options = field(3, &build);
    for (name, value) in settings {
        let value = field(2, &field(1, value.as_bytes()));
        options.extend(field(7, &[field(1, name.as_bytes()), value].concat()));
    }
    options
}

/// A `DeviceAssignmentProto`: replicas 1, parts 2, and for each part 3 the devices of its replicas.
fn assignment(devices: &[i64]) -> Vec<u8> {
    let parts = devices.iter().flat_map(|id| field(3, &field(1, &varint(*id as u64))));
    [number(1, 1), number(2, devices.len() as u64)].concat().into_iter().chain(parts).collect()
}

/// A field that is a whole number.
fn number(place: u8, value: u64) -> Vec<u8> {
    [varint(u64::from(place) << 3), varint(value)].concat()
}

/// A field that is a text, bytes or a message.
fn field(place: u8, bytes: &[u8]) -> Vec<u8> {
    [varint(u64::from(place) << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

/// Seven bits a byte, the lowest first.
fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7F {
        bytes.push((value & 0x7F | 0x80) as u8);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_device_is_any() {
        let any = [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        let expected = [&[0x1A, 15][..], &any, &[0x20, 1, 0x28, 1]].concat();
        assert_eq!(options(&[], &[]), expected);
        assert_eq!(options(&[7], &[]), expected);
    }

    #[test]
    fn of_several_devices_each_takes_a_part() {
        let bytes = options(&[3, 200], &[]);
        let assigned = [0x08, 1, 0x10, 2, 0x1A, 3, 0x0A, 1, 3, 0x1A, 4, 0x0A, 2, 0xC8, 0x01];
        let expected = [&[0x28, 2, 0x30, 1, 0x4A, 15][..], &assigned, &[0x98, 0x01, 1]].concat();
        assert!(bytes.ends_with(&expected), "{bytes:x?}");
    }

    #[test]
    fn settings_are_entries_of_a_map_after_the_options() {
        let long = "x".repeat(200);
        let (bytes, none) = (options(&[], &[("ab", "c"), ("d", &long)]), options(&[], &[]));
        assert!(bytes.starts_with(&none));
        let entries = &bytes[none.len()..];
        // Field 7 of 9 bytes: the name, and a message with a text.
        assert_eq!(entries[..11], [0x3A, 9, 0x0A, 2, b'a', b'b', 0x12, 3, 0x0A, 1, b'c']);
        // Lengths above 127 take two bytes: 3 + (3 + (3 + 200)) = 209.
        assert_eq!(entries[11..14], [0x3A, 0xD1, 0x01]);
        assert_eq!(entries.len(), 11 + 3 + 209);
    }
}
