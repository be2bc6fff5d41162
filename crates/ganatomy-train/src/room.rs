//! Adds up the memory that programs will take, without taking it.

use std::collections::BTreeSet;
use std::path::Path;

use ganatomy_tensor::{Cpu, Program, Shape};

use crate::rules::Rules;
use crate::spare::spare_threads;

/// What has been added up so far: programs share the tensors of one name.
pub(crate) struct Room<'a> {
    pub rules: &'a Rules,
    pub cpu: &'a Cpu,
    /// Where a classifier may have been kept.
    pub cache_dir: &'a Path,
    /// Are there threads beside those of training?
    pub beside: bool,
    named: BTreeSet<String>,
}

impl<'a> Room<'a> {
    /// Nothing yet.
    pub fn new(rules: &'a Rules, cpu: &'a Cpu, cache_dir: &'a Path) -> Room<'a> {
        let beside = spare_threads(cpu.threads()) > 0;
        Room { rules, cpu, cache_dir, beside, named: BTreeSet::new() }
    }

    /// The bytes of a named tensor; none if it has been counted.
    pub fn tensor(&mut self, name: &str, shape: &Shape) -> u64 {
        if self.named.insert(name.to_owned()) { tensor_bytes(shape) } else { 0 }
    }

    /// The bytes of a program's own memory, and of its tensors that have not been counted.
    pub fn program(&mut self, program: &Program) -> u64 {
        let own = program.planned_bytes::<f32>(self.cpu) as u64;
        let named = program.named();
        named.into_iter().fold(own, |sum, (name, shape)| sum.saturating_add(self.tensor(name, shape)))
    }

    /// The bytes of so many items.
    pub fn items(&self, n: usize) -> u64 {
        tensor_bytes(&Shape::from(vec![n, self.rules.item_len()]))
    }
}

/// The bytes of a tensor, in single precision.
pub(crate) fn tensor_bytes(shape: &Shape) -> u64 {
    (shape.numel() as u64).saturating_mul(size_of::<f32>() as u64)
}
