//! Parts of a batch: the columns that name a class, and some channels of images.

use ganatomy_tensor::Tensor;

/// Some of the channels of images.
///
/// # Shapes
/// - x: `[batch, h, w, c]`; output: `[batch, h, w, n]`
pub fn channels(x: &Tensor, from: usize, n: usize) -> Tensor {
    let [batch, h, w] = [x.shape()[0], x.shape()[1], x.shape()[2]];
    x.slice(&[0, 0, 0, from], [batch, h, w, n])
}

/// 1 in the column of the class, 0 elsewhere.
///
/// # Shapes
/// - labels: `[batch]`; output: `[batch, n_classes]`
pub fn one_hot(labels: &Tensor, n_classes: usize) -> Tensor {
    let classes: Vec<f64> = (0..n_classes).map(|class| class as f64).collect();
    let all = labels.trace().literal([1, n_classes], &classes);
    labels.reshape([labels.shape()[0], 1]).eq(all)
}
