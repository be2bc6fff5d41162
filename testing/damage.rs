//! Damaged files for tests of readers: valid ones with bytes changed, cut out, doubled, joined from two, and lengths made
//! extreme. Part of the tests of several crates (`#[path]`), which need nothing else of each other.
//!
//! A reader must answer every one: with a value, or with an error of one line; without a panic, in bounded memory and
//! time. What it takes is counted where the allocator of the tests is [`Counting`].

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// No answer may take longer, even of a machine that is busy.
const LONGEST: Duration = Duration::from_secs(20);

/// Random damage, the same on every machine (SplitMix64).
struct Damage(u64);

impl Damage {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }

    /// A place in a file: every second time near its start, where lengths are.
    fn place(&mut self, len: usize) -> usize {
        let within = if self.below(2) == 0 { len.min(64) } else { len };
        self.below(within)
    }

    /// A stretch of a file: mostly a short one.
    fn stretch(&mut self, len: usize) -> std::ops::Range<usize> {
        let start = self.place(len);
        let most = if self.below(4) == 0 { len } else { 24 };
        start..len.min(start + self.below(most + 1))
    }

    /// One of the files, damaged once to four times.
    fn of(&mut self, files: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = files[self.below(files.len())].clone();
        for _ in 0..=self.below(4) {
            self.once(&mut bytes, files);
        }
        bytes
    }

    fn once(&mut self, bytes: &mut Vec<u8>, files: &[Vec<u8>]) {
        let len = bytes.len();
        match self.below(8) {
            0 if len > 0 => bytes[self.place(len)] ^= 1 << self.below(8),
            1 if len > 0 => {
                let at = self.place(len);
                bytes[at] = if self.below(2) == 0 {
                    b"0159-.eE[]{}\"',:=#\n"[self.below(19)]
                } else {
                    self.bits() as u8
                };
            }
            2 => bytes.truncate(self.below(len + 1)),
            3 => drop(bytes.drain(self.stretch(len))),
            4 => {
                let doubled = bytes[self.stretch(len)].to_vec();
                let at = self.below(len + 1);
                bytes.splice(at..at, doubled);
            }
            5 => {
                let other = &files[self.below(files.len())];
                let part = other[self.stretch(other.len())].to_vec();
                let here = self.stretch(len);
                bytes.splice(here, part);
            }
            6 => self.length(bytes),
            _ => self.word(bytes),
        }
    }

    /// A length field made extreme, in either order of bytes.
    fn length(&mut self, bytes: &mut [u8]) {
        let value = [0, 1, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, u64::MAX / 2, u64::MAX, 1 << 40]
            [self.below(10)];
        let (width, at) = (1 << self.below(4), self.place(bytes.len()));
        let value = if self.below(2) == 0 {
            value.to_le_bytes()[..width].to_vec()
        } else {
            value.to_be_bytes()[8 - width..].to_vec()
        };
        bytes[at..].iter_mut().zip(value).for_each(|(byte, new)| *byte = new);
    }

    /// A number of a text made extreme, or something else in its place.
    fn word(&mut self, bytes: &mut Vec<u8>) {
        let digits: Vec<usize> = (0..bytes.len()).filter(|&i| bytes[i].is_ascii_digit()).collect();
        let Some(&at) = digits.get(self.below(digits.len())) else { return };
        let end = (at..bytes.len()).find(|&i| !bytes[i].is_ascii_digit()).unwrap_or(bytes.len());
        let words: [&[u8]; 12] = [
            b"-1",
            b"18446744073709551616",
            b"1e400",
            b"-1e-400",
            b"nan",
            b"inf",
            b"null",
            b"true",
            b"\"\"",
            b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            b"{\"a\":{\"a\":{\"a\":{",
            b"\xff\xfe\x00",
        ];
        bytes.splice(at..end, words[self.below(words.len())].iter().copied());
    }
}

/// Hands a reader so many damaged files, each of a seed of its own; in `cargo xtask fuzz`, for as long as it asks and from
/// its seed. `read` answers with an error's message. The share that was refused.
///
/// # Panics
/// If an answer is a panic, has several lines or none, takes long, or takes more than `most` bytes.
pub(crate) fn damaged(
    files: &[Vec<u8>],
    n: u64,
    most: usize,
    mut read: impl FnMut(&[u8]) -> Result<(), String>,
) -> f64 {
    let asked = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (secs, first) = (asked("GANATOMY_DAMAGE_SECS"), asked("GANATOMY_DAMAGE_SEED").unwrap_or(0));
    let (began, mut seed, mut refused) = (Instant::now(), first, 0u32);
    while secs.map_or(seed < first + n, |secs| began.elapsed() < Duration::from_secs(secs)) {
        let bytes = Damage(seed).of(files);
        let (start, before) = (Instant::now(), Counting::begin());
        let answer = catch_unwind(AssertUnwindSafe(|| read(&bytes)));
        let taken = Counting::most_since(before);
        let shown = || {
            format!(
                "seed {seed}, {} bytes: {:?}",
                bytes.len(),
                String::from_utf8_lossy(&bytes[..bytes.len().min(400)])
            )
        };
        assert!(start.elapsed() < LONGEST, "{:?} for {}", start.elapsed(), shown());
        assert!(taken <= most, "{taken} bytes for {}", shown());
        assert!(answer.is_ok(), "a panic for {}", shown());
        if let Ok(Err(message)) = answer {
            assert!(!message.is_empty() && !message.contains('\n'), "{message:?} for {}", shown());
            refused += 1;
        }
        seed += 1;
    }
    if secs.is_some() {
        println!("damaged: {} files from seed {first}, {refused} refused", seed - first);
    }
    f64::from(refused) / (seed - first).max(1) as f64
}

/// An allocator that counts what each thread holds.
pub(crate) struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

impl Counting {
    fn begin() -> isize {
        MOST.with(|most| most.set(HELD.get()));
        HELD.get()
    }

    fn most_since(before: isize) -> usize {
        (MOST.get() - before).max(0) as usize
    }

    fn note(change: isize) {
        // A thread that ends has no count any more.
        let _ = HELD.try_with(|held| {
            held.set(held.get() + change);
            let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
        });
    }
}

// SAFETY: all is the system's; only sizes are noted beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Counting::note(layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Counting::note(layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        Counting::note(-(layout.size() as isize));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Counting::note(size as isize - layout.size() as isize);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(at, layout, size) }
    }
}
