//! The patients: runs whose illness is known, because it was given to them.

use ganatomy_clinic::{Chart, Facts, diagnose, is_well};
use ganatomy_data::BatchKey;
use ganatomy_record::{Event, Outcome};

use crate::{Bench, Followed, LessonError, Words};

/// What every patient began as: a healthy game on a ring of eight modes.
const HEALTHY: &str = r#"
batch = 128
data = { kind = "ring", std = 0.15 }
generator = { z_dims = 4, hidden = [64, 64], update = { kind = "adam", lr = 2e-3, beta1 = 0.5 } }
discriminator = { hidden = [64, 64], update = { kind = "adam", lr = 2e-3, beta1 = 0.5 } }
samples = { every_steps = 0 }
checkpoint = { every_steps = 0 }
[probes]
gradients = { every_steps = 75 }
modes = { every_steps = 75, n_samples = 1000 }
bins = { every_steps = 75 }
weights = { every_steps = 75 }
classes = { every_steps = 0 }
field = { every_steps = 0 }
sensitivity = { every_steps = 0 }
"#;
/// Looks at each run.
const N_LOOKS: u64 = 40;
/// Samples that are shown.
pub(super) const N_SAMPLES: usize = 160;

/// A run that is made ill.
pub(super) struct Patient {
    /// The verdicts of which one is right; none of a well run.
    pub illness: &'static [&'static str],
    /// What was done to it.
    pub cause: Words,
    steps: u64,
    over: &'static str,
}

/// The patients, in an order that tells nothing.
#[rustfmt::skip]
pub(super) const PATIENTS: [Patient; 7] = [
    Patient {
        illness: &["past-its-best"], steps: 3000,
        cause: Words::new("both players move at once, by long steps of plain gradient descent", "두 경기자가 단순 경사 하강법으로 동시에, 큰 걸음으로 움직임"),
        over: "generator = { update = { kind = \"sgd\", lr = 0.2 } }\ndiscriminator = { update = { kind = \"sgd\", lr = 0.2 } }\n\
               scheme = { kind = \"simultaneous\" }\n",
    },
    Patient {
        illness: &["complete-collapse", "partial-collapse"], steps: 1000,
        cause: Words::new("G moves ten times for each move of D", "판별자가 한 번 움직일 때 생성자는 열 번 움직임"),
        over: "scheme = { g_steps = 10 }\n",
    },
    Patient {
        illness: &[], steps: 3000,
        cause: Words::new("nothing but a remedy, R1", "아무 일도 없었고, 처방(R1)만 받음"),
        over: "remedies = { r1 = { gamma = 0.5 } }\n",
    },
    Patient {
        illness: &["vanishing-gradient", "discriminator-too-strong"], steps: 3000,
        cause: Words::new(
            "the minimax loss, data far from where G begins, and a D that learns much faster",
            "미니맥스 손실, 생성자의 출발점에서 먼 데이터, 훨씬 빨리 배우는 판별자",
        ),
        over: "data = { radius = 20.0 }\nloss = { kind = \"minimax\" }\n\
               generator = { activation = \"relu\", init = \"he\", update = { lr = 5e-5 } }\n\
               discriminator = { activation = \"relu\", init = \"he\", update = { lr = 1e-2 } }\n",
    },
    Patient {
        illness: &["generator-too-strong"], steps: 3000,
        cause: Words::new("D has two hidden units", "판별자의 은닉 유닛이 두 개뿐임"),
        over: "discriminator = { hidden = [2] }\n",
    },
    Patient {
        illness: &["exploding-gradient", "diverged"], steps: 3000,
        cause: Words::new(
            "the Wasserstein loss without anything that bounds the critic, and a high learning rate",
            "비평자를 묶어 두는 장치가 없는 바서슈타인 손실과 높은 학습률",
        ),
        over: "loss = { kind = \"wasserstein\" }\ngenerator = { update = { lr = 1e-2 } }\ndiscriminator = { update = { lr = 1e-2 } }\n",
    },
    Patient {
        illness: &["dead-players"], steps: 3000,
        cause: Words::new("D is never updated", "판별자를 한 번도 갱신하지 않음"),
        over: "discriminator = { update = { kind = \"still\" } }\n",
    },
];

