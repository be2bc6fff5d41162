//! The element types that the kernels are written for.

use super::device::Cpu;
use super::gemm::Micro;
use super::machine::Machine;
use super::math::Math;
use crate::aligned::NoRoom;
use crate::compile::Program;
use crate::element::Element;

/// An element type that the CPU's kernels are written for.
pub trait Native: Element + Math + Micro {
    /// A program lowered for a device.
    #[doc(hidden)]
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Result<Box<dyn Machine<Self>>, NoRoom>;

    /// The bytes that such a program takes beside its named tensors.
    #[doc(hidden)]
    fn planned_bytes(program: &Program, names: &[String], cpu: &Cpu) -> Result<usize, NoRoom>;
}
