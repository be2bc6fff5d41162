//! `fashion-mnist`: garments, in the format of MNIST.

use ganatomy_record::{Fields, SpecError};

use crate::idx_images::{IdxImagesSpec, N_CLASSES};
use crate::{DataContext, DataError, DataSpec, Dataset, Source, SourceFile};

/// 60,000 garments of 28×28 grey pixels in 10 classes, and 10,000 held out.
///
/// Reference: Xiao, Rasul and Vollgraf 2017, "Fashion-MNIST: a novel image dataset".
#[derive(Clone, Debug, PartialEq)]
pub struct FashionMnistSpec(IdxImagesSpec);

impl FashionMnistSpec {
    /// Reads the spec from its table.
    ///
    /// # Errors
    /// A field with a value that is not allowed.
    pub fn read(fields: &mut Fields<'_>) -> Result<FashionMnistSpec, SpecError> {
        IdxImagesSpec::read(fields).map(FashionMnistSpec)
    }
}

impl DataSpec for FashionMnistSpec {
    fn build(&self, context: &DataContext<'_>) -> Result<Box<dyn Dataset>, DataError> {
        Ok(Box::new(self.0.build(&SOURCE, CLASSES, context)?))
    }
}

/// The garments, as their authors call them, in the order of the labels.
const CLASSES: [&str; N_CLASSES] =
    ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"];

/// Where Fashion-MNIST can be downloaded.
pub const SOURCE: Source = Source {
    name: "fashion-mnist",
    torchvision: "FashionMNIST",
    mirrors: &[
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ],
    files: &[
        SourceFile {
            name: "train-images-idx3-ubyte.gz",
            n_bytes: 26_421_880,
            sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        },
        SourceFile {
            name: "train-labels-idx1-ubyte.gz",
            n_bytes: 29_515,
            sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        },
        SourceFile {
            name: "t10k-images-idx3-ubyte.gz",
            n_bytes: 4_422_102,
            sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        },
        SourceFile {
            name: "t10k-labels-idx1-ubyte.gz",
            n_bytes: 5_148,
            sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        },
    ],
};
