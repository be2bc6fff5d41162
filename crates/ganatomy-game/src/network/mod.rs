//! Networks: functions from tensors to tensors whose parameters have names.

mod activation;
mod attention;
mod autoencoder;
mod dcgan;
mod infogan;
mod layer;
mod mlp;
mod norm;

pub use activation::Activation;
pub use attention::Attention;
pub use autoencoder::AutoencoderSpec;
pub use dcgan::DcganSpec;
pub use infogan::InfoganSpec;
pub use layer::{Layers, Window};
pub use mlp::MlpSpec;
pub use norm::Norm;

pub use crate::step::{Init, Mode, Scope};

use ganatomy_tensor::Tensor;

use ganatomy_record::Entry;

/// A function whose parameters come from a [`Scope`].
pub trait Network: Send + Sync {
    /// Applies the network.
    ///
    /// # Shapes
    /// - a generator takes `[batch, z_dims]` and gives `[batch, ..item]`
    /// - a discriminator takes `[batch, ..item]` and gives logits `[batch]`; where [`Scope::n_answers`] is not 1 it encodes, and
    ///   gives `[batch, n_answers]` ([`Layers::judge`] does both)
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor;

    /// Does an item's output depend on the other items of its batch?
    fn mixes_batch(&self) -> bool;

    /// Is the logit minus the error of an autoencoder, so that a high one means a good reconstruction?
    fn is_autoencoder(&self) -> bool {
        false
    }
}

/// A network as a spec names it, before the data are known.
pub trait NetworkSpec: Send + Sync {
    /// A generator of items of this shape.
    ///
    /// # Errors
    /// Why the network cannot make such items.
    fn generator(&self, z_dims: usize, item: &[usize]) -> Result<Box<dyn Network>, String>;

    /// A discriminator of items of this shape.
    ///
    /// # Errors
    /// Why the network cannot judge such items.
    fn discriminator(&self, item: &[usize]) -> Result<Box<dyn Network>, String>;
}

/// A row of the table.
pub type Row = Entry<dyn NetworkSpec>;

/// Every network.
#[rustfmt::skip]
pub fn networks() -> Vec<Row> {
    vec![
        Row::new("mlp", "fully connected layers, for points and small images", |f| Ok(Box::new(MlpSpec::read(f)?))).explained_by(include_str!("mlp.rs")),
        Row::new("dcgan", "strided convolutions for square images of 16, 32, 64, .. pixels", |f| Ok(Box::new(DcganSpec::read(f)?))).explained_by(include_str!("dcgan.rs")),
        Row::new("infogan", "two convolutions and two dense layers, for images of 28 pixels and the like", |f| Ok(Box::new(InfoganSpec::read(f)?))).explained_by(include_str!("infogan.rs")),
        Row::new("autoencoder", "a discriminator whose logit is minus its reconstruction error (BEGAN)", |f| Ok(Box::new(AutoencoderSpec::read(f)?))).explained_by(include_str!("autoencoder.rs")),
    ]
}

/// The height, width and channels of an image item.
pub(crate) fn image_shape(item: &[usize], network: &str) -> Result<[usize; 3], String> {
    match *item {
        [h, w, c] => Ok([h, w, c]),
        _ => {
            Err(format!("\"{network}\" makes images, but the data's items have shape {item:?}; \"mlp\" fits"))
        }
    }
}
