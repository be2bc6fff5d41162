//! An animated GIF of a run.

use gif::{DisposalMethod, Encoder, Frame, Repeat};

use crate::colour::Colour;
use crate::palette::{Palette, UNCHANGED};
use crate::{Picture, ViewError};

/// At most this many frames are shown.
const MAX_FRAMES: usize = 60;
/// The frames before the last share this time, in hundredths of a second.
const TOTAL_CENTISECS: usize = 600;
/// No frame but the last stays longer than this, in hundredths of a second.
const MAX_FRAME_CENTISECS: usize = 100;
/// The last frame stays this long, in hundredths of a second.
const LAST_CENTISECS: usize = 200;
/// The palette is chosen from this many frames.
const PALETTE_FRAMES: usize = 6;

/// Makes an endlessly repeated GIF of 6 to 8 seconds from `n_frames` pictures of one size.
///
/// `frame` draws the picture of an index. At most 60 indices are asked for, evenly chosen, with the first and the last;
/// a few of them twice. No more than a few pictures are in memory at once.
///
/// # Errors
/// No frames, frames of different or too large sizes, or an error of `frame`.
pub fn animation<E: From<ViewError>>(
    n_frames: usize,
    mut frame: impl FnMut(usize) -> Result<Picture, E>,
) -> Result<Vec<u8>, E> {
    let chosen = evenly(n_frames, MAX_FRAMES);
    let samples: Result<Vec<Picture>, E> =
        evenly(chosen.len(), PALETTE_FRAMES).into_iter().map(|i| frame(chosen[i])).collect();
    let samples = samples?;
    let Some(first) = samples.first() else {
        return Err(ViewError::Empty { what: "an animation without frames".to_owned() }.into());
    };
    let mut film = Film::new((first.width(), first.height()), Palette::of(&samples))?;
    let shared = TOTAL_CENTISECS / chosen.len().saturating_sub(1).max(1);
    for (shown, index) in chosen.iter().enumerate() {
        let last = shown + 1 == chosen.len();
        let delay = if last { LAST_CENTISECS } else { shared.clamp(4, MAX_FRAME_CENTISECS) };
        film.add(*index, &frame(*index)?, delay as u16)?;
    }
    Ok(film.finish()?)
}

/// At most `max` of the indices below `n`, evenly spaced, the first and the last among them.
fn evenly(n: usize, max: usize) -> Vec<usize> {
    if n <= max {
        return (0..n).collect();
    }
    (0..max).map(|i| i * (n - 1) / (max - 1)).collect()
}

/// A GIF being written.
struct Film {
    encoder: Encoder<Vec<u8>>,
    palette: Palette,
    size: (usize, usize),
    /// What the viewer sees: one palette index a pixel; empty before the first frame.
    shown: Vec<u8>,
}

impl Film {
    fn new((width, height): (usize, usize), palette: Palette) -> Result<Film, ViewError> {
        let limit = usize::from(u16::MAX);
        if width > limit || height > limit {
            return Err(ViewError::TooLarge { width, height, limit });
        }
        let mut encoder = Encoder::new(Vec::new(), width as u16, height as u16, &palette.bytes())
            .map_err(ViewError::gif)?;
        encoder.set_repeat(Repeat::Infinite).map_err(ViewError::gif)?;
        Ok(Film { encoder, palette, size: (width, height), shown: Vec::new() })
    }

    fn add(&mut self, index: usize, picture: &Picture, delay: u16) -> Result<(), ViewError> {
        let found = (picture.width(), picture.height());
        if found != self.size {
            return Err(ViewError::FrameSize { frame: index, expected: self.size, found });
        }
        let triples = picture.pixels().chunks_exact(3);
        let next: Vec<u8> = triples.map(|p| self.palette.index(Colour::from([p[0], p[1], p[2]]))).collect();
        // Pixels that do not change are left out, which makes the file shorter.
        let differing = next
            .iter()
            .enumerate()
            .map(|(i, colour)| if self.shown.get(i) == Some(colour) { UNCHANGED } else { *colour });
        let buffer: Vec<u8> = differing.collect();
        self.shown = next;
        let frame = Frame {
            delay,
            dispose: DisposalMethod::Keep,
            transparent: Some(UNCHANGED),
            width: found.0 as u16,
            height: found.1 as u16,
            buffer: buffer.into(),
            ..Frame::default()
        };
        self.encoder.write_frame(&frame).map_err(ViewError::gif)
    }

    fn finish(self) -> Result<Vec<u8>, ViewError> {
        self.encoder.into_inner().map_err(ViewError::gif)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n: usize, expected_frames: usize, expected_secs: f64) {
        let grey = |i: usize| [(i * 5) as u8; 3];
        let bytes = animation::<ViewError>(n, |i| Picture::new(9, 4, grey(i))).unwrap();
        let mut decoder = gif::DecodeOptions::new();
        decoder.set_color_output(gif::ColorOutput::RGBA);
        let mut reader = decoder.read_info(&bytes[..]).unwrap();
        let (mut frames, mut centisecs, mut colour) = (0, 0, [0; 3]);
        while let Some(frame) = reader.read_next_frame().unwrap() {
            frames += 1;
            centisecs += usize::from(frame.delay);
            colour.copy_from_slice(&frame.buffer[..3]);
        }
        assert_eq!(frames, expected_frames);
        let secs = centisecs as f64 / 100.0;
        assert!((secs - expected_secs).abs() < 0.5, "{n} frames take {secs} s");
        let error = i32::from(colour[0]).abs_diff(i32::from(grey(n - 1)[0]));
        assert!(error <= 2, "the last frame must be the last picture, found {colour:?}");
    }

    #[test]
    fn any_number_of_frames_fits_the_time() {
        check(1, 1, 2.0);
        check(5, 5, 6.0);
        check(51, 51, 8.0);
    }

    #[test]
    fn many_frames_are_chosen_evenly() {
        let chosen = evenly(1000, 60);
        assert_eq!((chosen.len(), chosen[0], chosen[59]), (60, 0, 999));
        assert!(chosen.windows(2).all(|w| (16..=17).contains(&(w[1] - w[0]))));
    }

    #[test]
    fn frames_of_other_sizes_are_refused() {
        let result = animation::<ViewError>(2, |i| Picture::new(4 + i, 4, [0; 3]));
        let error = result.unwrap_err().to_string();
        assert_eq!(error, "frame 1 is (5, 4) pixels, but the frames before it are (4, 4)");
        assert!(matches!(
            animation::<ViewError>(0, |_| Picture::new(4, 4, [0; 3])),
            Err(ViewError::Empty { .. })
        ));
    }
}
