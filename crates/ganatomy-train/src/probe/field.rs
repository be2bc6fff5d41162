//! Whether the game's field pulls the players inwards or sends them round.

use ganatomy_record::Direction;

use super::{BuiltIn, Probe, Site};
use crate::error::TrainError;
use crate::look::{Live, field_program};
use crate::room::Room;
use crate::rules::Rules;

/// How far the players are moved for the difference, beside the length of all parameters.
const STEP: f64 = 1e-3;

struct FieldProbe;

/// Its row.
pub(super) const PROBE: BuiltIn = BuiltIn { build, readings: known };

fn build(_: &mut Site<'_>) -> Result<Option<Box<dyn Probe>>, TrainError> {
    Ok(Some(Box::new(FieldProbe)))
}

pub(super) fn needs(room: &mut Room<'_>, _: usize) -> Result<u64, TrainError> {
    Ok(room.program(&field_program(room.rules.board())?))
}

/// The names of its readings, and which way is better.
pub(crate) fn readings() -> Vec<(String, Direction)> {
    ["game/attraction", "game/rotation"].map(|name| (name.to_owned(), Direction::None)).to_vec()
}

/// What it reads in a run.
fn known(_: &Rules) -> Vec<(String, Direction)> {
    readings()
}

impl Probe for FieldProbe {
    fn readings(&self) -> Vec<(String, Direction)> {
        readings()
    }

    fn read(&mut self, live: &mut Live<'_>) -> Result<Vec<(String, f64)>, TrainError> {
        let found = live.bend(live.step(), STEP)?;
        Ok(found.map_or_else(Vec::new, |bend| {
            vec![("game/attraction".to_owned(), bend.attraction), ("game/rotation".to_owned(), bend.rotation)]
        }))
    }
}

#[cfg(test)]
mod tests {
    use crate::Training;
    use crate::exam::{plan, session};

    const OFF: &str =
        "probes = { bins.every_steps = 0, sensitivity.every_steps = 0, field.every_steps = 10 }\n";

    fn read(run: &mut Training) -> [f64; 2] {
        let found = run.probe().unwrap();
        [found["game/attraction"], found["game/rotation"]]
    }

    /// `xi . H xi / |xi|^2` and the length of the rest, of the exact Jacobian.
    fn exact(run: &mut Training) -> [f64; 2] {
        let key = run.step();
        let xi: Vec<f64> = run.field(key).unwrap().into_iter().map(f64::from).collect();
        let times = |row: &Vec<f64>| row.iter().zip(&xi).map(|(h, x)| h * x).sum::<f64>();
        let turned: Vec<f64> = run.jacobian(key).unwrap().iter().map(times).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let square = dot(&xi, &xi);
        let attraction = dot(&xi, &turned) / square;
        let rest: Vec<f64> = turned.iter().zip(&xi).map(|(v, x)| v - attraction * x).collect();
        [attraction, (dot(&rest, &rest) / square).sqrt()]
    }

    #[test]
    fn a_bilinear_game_only_goes_round() {
        // G(z) = a z + b against the critic w x + c: xi is bilinear, and H turns by a right angle.
        let spec = format!(
            "batch = 64\ndata = {{ kind = \"gaussian\", mean = 2 }}\nloss.kind = \"wasserstein\"\n{OFF}\
             generator = {{ hidden = [], z_dims = 1 }}\ndiscriminator.hidden = []\n"
        );
        let mut run = Training::new(plan(&spec).unwrap(), session()).unwrap();
        for (name, value) in
            [("generator.out.weight", 1.5), ("generator.out.bias", 1.0), ("discriminator.out.weight", -2.0)]
        {
            run.set(name, &[value]).unwrap();
        }
        let ([attraction, rotation], truth) = (read(&mut run), exact(&mut run));
        assert!(
            attraction.abs() < 1e-3 && (rotation / truth[1] - 1.0).abs() < 1e-3,
            "{attraction} {rotation} {truth:?}"
        );
        // By hand: |H xi| / |xi| = sqrt(1 + m^2), m the mean of z, which is small.
        assert!((1.0..1.1).contains(&rotation), "{rotation}");
    }

    #[test]
    fn the_field_of_networks_bends_as_its_jacobian_says() {
        let spec = format!(
            "batch = 32\n{OFF}generator = {{ hidden = [5], z_dims = 2 }}\ndiscriminator.hidden = [5]\nremedies.r1 = {{}}\n"
        );
        let mut run = Training::new(plan(&spec).unwrap(), session()).unwrap();
        for _ in 0..3 {
            run.advance(7).unwrap();
            let before = run.parameters().unwrap();
            let (found, truth) = (read(&mut run), exact(&mut run));
            assert_eq!(before, run.parameters().unwrap());
            let size = truth[0].hypot(truth[1]);
            let off = found.iter().zip(&truth).map(|(a, b)| (a - b).abs() / size).fold(0.0, f64::max);
            assert!(off < 0.02, "{found:?} for {truth:?}");
        }
    }

    #[test]
    fn a_player_that_is_pulled_back_is_attracted() {
        // The critic stands at zero, and its gradient is the distance of the means: only the penalty bends its field.
        let spec = format!(
            "batch = 64\ndata = {{ kind = \"gaussian\", mean = 2 }}\nloss.kind = \"wasserstein\"\n{OFF}\
             remedies.r1.gamma = 6.0\ngenerator = {{ hidden = [], z_dims = 1 }}\ndiscriminator.hidden = []\n"
        );
        let mut run = Training::new(plan(&spec).unwrap(), session()).unwrap();
        for (name, value) in
            [("generator.out.weight", 1.0), ("generator.out.bias", 0.0), ("discriminator.out.weight", 0.0)]
        {
            run.set(name, &[value]).unwrap();
        }
        // gamma / 2 w^2 has the second derivative gamma; xi is along w alone there, but for the noise of a batch.
        let [attraction, _] = read(&mut run);
        assert!((attraction / 6.0 - 1.0).abs() < 0.02, "{attraction}");
    }
}
