//! `mnist`: handwritten digits.

use ganatomy_record::{Fields, SpecError};

use crate::idx_images::{IdxImagesSpec, N_CLASSES};
use crate::{DataContext, DataError, DataSpec, Dataset, Source, SourceFile};

/// 60,000 handwritten digits of 28×28 grey pixels in 10 classes, and 10,000 held out.
///
/// Reference: LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document recognition".
#[derive(Clone, Debug, PartialEq)]
pub struct MnistSpec(IdxImagesSpec);

impl MnistSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<MnistSpec, SpecError> {
        IdxImagesSpec::read(fields).map(MnistSpec)
    }
}

impl DataSpec for MnistSpec {
    fn build(&self, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(self.0.build(&SOURCE, CLASSES, context)?))
    }
}

/// The digits, in the order of the labels.
const CLASSES: [&str; N_CLASSES] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// Where MNIST can be downloaded.
pub const SOURCE: Source = Source {
    name: "mnist",
    torchvision: "MNIST",
    mirrors: &[
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ],
    files: &[
        SourceFile {
            name: "train-images-idx3-ubyte.gz",
            n_bytes: 9_912_422,
            sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        },
        SourceFile {
            name: "train-labels-idx1-ubyte.gz",
            n_bytes: 28_881,
            sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        },
        SourceFile {
            name: "t10k-images-idx3-ubyte.gz",
            n_bytes: 1_648_877,
            sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        },
        SourceFile {
            name: "t10k-labels-idx1-ubyte.gz",
            n_bytes: 4_542,
            sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        },
    ],
};
