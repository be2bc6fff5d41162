//! What a program's kernels are and what they must compute and move, for profiles and rooflines.

use super::access::Access;
use super::kernel::{Kernel, operand};
use super::program::Program;
use crate::op::{ConvPass, Op};
use crate::trace::Node;

/// The work of one kernel, on any device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelCost {
    /// Its operation, its shapes, and the number of its elementwise steps.
    pub what: String,
    /// Floating-point operations of its product: two a multiply-add.
    pub flops: u64,
    /// Elements that it must read and write at least once.
    pub elements: u64,
}

impl Program {
    /// Floating-point operations of the matrix products and convolutions of one run: two a
    /// multiply-add.
    pub fn product_flops(&self) -> u64 {
        self.nodes.iter().map(|node| self.flops(node)).sum()
    }

    /// The work of each kernel, in the order they run.
    pub fn kernel_costs(&self) -> Vec<KernelCost> {
        self.kernels.iter().map(|kernel| self.cost(kernel)).collect()
    }

    fn cost(&self, kernel: &Kernel) -> KernelCost {
        let stored = |id| self.stored[id];
        let operands = |id: usize| -> Vec<Access> {
            self.nodes[id].inputs.iter().map(|&input| operand(&self.nodes, &stored, input)).collect()
        };
        let (what, flops, mut reads) = match kernel {
            Kernel::Product { node, .. } | Kernel::Move { node } => {
                (self.called(*node), self.flops(&self.nodes[*node]), operands(*node))
            }
            Kernel::Reduce { node, .. } => (self.called(*node), 0, Vec::new()),
            Kernel::Map(pass) => (format!("map [{}]", pass.len), 0, Vec::new()),
        };
        let (mut steps, mut own) = (0, usize::MAX);
        if let Kernel::Product { node, .. } = kernel {
            own = *node;
        }
        if let Some(pass) = kernel.pass() {
            steps = pass.steps.len();
            reads.extend(pass.loads.iter().filter(|load| load.base != own).cloned());
        }
        let read: usize = reads.iter().map(touched).sum();
        let written: usize = kernel.writes().iter().map(|&id| self.nodes[id].shape.numel()).sum();
        KernelCost { what: format!("{what} + {steps} steps"), flops, elements: (read + written) as u64 }
    }

    fn called(&self, id: usize) -> String {
        let node = &self.nodes[id];
        let shapes: Vec<String> = node.inputs.iter().map(|&i| self.nodes[i].shape.to_string()).collect();
        format!("{} {} -> {}", node.op.name(), shapes.join(" "), node.shape)
    }

    fn flops(&self, node: &Node) -> u64 {
        let multiply_adds = match &node.op {
            Op::MatMul { left_transposed, .. } => {
                let a = &self.nodes[node.inputs[0]].shape;
                node.shape.numel() * a[a.len() - if *left_transposed { 2 } else { 1 }]
            }
            Op::Conv(pass, _) => self.conv_terms(*pass, node),
            _ => 0,
        };
        2 * multiply_adds as u64
    }

    /// Multiply-adds of a convolution with all its taps counted, padding included.
    fn conv_terms(&self, pass: ConvPass, node: &Node) -> usize {
        let shape = |i: usize| &self.nodes[node.inputs[i]].shape;
        let (y, w) = match pass {
            ConvPass::Forward => (&node.shape, shape(1)),
            ConvPass::InputGrad => (shape(0), shape(1)),
            ConvPass::WeightGrad => (shape(1), &node.shape),
        };
        y.numel() * w[0] * w[1] * w[2]
    }
}

/// How many different elements a walk reads.
fn touched(access: &Access) -> usize {
    let walked = access.dims.iter().zip(&access.strides).filter(|(_, stride)| **stride != 0);
    walked.map(|(n, _)| n).product()
}
