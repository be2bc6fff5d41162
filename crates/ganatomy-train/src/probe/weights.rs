//! How large the players' parameters and the moments of their updates are, and how far G is from its average.

use ganatomy_game::average;
use ganatomy_game::step::Who;
use ganatomy_record::Direction;
use ganatomy_tensor::Store;

use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::Live;
use crate::rules::Rules;

/// What updates call the running mean of gradients.
const FIRST_MOMENTS: [&str; 2] = ["mean", "velocity"];
/// How far G is from its average.
const FROM_AVERAGE: &str = "generator/from_average";

/// The tensors of a run whose size is read.
struct Weights {
    sizes: Vec<Size>,
    /// G's tensors, each beside its average, where the run keeps one.
    averaged: Vec<[String; 2]>,
}

/// A reading: the root mean square of all numbers of some tensors.
struct Size {
    name: String,
    tensors: Vec<String>,
}

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(site: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    Ok(Some(Box::new(Weights::of(site.rules()))))
}

/// What it reads in a run.
fn known(rules: &Rules) -> Vec<(String, Direction)> {
    Weights::of(rules).readings()
}

impl Weights {
    fn of(rules: &Rules) -> Weights {
        let (mut sizes, mut averaged) = (Vec::new(), Vec::new());
        for player in rules.game.players() {
            let who = player.who;
            let trained: Vec<String> = player.trained().map(|d| d.name.clone()).collect();
            let moment = first_moment(rules, who);
            let moments =
                moment.map(|slot| trained.iter().map(|name| format!("update.{name}.{slot}")).collect());
            if who == Who::GENERATOR && rules.averages() {
                averaged = trained.iter().map(|name| [name.clone(), average::name(name)]).collect();
            }
            let sized = |what: &str, tensors| Size { name: format!("{}/{what}_norm", who.name()), tensors };
            sizes.push(sized("weight", trained));
            sizes.extend(moments.map(|moments| sized("moment", moments)));
        }
        Weights { sizes, averaged }
    }
}

/// What a player's update calls its first moment, if it keeps one.
fn first_moment(rules: &Rules, who: Who) -> Option<&'static str> {
    let slots = rules.updates.get(&who).filter(|update| !update.rule.stays())?.rule.slots();
    slots.iter().copied().find(|slot| FIRST_MOMENTS.contains(slot))
}

impl Size {
    /// `sqrt(sum x^2 / n)`.
    fn read(&self, store: &Store<f32>) -> Result<f64, TrainError> {
        let (mut sum, mut n) = (0.0, 0);
        for tensor in &self.tensors {
            let values = store.get(tensor)?.values();
            sum += values.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
            n += values.len();
        }
        Ok((sum / n as f64).sqrt())
    }
}

impl Probe for Weights {
    fn readings(&self) -> Vec<(String, Direction)> {
        let mut names: Vec<String> = self.sizes.iter().map(|size| size.name.clone()).collect();
        names.extend((!self.averaged.is_empty()).then(|| FROM_AVERAGE.to_owned()));
        names.into_iter().map(|name| (name, Direction::None)).collect()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let mut values = Vec::new();
        for size in &self.sizes {
            values.push((size.name.clone(), size.read(live.store)?));
        }
        let (mut way, mut length) = (0.0, 0.0);
        for [own, average] in &self.averaged {
            let (own, average) = (live.store.get(own)?.values(), live.store.get(average)?.values());
            for (x, mean) in own.iter().zip(average) {
                way += (f64::from(*x) - f64::from(*mean)).powi(2);
                length += f64::from(*x).powi(2);
            }
        }
        if length > 0.0 {
            values.push((FROM_AVERAGE.to_owned(), (way / length).sqrt()));
        }
        Ok(values)
    }
}

#[cfg(test)]
pub(crate) fn readings() -> Vec<(String, Direction)> {
    let names = [
        "generator/weight_norm",
        "generator/moment_norm",
        "discriminator/weight_norm",
        "discriminator/moment_norm",
        FROM_AVERAGE,
    ];
    names.map(|name| (name.to_owned(), Direction::None)).to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::Training;
    use crate::exam::{plan, session};

    const LINE: &str = "batch = 16\ndata.kind = \"gaussian\"\nprobes = { bins.every_steps = 0, gradients.every_steps = 0 }\n\
        [generator]\nhidden = []\nz_dims = 1\nupdate.kind = \"momentum\"\n[discriminator]\nhidden = []\nupdate.kind = \"still\"\n";

    fn read(run: &mut Training) -> BTreeMap<String, f64> {
        let mut found = run.probe().unwrap();
        found.retain(|name, _| {
            name.ends_with("_norm") && !name.contains("jacobian") || name.ends_with("average")
        });
        found
    }

    #[test]
    fn sizes_are_root_mean_squares() {
        let mut run = Training::new(plan(LINE).unwrap(), session()).unwrap();
        for (name, value) in [
            ("generator.out.weight", 3.0),
            ("generator.out.bias", 4.0),
            ("average.generator.out.weight", 3.0),
            ("average.generator.out.bias", 1.0),
            ("discriminator.out.weight", -2.0),
            ("discriminator.out.bias", 0.0),
            ("update.generator.out.weight.velocity", 1.0),
            ("update.generator.out.bias.velocity", -1.0),
        ] {
            run.set(name, &[value]).unwrap();
        }
        let expected = [
            ("discriminator/weight_norm", 2.0f64.sqrt()),
            ("generator/from_average", 0.6),
            ("generator/moment_norm", 1.0),
            ("generator/weight_norm", 12.5f64.sqrt()),
        ];
        let found = read(&mut run);
        let found: Vec<(&str, f64)> = found.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_not_kept_is_not_read() {
        let text = format!("{LINE}[average]\nkind = \"none\"\n").replace("\"momentum\"", "\"rmsprop\"");
        let mut run = Training::new(plan(&text).unwrap(), session()).unwrap();
        let names: Vec<String> = read(&mut run).into_keys().collect();
        assert_eq!(names, ["discriminator/weight_norm", "generator/weight_norm"]);
    }
}
