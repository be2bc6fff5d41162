//! The table of data sets: adding one is a file and a line here.

use ganatomy_record::{Entry, Fields, SpecError, choose};

use crate::fashion_mnist::{self, FashionMnistSpec};
use crate::folder::FolderSpec;
use crate::gaussian::GaussianSpec;
use crate::glyphs::{GlyphsSpec, OutlinesSpec};
use crate::grid::GridSpec;
use crate::mnist::{self, MnistSpec};
use crate::ring::RingSpec;
use crate::stacked_mnist::StackedMnistSpec;
use crate::subspaces::SubspacesSpec;
use crate::swiss_roll::SwissRollSpec;
use crate::ten_points::TenPointsSpec;
use crate::triangles::TrianglesSpec;
use crate::{DataError, DataSpec, Dataset, Source};

/// A row of the table.
pub type Row = Entry<dyn DataSpec>;

/// Every data set, toys first.
#[rustfmt::skip]
pub fn data_sets() -> Vec<Row> {
    vec![
        Row::new("ring", "Gaussians evenly spaced on a circle", |f| Ok(Box::new(RingSpec::read(f)?))).explained_by(include_str!("ring.rs")),
        Row::new("grid", "Gaussians on a square grid", |f| Ok(Box::new(GridSpec::read(f)?))).explained_by(include_str!("grid.rs")),
        Row::new("gaussian", "one Gaussian, of one dimension or of many", |f| Ok(Box::new(GaussianSpec::read(f)?))).explained_by(include_str!("gaussian.rs")),
        Row::new("swiss-roll", "points along a spiral", |f| Ok(Box::new(SwissRollSpec::read(f)?))).explained_by(include_str!("swiss_roll.rs")),
        Row::new("ten-points", "ten points of the plane, each a mode", |f| Ok(Box::new(TenPointsSpec::read(f)?))).explained_by(include_str!("ten_points.rs")),
        Row::new("subspaces", "Gaussians of 700 dimensions embedded in 1200, or other numbers", |f| Ok(Box::new(SubspacesSpec::read(f)?))).explained_by(include_str!("subspaces.rs")),
        Row::new("glyphs", "digits drawn by a simulated hand, endless and labelled", |f| Ok(Box::new(GlyphsSpec::read(f)?))).explained_by(include_str!("glyphs/mod.rs")),
        Row::new("outlines", "pairs of images: the outline of a digit and the digit filled, endless and labelled", |f| Ok(Box::new(OutlinesSpec::read(f)?))).explained_by(include_str!("glyphs/pairs.rs")),
        Row::new("triangles", "dark triangles, or other convex polygons, on light paper, endless", |f| Ok(Box::new(TrianglesSpec::read(f)?))).explained_by(include_str!("triangles.rs")),
        Row::new("mnist", "handwritten digits, 60,000 of 28x28", |f| Ok(Box::new(MnistSpec::read(f)?))).explained_by(include_str!("mnist.rs")),
        Row::new("fashion-mnist", "garments, 60,000 of 28x28", |f| Ok(Box::new(FashionMnistSpec::read(f)?))).explained_by(include_str!("fashion_mnist.rs")),
        Row::new("stacked-mnist", "three digits of mnist (or glyphs) as three channels, 1000 modes, endless", |f| Ok(Box::new(StackedMnistSpec::read(f)?))).explained_by(include_str!("stacked_mnist.rs")),
        Row::new("folder", "any tree of JPEG, PNG, WebP, BMP, GIF or TIFF images", |f| Ok(Box::new(FolderSpec::read(f)?))).explained_by(include_str!("folder/mod.rs")),
    ]
}

/// The data sets that can be downloaded.
pub const SOURCES: [&Source; 2] = [&mnist::SOURCE, &fashion_mnist::SOURCE];

/// Reads `kind` and then that set's own options from a spec's data table; the caller finishes the table.
///
/// # Errors
/// A set that is not in the table, or an option that is not allowed.
pub fn read(
    entries: &[Entry<dyn DataSpec>],
    fields: &mut Fields<'_>,
) -> Result<Box<dyn DataSpec>, SpecError> {
    choose(entries, fields, "which data set", "ring")
}

