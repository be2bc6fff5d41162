//! The loop on another device: one that is this processor with a store of its own, so that everything must be the same to the bit.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ganatomy_record::{Checkpoints, Event, Outcome, RunFolder};
use ganatomy_tensor::{Bound, Cpu, Device, DeviceError, Key, Many, Precision, Program, Room, Shape, Store};

use super::population::Kept;
use super::{SMALL, plan};
use crate::{Session, Training, train};

#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    /// Devices that share each step, by their word.
    n_devices: Option<usize>,
    /// The step in which it fails, with all that it was given.
    fails_at: Option<u64>,
}

#[derive(Debug)]
struct Own {
    cpu: Cpu,
    store: Store<f32>,
    fed: BTreeMap<String, Vec<f32>>,
    programs: Vec<(Bound<f32>, Many)>,
    cut: BTreeMap<String, usize>,
    fails_at: Option<u64>,
}

impl Device for Elsewhere {
    fn name(&self) -> String {
        "elsewhere".to_owned()
    }

    fn room(&self, _: Precision) -> Result<Box<dyn Room>, DeviceError> {
        let (cpu, store, fed, programs) = (Cpu::new(1), Store::new(), BTreeMap::new(), Vec::new());
        Ok(Box::new(Own { cpu, store, fed, programs, cut: BTreeMap::new(), fails_at: self.fails_at }))
    }

    fn n_devices(&self) -> usize {
        self.n_devices.unwrap_or(1)
    }
}

/// The axes in front of a single run's: that of the members of a population.
fn lead(program: &Program) -> usize {
    usize::from(program.inputs().iter().any(|(name, _)| *name == "population.alive"))
}

impl Room for Own {
    fn cut(&mut self, name: &str, axis: usize) {
        self.cut.insert(name.to_owned(), axis);
    }

    fn compile(&mut self, program: &Program) -> Result<usize, DeviceError> {
        let real = |name: &&str| name.starts_with("real.");
        let is_cut = |name: &str| self.cut.get(name) == Some(&lead(program));
        assert!(
            program.inputs().iter().map(|input| input.0).filter(real).all(is_cut),
            "single batches are cut"
        );
        self.compile_many(program, &Many { most: 1, ..Many::default() })
    }

    fn compile_many(&mut self, program: &Program, many: &Many) -> Result<usize, DeviceError> {
        let axis = lead(program) + 1;
        let real = |name: &&String| name.starts_with("real.");
        assert!(
            many.fed.iter().filter(real).all(|name| many.most == 1 || self.cut.get(name) == Some(&axis)),
            "batches of many steps are cut each"
        );
        for (name, shape) in program.inputs() {
            self.store.place(name, shape)?;
        }
        self.programs.push((program.bind(&self.cpu, &mut self.store)?, many.clone()));
        Ok(self.programs.len() - 1)
    }

    fn put(&mut self, name: &str, shape: &Shape, values: &[f32]) -> Result<(), DeviceError> {
        if self.programs.iter().any(|(_, many)| many.fed.iter().any(|fed| fed == name)) {
            self.fed.insert(name.to_owned(), values.to_vec());
            return Ok(());
        }
        self.store.place(name, shape)?;
        self.store.get_mut(name)?.values_mut().copy_from_slice(values);
        Ok(())
    }

    fn get(&self, name: &str, to: &mut [f32]) -> Result<(), DeviceError> {
        to.copy_from_slice(self.store.get(name)?.values());
        Ok(())
    }

    fn run(&mut self, program: usize, key: Key) -> Result<(), DeviceError> {
        self.run_many(program, key, 1).map(|_| ())
    }

    fn run_many(&mut self, program: usize, key: Key, n: u64) -> Result<u64, DeviceError> {
        let Own { cpu, store, fed, programs, fails_at, .. } = self;
        let (program, many) = &mut programs[program];
        assert!(n as usize <= many.most);
        for nth in 0..n {
            let step = key.step + nth;
            if *fails_at == Some(step) {
                return Err("it fell over".into());
            }
            for name in &many.fed {
                let to = store.get_mut(name)?.values_mut();
                to.copy_from_slice(&fed[name][nth as usize * to.len()..][..to.len()]);
            }
            program.run(cpu, store, Key { step, ..key })?;
            if many
                .watched
                .iter()
                .any(|name| store.get(name).unwrap().values().iter().any(|x| !x.is_finite()))
            {
                return Ok(nth + 1);
            }
        }
        Ok(n)
    }
}

