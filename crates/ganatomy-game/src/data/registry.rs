//! The table of data sets: adding one is a file and a line here.

use ganatomy_record::{Fields, SpecError};

use super::fashion_mnist::{self, FashionMnistSpec};
use super::folder::FolderSpec;
use super::gaussian::GaussianSpec;
use super::glyphs::{GlyphsSpec, OutlinesSpec};
use super::grid::GridSpec;
use super::mnist::{self, MnistSpec};
use super::ring::RingSpec;
use super::stacked_mnist::StackedMnistSpec;
use super::subspaces::SubspacesSpec;
use super::swiss_roll::SwissRollSpec;
use super::ten_points::TenPointsSpec;
use super::triangles::TrianglesSpec;
use super::{DataError, DataSpec, Dataset, Source};

/// One kind of data set.
#[derive(Clone, Copy, Debug)]
pub struct DataKind {
    /// What a spec calls it.
    pub name: &'static str,
    /// What it is, in one line.
    pub doc: &'static str,
    /// Reads its options from the table.
    pub read: fn(&mut Fields<'_>) -> Result<Box<dyn DataSpec>, SpecError>,
    /// Where it can be downloaded, if it can.
    pub source: Option<&'static Source>,
}

/// Every kind of data set, toy sets first.
#[rustfmt::skip]
pub const KINDS: &[DataKind] = &[
    kind("ring", "Gaussians evenly spaced on a circle", |f| boxed(RingSpec::read(f)?), None),
    kind("grid", "Gaussians on a square grid", |f| boxed(GridSpec::read(f)?), None),
    kind("gaussian", "one Gaussian, of one dimension or of many", |f| boxed(GaussianSpec::read(f)?), None),
    kind("swiss-roll", "points along a spiral", |f| boxed(SwissRollSpec::read(f)?), None),
    kind("ten-points", "ten points of the plane, each a mode", |f| boxed(TenPointsSpec::read(f)?), None),
    kind("subspaces", "Gaussians of 700 dimensions embedded in 1200, or other numbers", |f| boxed(SubspacesSpec::read(f)?), None),
    kind("glyphs", "digits drawn by a simulated hand, endless and labelled", |f| boxed(GlyphsSpec::read(f)?), None),
    kind("outlines", "pairs of images: the outline of a digit and the digit filled, endless and labelled", |f| boxed(OutlinesSpec::read(f)?), None),
    kind("triangles", "dark triangles, or other convex polygons, on light paper, endless", |f| boxed(TrianglesSpec::read(f)?), None),
    kind("mnist", "handwritten digits, 60,000 of 28x28", |f| boxed(MnistSpec::read(f)?), Some(&mnist::SOURCE)),
    kind("fashion-mnist", "garments, 60,000 of 28x28", |f| boxed(FashionMnistSpec::read(f)?), Some(&fashion_mnist::SOURCE)),
    kind("stacked-mnist", "three digits of mnist (or glyphs) as three channels, 1000 modes, endless", |f| boxed(StackedMnistSpec::read(f)?), None),
    kind("folder", "any tree of JPEG, PNG or WebP images", |f| boxed(FolderSpec::read(f)?), None),
];

type Read = fn(&mut Fields<'_>) -> Result<Box<dyn DataSpec>, SpecError>;

const fn kind(
    name: &'static str,
    doc: &'static str,
    read: Read,
    source: Option<&'static Source>,
) -> DataKind {
    DataKind { name, doc, read, source }
}

fn boxed(spec: impl DataSpec + 'static) -> Result<Box<dyn DataSpec>, SpecError> {
    Ok(Box::new(spec))
}

/// The kind of this name.
pub fn find(name: &str) -> Option<&'static DataKind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// Reads `kind` and then that kind's own options from a spec's data table; the caller finishes the table.
pub fn read(fields: &mut Fields<'_>) -> Result<Box<dyn DataSpec>, SpecError> {
    read_from(KINDS, fields)
}

/// As [`read`], from kinds that may be more than the built-in ones.
pub fn read_from(kinds: &[DataKind], fields: &mut Fields<'_>) -> Result<Box<dyn DataSpec>, SpecError> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let name = fields.choice("kind", "which data set", "ring", &names)?;
    match kinds.iter().find(|kind| kind.name == name) {
        Some(kind) => (kind.read)(fields),
        // `choice` has already refused every other name.
        None => Err(fields.refuse("kind", format!("must be one of {}, found \"{name}\"", names.join(", ")))),
    }
}

/// The data sets that can be downloaded.
pub fn sources() -> impl Iterator<Item = &'static Source> {
    KINDS.iter().filter_map(|kind| kind.source)
}

/// Refuses a batch that is larger than a finite set.
pub fn check_batch(name: &str, set: &dyn Dataset, batch: usize) -> Result<(), DataError> {
    match set.n_items() {
        Some(n_items) if batch > n_items => {
            Err(DataError::BatchTooLarge { set: name.to_owned(), batch, n_items })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::image_set::ImageSet;
    use crate::data::testing::{build, message, read};
    use crate::data::{BatchKey, KINDS};

    /// The sets that need no files, with the options by which they need none.
    const PROCEDURAL: [(&str, &str); 9] = [
        ("ring", ""),
        ("grid", ""),
        ("gaussian", ""),
        ("swiss-roll", ""),
        ("subspaces", ""),
        ("glyphs", ""),
        ("outlines", ""),
        ("triangles", ""),
        ("stacked-mnist", "digits = \"glyphs\""),
    ];

    fn draw(set: &dyn Dataset, seed: u64, step: u64, draw: u64, batch: usize) -> (Vec<f32>, Vec<u32>) {
        let mut out = vec![f32::NAN; batch * set.item_shape().iter().product::<usize>()];
        let mut labels = vec![u32::MAX; batch];
        set.fill(BatchKey { seed, step, draw }, &mut out, &mut labels);
        (out, labels)
    }

    #[test]
    fn names_are_unique_and_documented() {
        for (i, kind) in KINDS.iter().enumerate() {
            assert!(KINDS[..i].iter().all(|other| other.name != kind.name), "{}", kind.name);
            assert!(!kind.doc.is_empty() && kind.source.is_none_or(|source| source.name == kind.name));
        }
        assert_eq!(sources().map(|source| source.name).collect::<Vec<_>>(), ["mnist", "fashion-mnist"]);
    }

    #[test]
    fn the_key_fixes_every_procedural_batch() {
        for (name, options) in PROCEDURAL {
            let set = build(name, options);
            let batch = draw(&*set, 1, 2, 3, 16);
            assert!(batch.0.iter().all(|x| x.is_finite()), "{name}");
            assert!(batch.1.iter().all(|&label| (label as usize) < set.n_classes().max(1)), "{name}");
            assert_eq!(batch, draw(&*build(name, options), 1, 2, 3, 16), "{name}");
            for other in [draw(&*set, 2, 2, 3, 16), draw(&*set, 1, 3, 3, 16), draw(&*set, 1, 2, 4, 16)] {
                assert_ne!(batch.0, other.0, "{name}");
            }
            // A smaller batch of the same key is the start of a larger one.
            assert_eq!(draw(&*set, 1, 2, 3, 4).0[..], batch.0[..batch.0.len() / 4], "{name}");
        }
    }

    #[test]
    fn fingerprints_are_file_names_and_follow_the_options() {
        for (name, option) in [
            ("ring", "std = 0.03"),
            ("grid", "side = 3"),
            ("gaussian", "dims = 2"),
            ("swiss-roll", "noise = 0.1"),
            ("subspaces", "mode_dims = 600"),
            ("glyphs", "size = 32"),
            ("outlines", "size = 32"),
            ("triangles", "n_vertices = 4"),
        ] {
            let fingerprint = build(name, "").fingerprint();
            assert_eq!(fingerprint, build(name, "").fingerprint());
            assert_ne!(fingerprint, build(name, option).fingerprint());
            assert!(
                fingerprint.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)),
                "{fingerprint}"
            );
        }
    }

    #[test]
    fn an_unknown_kind_is_told_the_nearest() {
        let error = read("kind = \"mnits\"").unwrap_err();
        assert!(message(&error).contains("did you mean \"mnist\"?"), "{error}");
    }

    #[test]
    fn a_batch_larger_than_the_data_is_refused() {
        let set = ImageSet::new("tiny", [1, 1, 1], vec![0; 10], vec![], 0);
        assert!(check_batch("tiny", &set, 10).is_ok());
        assert_eq!(
            check_batch("tiny", &set, 11).unwrap_err().to_string(),
            "the batch of 11 is larger than the data: tiny has 10 items, so at most 10 are allowed"
        );
        assert!(check_batch("ring", &*build("ring", ""), 1 << 40).is_ok());
    }
}
