//! `stacked-mnist`: three digits as the three channels of an image, 1000 modes.

use std::sync::{Mutex, PoisonError};

use ganatomy_record::{Fields, SpecError};

use crate::glyphs::GlyphsSpec;
use crate::mnist::MnistSpec;
use crate::{BatchKey, DataContext, DataError, DataSpec, Dataset};

/// Three digits drawn independently, one a channel; the label is the number that they write, 100 a + 10 b + c.
///
/// Images are made on demand, so the set is endless.
///
/// ```text
///   channel 0   channel 1   channel 2
///      2           0           7        ->  one image of [height, width, 3], label 207
/// ```
///
/// Reference: Metz et al. 2017, section 3.3.1; Srivastava et al. 2017; Lin et al. 2018, appendix. They classify
/// 25,600 samples, and count a mode if one sample or more is classified as it.
#[derive(Debug)]
pub struct StackedMnistSpec {
    /// The digits' own spec: `digits` says which, `"mnist"` (default) or `"glyphs"`, and its options go with it.
    digits: Box<dyn DataSpec>,
}

impl StackedMnistSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<StackedMnistSpec, SpecError> {
        let digits =
            fields.choice("digits", "which digits the channels show", "mnist", &["mnist", "glyphs"])?;
        let digits: Box<dyn DataSpec> = match digits.as_str() {
            "glyphs" => Box::new(GlyphsSpec::read(fields)?),
            _ => Box::new(MnistSpec::read(fields)?),
        };
        Ok(StackedMnistSpec { digits })
    }
}

impl DataSpec for StackedMnistSpec {
    fn build(&self, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(Stacked::new(self.digits.build(context)?)))
    }
}

const N_CHANNELS: usize = 3;

/// Items whose channels are items of a set of one channel.
struct Stacked {
    digits: Box<dyn Dataset>,
    shape: [usize; 3],
    /// One channel of a batch and its labels: kept, so that a batch allocates only the first time.
    channel: Mutex<(Vec<f32>, Vec<u32>)>,
}

impl Stacked {
    fn new(digits: Box<dyn Dataset>) -> Stacked {
        let side = |axis: usize| digits.item_shape().get(axis).copied().unwrap_or(1);
        let shape = [side(0), side(1), N_CHANNELS];
        Stacked { digits, shape, channel: Mutex::default() }
    }
}

impl Dataset for Stacked {
    fn item_shape(&self) -> &[usize] {
        &self.shape
    }

    fn n_classes(&self) -> usize {
        self.digits.n_classes().pow(N_CHANNELS as u32)
    }

    /// The number that the digits write, with its leading zeros.
    fn class_names(&self) -> Vec<String> {
        let digits = self.digits.class_names();
        let longer = |names: Vec<String>| -> Vec<String> {
            names.iter().flat_map(|name| digits.iter().map(move |digit| format!("{name}{digit}"))).collect()
        };
        match digits.is_empty() {
            true => digits,
            false => longer(longer(digits.clone())),
        }
    }

    fn fill(&self, key: BatchKey, out: &mut [f32], labels: &mut [u32]) {
        let pixels = labels.len() * self.shape[0] * self.shape[1];
        // What a thread that panicked has left here is overwritten.
        let mut channel = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        let (values, digits) = &mut *channel;
        values.resize(pixels, 0.0);
        digits.resize(labels.len(), 0);
        labels.fill(0);
        for c in 0..N_CHANNELS {
            let draw = key.draw.wrapping_mul(N_CHANNELS as u64).wrapping_add(c as u64);
            self.digits.fill(BatchKey { draw, ..key }, values, digits);
            out.iter_mut().skip(c).step_by(N_CHANNELS).zip(&*values).for_each(|(to, from)| *to = *from);
            let base = self.digits.n_classes() as u32;
            labels.iter_mut().zip(&*digits).for_each(|(label, digit)| *label = *label * base + digit);
        }
    }

    fn channels(&self) -> Option<&dyn Dataset> {
        Some(&*self.digits)
    }

    fn held_out(&self) -> Option<Box<dyn Dataset>> {
        self.digits.held_out().map(|digits| Box::new(Stacked::new(digits)) as Box<dyn Dataset>)
    }

