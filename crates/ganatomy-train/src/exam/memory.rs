//! What a plan says it needs in memory is what its run takes.

use std::path::Path;

use ganatomy_tensor::Cpu;

use super::{SMALL, plan, session};
use crate::{Need, Part, Training};

fn bytes(need: &Need, name: &str) -> u64 {
    need.parts.iter().find(|part| part.name == name).map_or(0, |part| part.bytes)
}

/// Compares with the tensors of a run that was made, and with its program bound once more.
fn check(text: &str) {
    let (plan, cpu) = (plan(text).unwrap(), Cpu::new(2));
    let need = plan.need(&cpu, Path::new("")).unwrap();
    let program = plan.step_program().unwrap();
    let training = Training::new(plan, session()).unwrap();
    let arrays = training.store.iter().map(|(_, array)| size_of_val(array.values()) as u64);
    let bound = program.bind(&cpu, &mut training.store.clone()).unwrap();
    let taken = arrays.sum::<u64>() + bound.memory_bytes() as u64;
    // Counters and factors of learning rates are not worth a line.
    let said = bytes(&need, "the run's state") + bytes(&need, "a step");
    assert!(said.abs_diff(taken) <= 64, "{text}: {said} of {taken}");
}

#[test]
fn tensors_and_program_take_what_was_said() {
    check(SMALL);
    check(&format!("{SMALL}average = {{ kind = \"none\" }}\nscheme = {{ kind = \"unrolled\", k = 2 }}"));
    check(&format!("{SMALL}remedies.minibatch-discrimination = {{}}\nremedies.historical-averaging = {{}}"));
}

#[test]
fn a_need_that_is_too_large_names_its_largest_part_that_stays() {
    let part = |name: &str, bytes, fields: &[&str], yields| Part {
        name: name.to_owned(),
        bytes,
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        yields,
    };
    let parts = vec![
        part("the state", 1000, &[], false),
        part("a step", 3000, &["batch=8", "width=2"], false),
        part("the file", 9000, &[], true),
    ];
    let need = Need { parts };
    assert_eq!((need.total(), need.refusal(4000)), (13_000, None), "the file gives way");
    assert_eq!(
        need.refusal(3999).as_deref(),
        Some(
            "this run needs about 4.0 kB of memory and 4.0 kB are free; most of it, 3.0 kB, is for a step; \
             make batch=8 or width=2 smaller"
        )
    );
}