/// A run of 40 steps that is stopped after 18 and goes on, on a device or here: its events and its last checkpoint.
fn run(home: &Path, more: &str, there: [bool; 2]) -> (Vec<Event>, Vec<u8>) {
    let text = format!(
        "steps = 40\nreadings_every_steps = 7\nsamples.every_steps = 9\ncheckpoint.every_steps = 11\n{SMALL}{more}\
         [probes]\ngradients.every_steps = 4\nweights.every_steps = 6\nmodes = {{ every_steps = 10, n_samples = 50 }}\n"
    );
    let folder = RunFolder::create(&home.join(format!("{there:?}")), true, "", "").unwrap();
    let mut kept = Kept { events: Vec::new(), stops_after: 18 };
    for (session, there) in there.into_iter().enumerate() {
        let device = there.then(|| Arc::new(Elsewhere::default()) as Arc<dyn Device>);
        let session =
            Session { device, resume: session > 0, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        let outcome = train(plan(&text).unwrap(), session, &mut kept).unwrap();
        assert_eq!(outcome, if kept.stops_after == 18 { Outcome::Interrupted } else { Outcome::Done });
        kept.stops_after = u64::MAX;
    }
    let last = Checkpoints::latest(&folder).unwrap().unwrap();
    (kept.events, std::fs::read(last.path).unwrap())
}

#[test]
fn a_run_elsewhere_says_and_keeps_what_it_would_here() {
    for more in [
        "",
        "remedies = { r1 = { every_steps = 3 }, replay = {} }\naverage.kind = \"uniform\"\n",
        "scheme = { kind = \"alternating\", d_steps = 2 }\n",
    ] {
        let home = tempfile::tempdir().unwrap();
        let here = run(home.path(), more, [false, false]);
        assert!(here.0.len() > 20, "{}", here.0.len());
        for there in [[true, true], [true, false], [false, true]] {
            let found = run(home.path(), more, there);
            assert_eq!(found.0, here.0, "{more} {there:?}");
            assert!(found.1 == here.1, "{more} {there:?}: another checkpoint");
        }
    }
}

#[test]
fn a_run_that_diverges_elsewhere_does_so_at_its_step() {
    // Without layers that saturate, it grows at every vector level.
    let steep = "hidden = [], update = { kind = \"sgd\", lr = 1e12 }";
    let small = SMALL.replace("hidden = [6]", steep);
    let text = format!("{small}readings_every_steps = 25\nloss.kind = \"wasserstein\"\n");
    let run = |device: Option<Arc<dyn Device>>| {
        let session = Session { device, ..Session::in_memory(Cpu::new(1)) };
        let mut run = Training::new(plan(&text).unwrap(), session).unwrap();
        let broken = run.advance(100).unwrap();
        (broken, run.step())
    };
    let (broken, step) = run(None);
    assert!(broken.is_some() && step > 1 && step < 25, "{broken:?} {step}");
    assert_eq!(run(Some(Arc::new(Elsewhere::default()))), (broken, step));
}

#[test]
fn a_state_that_was_lost_is_never_stored() {
    let home = tempfile::tempdir().unwrap();
    let folder = RunFolder::create(&home.path().join("run"), true, "", "").unwrap();
    let text = format!("steps = 40\nreadings_every_steps = 10\ncheckpoint.every_steps = 10\n{SMALL}");
    let device =
        || Some(Arc::new(Elsewhere { fails_at: Some(25), ..Elsewhere::default() }) as Arc<dyn Device>);
    let session = Session { device: device(), ..Session::in_folder(folder.clone(), Cpu::new(1)) };
    let mut run = Training::new(plan(&text).unwrap(), session).unwrap();
    assert!(run.advance(40).unwrap_err().to_string().contains("it fell over"));
    for error in [run.checkpoint().unwrap_err(), run.advance(1).unwrap_err()] {
        assert!(error.to_string().contains("state was lost"), "{error}");
    }
    assert_eq!(Checkpoints::latest(&folder).unwrap().unwrap().step, 20);
    // The loop says so too, and stores nothing.
    let session =
        Session { device: device(), resume: true, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
    let mut kept = Kept { events: Vec::new(), stops_after: u64::MAX };
    assert!(train(plan(&text).unwrap(), session, &mut kept).is_err());
    assert!(matches!(
        kept.events.last(),
        Some(Event::Finished { outcome: Outcome::Failed { reason }, .. }) if reason.contains("it fell over")
    ));
    assert_eq!(Checkpoints::latest(&folder).unwrap().unwrap().step, 20);
}

#[test]
fn devices_share_batches_that_they_divide_alone() {
    let session = |n_devices| {
        let device = Arc::new(Elsewhere { n_devices: Some(n_devices), ..Elsewhere::default() });
        Session { device: Some(device), ..Session::in_memory(Cpu::new(1)) }
    };
    assert!(Training::new(plan(SMALL).unwrap(), session(4)).is_ok());
    let refused = Training::new(plan(SMALL).unwrap(), session(3)).err().unwrap();
    assert!(refused.is_request());
    assert_eq!(
        refused.to_string(),
        "3 devices share each batch evenly: batch must be a multiple of 3, found 8"
    );
}
