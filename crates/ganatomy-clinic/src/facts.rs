//! What was played, as far as the record says it.

use toml::{Table, Value};

/// What is known of a run besides its readings: nothing of it has to be known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Steps that the run is to make.
    pub steps: Option<u64>,
    /// The game, by its name in a spec.
    pub game: Option<String>,
    /// The loss, by its name in a spec.
    pub loss: Option<String>,
    /// The targets of a least-squares D: of generated and of real items.
    pub targets: Option<[f64; 2]>,
    /// G's learning rate.
    pub g_rate: Option<f64>,
    /// D's learning rate.
    pub d_rate: Option<f64>,
    /// What moves G and D, by its name in a spec.
    pub updates: [Option<String>; 2],
    /// Moves of G and of D in a step.
    pub moves: Option<[u64; 2]>,
    /// The kind of G's network.
    pub network: Option<String>,
    /// Units of each hidden layer of G and of D, where they are fully connected.
    pub hidden: [Option<Vec<u64>>; 2],
    /// The width of G's and of D's convolutions.
    pub widths: [Option<u64>; 2],
    /// The weight of the penalty on D's slope at real items.
    pub r1: Option<f64>,
    /// Is the slope of D penalised?
    pub has_slope_penalty: bool,
    /// The limit that D's weights are clipped to.
    pub clip: Option<f64>,
    /// The reading by which checkpoints are compared, where the spec names one.
    pub best_by: Option<String>,
    /// Modes that the data are known to have.
    pub n_modes: Option<u64>,
    /// Are its readings another program's, taken from a log?
    pub is_imported: bool,
    /// What a step of it is, where the log says so: an iteration, an epoch, kimg, a row.
    pub step_unit: Option<String>,
    /// Whether its D's loss is a `sum` or a `mean` of halves, where the format says so.
    pub halves: Option<String>,
}

/// The remedies that penalise the slope of D.
const SLOPE_PENALTIES: [&str; 4] = ["r1", "r2", "gradient-penalty", "dragan"];

/// The tables of a plan about the players.
pub(crate) const PLAYERS: [&str; 2] = ["generator", "discriminator"];

impl Facts {
    /// What a `plan.toml` says. What it does not say, or says in another way, is not known.
    pub fn of_plan(plan: &Table) -> Facts {
        let at = |path: &[&str]| look(plan, path);
        let word = |path: &[&str]| at(path).and_then(Value::as_str).map(str::to_owned);
        let count =
            |path: &[&str]| at(path).and_then(Value::as_integer).and_then(|count| u64::try_from(count).ok());
        let value = |path: &[&str]| at(path).and_then(number);
        Facts {
            steps: count(&["steps"]),
            game: word(&["game", "kind"]),
            loss: word(&["loss", "kind"]),
            targets: value(&["loss", "a"]).zip(value(&["loss", "b"])).map(|(a, b)| [a, b]),
            g_rate: value(&["generator", "update", "lr"]),
            d_rate: value(&["discriminator", "update", "lr"]),
            updates: PLAYERS.map(|player| word(&[player, "update", "kind"])),
            moves: count(&["scheme", "g_steps"]).zip(count(&["scheme", "d_steps"])).map(|(g, d)| [g, d]),
            network: word(&["generator", "kind"]),
            hidden: PLAYERS.map(|player| {
                let layers = at(&[player, "hidden"])?.as_array()?.iter();
                layers.map(|units| units.as_integer().and_then(|n| u64::try_from(n).ok())).collect()
            }),
            widths: PLAYERS.map(|player| count(&[player, "width"])),
            r1: value(&["remedies", "r1", "gamma"]),
            has_slope_penalty: SLOPE_PENALTIES.iter().any(|name| at(&["remedies", name]).is_some()),
            clip: value(&["remedies", "weight-clipping", "limit"]),
            best_by: word(&["checkpoint", "best_by"]).filter(|name| !name.is_empty()),
            n_modes: n_modes(plan),
            is_imported: at(&["import"]).is_some(),
            step_unit: word(&["import", "step_unit"]),
            halves: word(&["import", "values"]),
        }
    }

    /// Is the loss one of these?
    pub fn loss_is(&self, names: &[&str]) -> bool {
        self.loss.as_deref().is_some_and(|loss| names.contains(&loss))
    }

    /// Does a discriminator judge, as far as that is known?
    pub fn has_judge(&self) -> bool {
        self.game.as_deref().is_none_or(|game| game == "adversarial")
    }

    /// Is D a critic, whose outputs have no level: neither a probability nor a label?
    pub fn has_critic(&self) -> bool {
        self.loss_is(&["wasserstein", "relativistic", "relativistic-average", "began"])
            || self.loss.as_deref().is_some_and(|loss| loss.starts_with("f-"))
    }
}

/// The modes of the data sets that count them.
fn n_modes(plan: &Table) -> Option<u64> {
    let data = look(plan, &["data"])?.as_table()?;
    // A set may be made of another.
    let data = look(data, &["of"]).and_then(Value::as_table).unwrap_or(data);
    let field = |name| look(data, &[name]).and_then(Value::as_integer).map(|n| n.max(0) as u64);
    match look(data, &["kind"])?.as_str()? {
        "grid" => field("side").map(|side| side * side),
        "ten-points" => Some(10),
        "gaussian" | "swiss-roll" => Some(1),
        _ => field("n_modes"),
    }
}

fn look<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (last, folders) = path.split_last()?;
    folders.iter().try_fold(table, |table, name| table.get(*name)?.as_table())?.get(*last)
}

fn number(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_tells_what_was_played() {
        let plan = "steps = 9\n[data]\nkind = \"grid\"\nside = 5\n[loss]\nkind = \"least-squares\"\na = -1\nb = 1.0\n\
                    [generator.update]\nlr = 1\n[remedies.r2]\n[discriminator]\nhidden = [8, 4]\nwidth = 16\n[checkpoint]\nbest_by = \"\"\n";
        let facts = Facts::of_plan(&plan.parse().unwrap());
        assert_eq!((facts.steps, facts.n_modes, facts.g_rate), (Some(9), Some(25), Some(1.0)));
        assert_eq!(facts.targets, Some([-1.0, 1.0]));
        assert!(facts.loss_is(&["least-squares"]) && facts.best_by.is_none());
        assert!(!facts.has_critic() && !facts.is_imported);
        assert!(facts.has_slope_penalty);
        assert_eq!((&facts.hidden, facts.widths), (&[None, Some(vec![8, 4])], [None, Some(16)]));
        let imported = Facts::of_plan(&"[import]\nstep_unit = \"epoch\"\nvalues = \"mean\"".parse().unwrap());
        assert!(imported.is_imported);
        assert_eq!(
            (imported.step_unit.as_deref(), imported.halves.as_deref()),
            (Some("epoch"), Some("mean"))
        );
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        for text in ["", "steps = -4", "steps = \"nine\"\nloss = 3", "data = 3", "generator.hidden = [-1]"] {
            assert_eq!(Facts::of_plan(&text.parse().unwrap()), Facts::default());
        }
    }
}