/// Refuses a batch that is larger than a finite set, and a set whose items hold nothing.
///
/// # Errors
/// [`DataError::BatchTooLarge`], or [`DataError::Array`] for items with an axis of length zero.
pub fn check_batch(name: &str, set: &dyn Dataset, batch: usize) -> Result<(), DataError> {
    if set.item_shape().contains(&0) {
        let (wanted, found) = ("of one or more numbers".to_owned(), format!("shape {:?}", set.item_shape()));
        return Err(DataError::Array { what: "every item", wanted, found });
    }
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
    use crate::BatchKey;
    use crate::images::Images;
    use crate::testing::{build, message, read};

    /// Sets that are read from files.
    const FILES: [&str; 3] = ["mnist", "fashion-mnist", "folder"];

    /// Every set that needs no file, with the options that it needs for that.
    fn procedural() -> Vec<(String, &'static str)> {
        let names = data_sets().into_iter().map(|entry| entry.name().to_owned());
        let options = |name: &str| if name == "stacked-mnist" { "digits = \"glyphs\"" } else { "" };
        let made = names.filter(|name| !FILES.contains(&name.as_str()));
        made.map(|name| (name.clone(), options(&name))).collect()
    }

    fn draw(set: &dyn Dataset, seed: u64, step: u64, draw: u64, batch: usize) -> (Vec<f32>, Vec<u32>) {
        let mut out = vec![f32::NAN; batch * set.item_shape().iter().product::<usize>()];
        let mut labels = vec![u32::MAX; batch];
        set.fill(BatchKey { seed, step, draw }, &mut out, &mut labels);
        (out, labels)
    }

    #[test]
    fn names_are_unique_and_documented() {
        let all = data_sets();
        for (i, entry) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|other| other.name() != entry.name()), "{}", entry.name());
            assert!(!entry.doc().is_empty());
        }
        for source in SOURCES {
            assert!(all.iter().any(|entry| entry.name() == source.name), "{}", source.name);
        }
    }

    #[test]
    fn the_key_fixes_every_procedural_batch() {
        for (name, options) in procedural() {
            let set = build(&name, options);
            let batch = draw(&*set, 1, 2, 3, 16);
            assert!(batch.0.iter().all(|x| x.is_finite()), "{name}");
            assert!(batch.1.iter().all(|&label| (label as usize) < set.n_classes().max(1)), "{name}");
            assert_eq!(batch, draw(&*build(&name, options), 1, 2, 3, 16), "{name}");
            for other in [draw(&*set, 2, 2, 3, 16), draw(&*set, 1, 3, 3, 16), draw(&*set, 1, 2, 4, 16)] {
                assert_ne!(batch.0, other.0, "{name}");
            }
            // Of an endless set, a smaller batch of the same key is the start of a larger one.
            let start =
                set.n_items().is_some() || draw(&*set, 1, 2, 3, 4).0[..] == batch.0[..batch.0.len() / 4];
            assert!(start, "{name}");
            let fingerprint = set.fingerprint();
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-.".contains(c);
            assert!(fingerprint.chars().all(is_name), "{fingerprint} is no file name");
        }
    }

    #[test]
    fn fingerprints_follow_the_options() {
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
        }
    }

    #[test]
    fn an_unknown_kind_is_answered_with_the_nearest() {
        let error = read("kind = \"mnits\"").unwrap_err();
        assert!(message(&error).contains("did you mean \"mnist\"?"), "{error}");
    }

    #[test]
    fn items_without_numbers_are_refused() {
        let set = Images::trusted("none", [4, 0, 1], vec![], vec![], 0);
        assert_eq!(
            check_batch("none", &set, 1).unwrap_err().to_string(),
            "every item must be of one or more numbers, found shape [4, 0, 1]"
        );
    }

    #[test]
    fn a_batch_larger_than_the_data_is_refused() {
        let set = Images::trusted("tiny", [1, 1, 1], vec![0; 10], vec![], 0);
        assert!(check_batch("tiny", &set, 10).is_ok());
        assert_eq!(
            check_batch("tiny", &set, 11).unwrap_err().to_string(),
            "the batch of 11 is larger than the data: the set tiny has 10 items to train on, so at most 10 are allowed"
        );
        assert!(check_batch("ring", &*build("ring", ""), 1 << 40).is_ok());
    }
}
