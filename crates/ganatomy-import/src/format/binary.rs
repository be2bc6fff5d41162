//! Files that are no logs, so that it can be said what they are.

/// What a file is that holds no text, by its first bytes.
pub(super) fn what(head: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 13] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"PK\x03\x04", "a zip archive, or a checkpoint of PyTorch"),
        (b"\x80\x02", "a pickle"),
        (b"\x80\x03", "a pickle"),
        (b"\x80\x04", "a pickle"),
        (b"\x80\x05", "a pickle"),
        (b"\x89HDF", "an HDF5 file"),
        (b"\x93NUMPY", "an array of NumPy"),
        (b"%PDF", "a PDF file"),
        (b"BZh", "packed by bzip2; unpack it first"),
        (b"\xfd7zXZ\0", "packed by xz; unpack it first"),
    ];
    if let Some((_, what)) = KNOWN.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(what);
    }
    if head.starts_with(b"\x28\xb5\x2f\xfd") {
        return Some("packed by zstd; unpack it first");
    }
    // Text has a few odd bytes at most: colours, and letters of other encodings.
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    (odd * 50 > head.len()).then_some("a binary file")
}
