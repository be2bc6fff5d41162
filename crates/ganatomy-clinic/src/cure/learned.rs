//! What the ward has taught: which remedy helped which verdict on which loss, and of how many runs.

use std::sync::LazyLock;

use serde::Deserialize;

/// Runs of a verdict and a loss that a remedy was tried on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    /// The gravest verdict on them.
    pub verdict: String,
    /// Their loss.
    pub loss: String,
    /// The cure.
    pub remedy: String,
    /// Of how many its fork was clearly better than the untreated one.
    pub helped: u32,
    /// How many they were.
    pub of: u32,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    learned: Vec<Learned>,
}

static TABLE: LazyLock<Vec<Learned>> = LazyLock::new(|| {
    toml::from_str::<File>(include_str!("learned.toml")).map_or_else(|_| Vec::new(), |file| file.learned)
});

/// So many runs of other losses, and of no run at all, a table counts for beside its own.
const WEIGHT: f64 = 3.0;

/// The whole table.
pub fn learned() -> &'static [Learned] {
    &TABLE
}

/// How often a remedy is to be expected to help: its share over runs of this loss, drawn towards that over all losses, which is drawn
/// towards that of all remedies.
pub(super) fn share(verdict: &str, loss: Option<&str>, remedy: &str) -> f64 {
    share_in(learned(), verdict, loss, remedy)
}

fn share_in(table: &[Learned], verdict: &str, loss: Option<&str>, remedy: &str) -> f64 {
    let sums = |rows: &mut dyn Iterator<Item = &Learned>| {
        rows.fold([0.0; 2], |[helped, of], row| [helped + f64::from(row.helped), of + f64::from(row.of)])
    };
    let of_all = match sums(&mut table.iter()) {
        [helped, of] if of > 0.0 => helped / of,
        _ => 0.5,
    };
    let own = |loss: Option<&str>| {
        let is_own = |row: &&Learned| row.verdict == verdict && row.remedy == remedy;
        let is_of = |row: &&Learned| loss.is_none_or(|loss| row.loss == loss);
        sums(&mut table.iter().filter(is_own).filter(is_of))
    };
    let mut counts = vec![own(None)];
    counts.extend(loss.map(|loss| own(Some(loss))));
    counts.iter().fold(of_all, |prior, [helped, of]| (helped + WEIGHT * prior) / (of + WEIGHT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let file: File = toml::from_str(include_str!("learned.toml")).unwrap();
        assert_eq!(file.learned, learned());
    }

    #[test]
    fn a_share_is_of_this_loss_first_and_of_all_where_nothing_is_known() {
        let row = |loss: &str, helped, of| Learned {
            verdict: "v".to_owned(),
            loss: loss.to_owned(),
            remedy: "r".to_owned(),
            helped,
            of,
        };
        let table = [row("hinge", 9, 9), row("minimax", 0, 9)];
        let share = |loss| share_in(&table, "v", loss, "r");
        assert!(share(Some("hinge")) > 0.8 && share(Some("minimax")) < 0.2);
        assert_eq!(share(None), share(Some("began")));
        assert_eq!((share(None), share_in(&table, "v", None, "other")), (0.5, 0.5));
        assert_eq!(share_in(&table[..1], "v", None, "other"), 1.0);
        assert_eq!(share_in(&[], "v", None, "r"), 0.5);
    }
}
