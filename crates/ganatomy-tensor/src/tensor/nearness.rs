//! How near columns are to each other, spelled out beside the kernel that makes it in one walk.

use crate::op::Op;
use crate::trace::Tensor;

impl Tensor {
    /// For each column of each matrix, how near all its columns are, itself included:
    /// `o_kj = sum_i exp(-sum_d |x_kdj - x_kdi|)`.
    ///
    /// # Shapes
    /// - self: `[matrices, dims, n]`; output: `[matrices, n]`
    pub fn nearness(&self) -> Tensor {
        let [k, _, n] = self.shape()[..] else {
            let reason = "three axes are needed: matrices, dims and columns".to_owned();
            return self.mistake("nearness", &[], reason, self.shape().clone());
        };
        let (_, near) = self.pairs([k, n]);
        self.trace().push(Op::Nearness, &[&near.sum(&[2]), self], [k, n].into())
    }

    /// The cotangent of the columns, given that of their nearness: a pair's part is antisymmetric, so that
    /// `dx_kdi = -sum_j (g_ki + g_kj) near_kij sign(x_kdi - x_kdj)`.
    pub(crate) fn nearness_grad(&self, g: &Tensor) -> Tensor {
        let (k, n) = (g.shape()[0], g.shape()[1]);
        let (apart, near) = self.pairs([k, n]);
        let weight = (g.reshape([k, n, 1]) + g.reshape([k, 1, n])) * near;
        let spelled = -(weight.reshape([k, 1, n, n]) * apart.sign()).sum(&[3]);
        self.trace().push(Op::NearnessGrad, &[&spelled, self, g], self.shape().clone())
    }

    /// Of all pairs of columns: their differences `[k, d, n, n]`, and how near they are `[k, n, n]`.
    fn pairs(&self, [k, n]: [usize; 2]) -> (Tensor, Tensor) {
        let d = self.shape()[1];
        let apart = self.reshape([k, d, n, 1]) - self.reshape([k, d, 1, n]);
        let near = (-apart.abs().sum(&[1])).exp();
        (apart, near)
    }
}
