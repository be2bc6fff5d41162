//! Image conditioning.

use ganatomy_record::{Fields, SpecError};

use super::{Parts, Remedy};

/// Both players are given the first `channels` channels `x` of every image, and G makes the others: its samples are `(x,
/// G(x, z))`, and D judges them beside `(x, y)` from the data (Isola et al. 2017, eq. 1). G sees the `x` of a real batch,
/// its numbers one after another beside the latent point. (The paper's G has connections that skip layers, and its noise
/// is dropout; here any generator does, and `z` may be short.)
///
/// # Shapes
/// - items: `[batch, h, w, c]`; x: `[batch, h, w, channels]`
///
/// Declared property: where the data have one `y` for each `x`, a G that ignores `z` loses nothing.
#[derive(Clone, Copy, Debug)]
pub struct ImageConditioning {
    channels: usize,
}

impl ImageConditioning {
    /// Reads the remedy's fields.
    pub fn read(fields: &mut Fields<'_>) -> Result<ImageConditioning, SpecError> {
        let channels = fields.count("channels", "leading channels of an item that are told", 1, 1..=1024)?;
        Ok(ImageConditioning { channels: channels as usize })
    }
}

impl Remedy for ImageConditioning {
    fn fit(&mut self, parts: &Parts<'_>) -> Result<(), String> {
        if !matches!(*parts.item, [_, _, c] if c > self.channels) {
            let (n, item) = (self.channels, parts.item);
            return Err(format!(
                "tells {n} of an image's channels and makes the others, and the data's items have shape {item:?}; outlines fit"
            ));
        }
        let why = match parts.beside {
            beside if beside.contains(&"class-conditioning") => {
                "class-conditioning: the classes that G is asked for are drawn, and would not be those of the images it is told"
            }
            beside if beside.contains(&"virtual-batch-norm") => {
                "virtual-batch-norm: its reference batch is drawn, without images to be told"
            }
            _ => return Ok(()),
        };
        Err(format!("does not go with {why}"))
    }

    fn n_given(&self) -> usize {
        self.channels
    }
}