/// A run as the page and the clinic see it.
pub(super) struct Seen {
    /// What its record says.
    pub chart: Chart,
    /// Its last samples.
    pub samples: Vec<f32>,
    /// As many items of its data.
    pub real: Vec<f32>,
}

impl Seen {
    /// What is said to be wrong with it.
    pub(super) fn sick_names(&self) -> Vec<&'static str> {
        names(&self.chart).into_iter().filter(|name| !is_well(name)).collect()
    }

    /// What was said of it after so many steps.
    pub(super) fn names_until(&self, step: u64) -> Vec<&'static str> {
        names(&self.chart.until(step))
    }
}

fn names(chart: &Chart) -> Vec<&'static str> {
    diagnose(chart).verdicts.iter().map(|finding| finding.name).collect()
}

/// The spec of a patient, and its steps.
pub(super) struct Sheet {
    /// The spec, as it would be written in a file.
    pub text: String,
    /// Steps of its run.
    pub steps: u64,
}

/// What a patient is played by.
pub(super) fn spec(bench: &Bench<'_>, patient: usize, seed: u64) -> Result<Sheet, LessonError> {
    let Patient { steps, over, .. } = &PATIENTS[patient];
    let spec = bench.spec(&[HEALTHY, &format!("steps = {steps}\n"), over], seed)?;
    Ok(Sheet { text: spec.source(), steps: *steps })
}

/// Plays every patient with so many seeds, and returns its runs.
pub(super) fn play(bench: &Bench<'_>, n_seeds: usize) -> Result<Vec<Vec<Seen>>, LessonError> {
    let mut all = Vec::new();
    for patient in &PATIENTS {
        let own = format!("steps = {}\n", patient.steps);
        let specs = bench
            .seeds(n_seeds)
            .into_iter()
            .map(|seed| bench.spec(&[HEALTHY, &own, patient.over], seed))
            .collect::<Result<Vec<_>, _>>()?;
        all.push(specs);
    }
    // Long runs and short ones side by side.
    let specs: Vec<_> = all.iter().flatten().cloned().collect();
    let work = bench.each("patients", &specs, |spec| {
        let plan = bench.plan(spec)?;
        let (facts, every) = (Facts::of_plan(&plan.resolved().table), plan.steps() / N_LOOKS);
        let followed = bench.follow_one(&plan, every, N_SAMPLES, |_| ())?;
        let mut real = vec![0.0; 2 * N_SAMPLES];
        let batch = BatchKey { seed: plan.seed(), step: 0, draw: 9 };
        plan.data().fill(batch, &mut real, &mut vec![0; N_SAMPLES]);
        let chart = chart(facts, &followed);
        let samples = followed.moments.into_iter().next_back().map(|last| last.samples).unwrap_or_default();
        Ok(Seen { chart, samples, real })
    })?;
    let mut work = work.into_iter();
    Ok(all.iter().map(|specs| work.by_ref().take(specs.len()).collect()).collect())
}

/// The record of a run: what `ganatomy train` would have written of it.
fn chart(facts: Facts, run: &Followed) -> Chart {
    let mut chart = Chart::new(facts);
    // Nothing is recorded before the first step.
    for moment in run.moments.iter().filter(|moment| moment.step > 0) {
        chart.receive(&Event::Readings { step: moment.step, secs: 0.0, values: moment.readings.clone() });
    }
    let outcome = run.diverged.clone().map_or(Outcome::Done, |quantity| Outcome::Diverged { quantity });
    chart.receive(&Event::Finished { step: chart.step(), secs: 0.0, outcome });
    chart
}
