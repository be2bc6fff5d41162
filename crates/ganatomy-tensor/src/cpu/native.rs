//! The element types that the kernels are written for.

use super::device::Cpu;
use super::gemm::Micro;
use super::machine::Machine;
use super::math::Math;
use crate::compile::Program;
use crate::element::Element;
use crate::store::StoreError;

/// An element type that the CPU's kernels are written for.
pub trait Native: Element + Math + Micro {
    /// A program lowered for a device.
    ///
    /// # Errors
    /// [`StoreError::Memory`] if there is no room for it.
    #[doc(hidden)]
    fn machine(program: &Program, names: &[String], cpu: &Cpu) -> Result<Box<dyn Machine<Self>>, StoreError>;

    /// The bytes that such a program takes beside its named tensors.
    #[doc(hidden)]
    fn planned_bytes(program: &Program, names: &[String], cpu: &Cpu) -> usize;
}
