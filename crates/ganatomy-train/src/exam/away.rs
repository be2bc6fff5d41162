//! The loop on another device: one that is this processor with a store of its own, so that everything must be the same to the bit.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use ganatomy_record::{Checkpoints, Event, Outcome, RecordError, RunFolder, Sink};
use ganatomy_tensor::{Bound, Cpu, Device, DeviceError, Key, Program, Room, Shape, Store};

use super::{SMALL, plan};
use crate::{Session, train};

#[derive(Debug)]
struct Elsewhere;

#[derive(Debug)]
struct Own {
    cpu: Cpu,
    store: Store<f32>,
    programs: Vec<Bound<f32>>,
}

impl Device for Elsewhere {
    fn name(&self) -> String {
        "elsewhere".to_owned()
    }

    fn room(&self) -> Result<Box<dyn Room>, DeviceError> {
        Ok(Box::new(Own { cpu: Cpu::new(1), store: Store::new(), programs: Vec::new() }))
    }
}

impl Room for Own {
    fn compile(&mut self, program: &Program) -> Result<usize, DeviceError> {
        for (name, shape) in program.inputs() {
            self.store.place(name, shape)?;
        }
        self.programs.push(program.bind(&self.cpu, &mut self.store)?);
        Ok(self.programs.len() - 1)
    }

    fn put(&mut self, name: &str, shape: &Shape, values: &[f32]) -> Result<(), DeviceError> {
        self.store.place(name, shape)?;
        self.store.get_mut(name)?.values_mut().copy_from_slice(values);
        Ok(())
    }

    fn get(&self, name: &str, to: &mut [f32]) -> Result<(), DeviceError> {
        to.copy_from_slice(self.store.get(name)?.values());
        Ok(())
    }

    fn run(&mut self, program: usize, key: Key) -> Result<(), DeviceError> {
        Ok(self.programs[program].run(&self.cpu, &mut self.store, key)?)
    }
}

/// Keeps what a run says, but for its steps, and stops it after one.
struct Kept {
    events: Vec<Event>,
    stops_after: u64,
}

impl Sink for Kept {
    fn receive(&mut self, event: &Event) -> Result<ControlFlow<()>, RecordError> {
        match event {
            Event::Step { step, .. } if *step == self.stops_after => return Ok(ControlFlow::Break(())),
            // What is said of the device and of the session is not the run's.
            Event::Step { .. } | Event::Note { .. } | Event::Resumed { .. } => {}
            event => self.events.push(event.clone()),
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// A run of 40 steps that is stopped after 17 and goes on, on a device or here: its events and its last checkpoint.
fn run(home: &Path, more: &str, there: [bool; 2]) -> (Vec<Event>, Vec<u8>) {
    let text = format!(
        "steps = 40\nreadings_every_steps = 7\nsamples.every_steps = 9\ncheckpoint.every_steps = 11\n{SMALL}{more}\
         [probes]\ngradients.every_steps = 4\nweights.every_steps = 6\nmodes = {{ every_steps = 10, n_samples = 50 }}\n"
    );
    let folder = RunFolder::create(&home.join(format!("{there:?}")), true, "", "").unwrap();
    let mut kept = Kept { events: Vec::new(), stops_after: 17 };
    for (session, there) in there.into_iter().enumerate() {
        let device = there.then(|| Arc::new(Elsewhere) as Arc<dyn Device>);
        let session =
            Session { device, resume: session > 0, ..Session::in_folder(folder.clone(), Cpu::new(1)) };
        let outcome = train(plan(&text).unwrap(), session, &mut kept).unwrap();
        assert_eq!(outcome, if kept.stops_after == 17 { Outcome::Interrupted } else { Outcome::Done });
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