    fn memory_bytes(&self) -> u64 {
        self.digits.memory_bytes()
    }

    fn mapped_bytes(&self) -> u64 {
        self.digits.mapped_bytes()
    }

    fn fingerprint(&self) -> String {
        format!("stacked-1-{}", self.digits.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::Silent;
    use crate::testing::{build, build_in, real_data, refused};

    fn draw(set: &dyn Dataset, key: BatchKey, n: usize) -> (Vec<f32>, Vec<u32>) {
        let mut out = vec![f32::NAN; n * set.item_shape().iter().product::<usize>()];
        let mut labels = vec![u32::MAX; n];
        set.fill(key, &mut out, &mut labels);
        (out, labels)
    }

    /// Checks that every channel is a batch of the digits, that no two are equal, and that labels name all three.
    fn check(set: &dyn Dataset, key: BatchKey) {
        let digits = set.channels().unwrap();
        let (images, labels) = draw(set, key, 50);
        let mut numbers = vec![0; 50];
        for c in 0..3 {
            let (own, digit) = draw(digits, BatchKey { draw: 3 * key.draw + c as u64, ..key }, 50);
            assert!(images.iter().skip(c).step_by(3).eq(&own), "channel {c}");
            numbers.iter_mut().zip(digit).for_each(|(number, digit)| *number = 10 * *number + digit);
        }
        assert_eq!(labels, numbers);
        let repeats = labels.iter().filter(|&&label| label / 100 == label % 10).count();
        assert!(repeats < 20, "{repeats} of 50 images have equal first and last digits");
    }

    #[test]
    fn channels_are_digits_and_labels_name_them() {
        let set = build("stacked-mnist", "digits = \"glyphs\"");
        assert_eq!((set.item_shape(), set.n_classes(), set.n_items()), (&[28, 28, 3][..], 1000, None));
        let names = set.class_names();
        assert_eq!((names.len(), names[7].as_str(), names[307].as_str()), (1000, "007", "307"));
        check(&*set, BatchKey { seed: 1, step: 2, draw: 3 });
        check(&*set.held_out().unwrap(), BatchKey { seed: 1, step: 2, draw: 3 });
        // A batch after a larger one holds nothing of it.
        check(&*set, BatchKey { seed: 1, step: 3, draw: 0 });
        assert_eq!(build("stacked-mnist", "digits = \"glyphs\"\nsize = 16").item_shape(), [16, 16, 3]);
    }

    #[test]
    fn modes_are_equally_likely() {
        let set = build("stacked-mnist", "digits = \"glyphs\"\nsize = 8");
        let mut counts = vec![0usize; 1000];
        draw(&*set, BatchKey { seed: 0, step: 0, draw: 0 }, 20_000)
            .1
            .iter()
            .for_each(|&m| counts[m as usize] += 1);
        // Each count is Poisson of mean 20: their squared deviations add up to 20 * 999 +- 20 * 45.
        let spread: f64 = counts.iter().map(|&n| (n as f64 - 20.0).powi(2) / 20.0).sum();
        assert!((spread - 999.0).abs() < 225.0, "chi squared {spread}");
    }

    #[test]
    fn without_labels_there_are_no_classes() {
        let set = build("stacked-mnist", "digits = \"glyphs\"\nlabels = false");
        assert_eq!((set.n_classes(), set.class_names()), (0, Vec::<String>::new()));
        assert!(
            set.held_out().is_none() && draw(&*set, BatchKey { seed: 0, step: 0, draw: 0 }, 9).1 == [0; 9]
        );
    }

    #[test]
    fn the_real_digits_stack() {
        let Some(folder) = real_data("mnist") else {
            return;
        };
        let set = build_in("stacked-mnist", "", Some(&folder), Path::new("/nonexistent"), &Silent).unwrap();
        check(&*set, BatchKey { seed: 1, step: 700, draw: 1 });
        assert!(draw(&*set, BatchKey { seed: 1, step: 0, draw: 0 }, 9).0.iter().all(|x| x.abs() <= 1.0));
    }

    #[test]
    fn bad_values_are_refused() {
        refused("stacked-mnist", "digits = \"fashion\"", "digits");
        refused("stacked-mnist", "size = 27", "size");
    }
}
