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
        Row::new("fid", "Fréchet distance of features: the FID where they are Inception's", |f| Ok(Box::new(Frechet::read(f)?))).explained_by(include_str!("frechet.rs")),
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ganatomy_record::{Direction, RunSpec};
    use ganatomy_tensor::Cpu;

    use super::*;
    use crate::testing::{made, moved};
    use crate::{Rows, Sides};

    #[test]
    fn names_differ_and_every_number_has_its_direction() {
        let (a, b, classes) = (made(1, 1000, 3), moved(2, 1000, 3), [0.5; 2000]);
        let rows = |x| Rows::new(x, 3).unwrap();
        let sides = Sides::new(rows(&a), rows(&b)).unwrap();
        let sides = sides.with_held_out(Some(rows(&a[..300]))).unwrap();
        let sides = sides.with_probabilities(Some(Rows::new(&classes, 2).unwrap())).unwrap();
        let spec = RunSpec::parse("", "test").unwrap();
        let mut found = BTreeMap::new();
        let all = scores();
        for (i, row) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|other| other.name() != row.name()), "{}", row.name());
            let score = row.read(&mut spec.root()).unwrap();
            let values = score.score(&sides, &Cpu::new(1)).unwrap();
            let named: Vec<_> = values.iter().map(|value| (value.name, value.direction)).collect();
            assert_eq!(named, score.numbers(), "{}", row.name());
            for value in values {
                assert!(value.value.is_finite(), "{value:?}");
                assert!(found.insert(value.name, value.direction).is_none(), "{}", value.name);
            }
        }
        let named = |direction| {
            found.iter().filter(|(_, found)| **found == direction).map(|(name, _)| *name).collect::<Vec<_>>()
        };
        let up = "coverage density inception_score prd_f1_8 prd_f8 precision recall support";
        let down = "duplicate_share fid fid_of_means kid largest_group ndb_js ndb_share";
        let neither = "diversity_generated diversity_ratio diversity_real memorised_z nearer_share";
        assert_eq!(named(Direction::Up).join(" "), up);
        assert_eq!(named(Direction::Down).join(" "), down);
        assert_eq!(named(Direction::None).join(" "), neither);
    }
}
