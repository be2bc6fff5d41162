//! The element types that the kernels are written for.

use super::device::Cpu;
use super::gemm::Micro;
use super::machine::Machine;
use super::math::Math;
use crate::compile::Program;
use crate::element::Element;

/// An element type that the CPU's kernels are written for.
pub trait Native: Element + Math + Micro {
    /// A program lowered for a device.
    #[doc(hidden)]
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Box<dyn Machine<Self>>;
}
