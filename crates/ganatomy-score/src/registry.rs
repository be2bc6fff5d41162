//! The table of scores: adding one is a file and a line here.

use ganatomy_record::Entry;

use crate::density_coverage::DensityCoverage;
use crate::diversity::Diversity;
use crate::duplicates::Duplicates;
use crate::frechet::Frechet;
use crate::inception::Inception;
use crate::kid::Kid;
use crate::memorised::Memorised;
use crate::ndb::Ndb;
use crate::prd::Prd;
use crate::precision_recall::PrecisionRecall;
use crate::score::Score;

/// A row of the table.
pub type Row = Entry<dyn Score>;

/// Every score of samples by their features.
#[rustfmt::skip]
pub fn scores() -> Vec<Row> {
    vec![
        Row::new("fid", "Fréchet distance of features: the FID where they are Inception's", |_| Ok(Box::new(Frechet))).explained_by(include_str!("frechet.rs")),
        Row::new("kid", "kernel distance without bias, with its spread over subsets", |f| Ok(Box::new(Kid::read(f)?))).explained_by(include_str!("kid.rs")),
        Row::new("inception", "how sure a classifier is of each item, and how evenly it names its classes", |f| Ok(Box::new(Inception::read(f)?))).explained_by(include_str!("inception.rs")),
        Row::new("precision-recall", "the share of samples among data, and of data among samples", |f| Ok(Box::new(PrecisionRecall::read(f)?))).explained_by(include_str!("precision_recall.rs")),
        Row::new("density-coverage", "how deep samples lie among data, and the share of data that have a sample near", |f| Ok(Box::new(DensityCoverage::read(f)?))).explained_by(include_str!("density_coverage.rs")),
        Row::new("ndb", "the share of clusters of the data that samples fill to another share", |f| Ok(Box::new(Ndb::read(f)?))).explained_by(include_str!("ndb.rs")),
        Row::new("prd", "the curve of precision over recall of distributions, by its F8 and F1/8", |f| Ok(Box::new(Prd::read(f)?))).explained_by(include_str!("prd.rs")),
        Row::new("diversity", "the mean distance of two samples, beside that of two real items", |f| Ok(Box::new(Diversity::read(f)?))).explained_by(include_str!("diversity.rs")),
        Row::new("duplicates", "near-duplicates among samples, and the support's size by the birthday paradox", |f| Ok(Box::new(Duplicates::read(f)?))).explained_by(include_str!("duplicates.rs")),
        Row::new("memorised", "whether samples are nearer to training data than held-out data are", |_| Ok(Box::new(Memorised))).explained_by(include_str!("memorised.rs")),
    ]
}
