//! The gradients of all players at once, and how they change as the players move.

use ganatomy_game::step::{Batch, Board, Field, Memory, Play, Who};
use ganatomy_tensor::cpu::Native;
use ganatomy_tensor::{Bound, Cpu, Key, Program, Store, StoreError, Tensor, Trace, TraceError};

use super::items::made;
use super::live::Look;
use super::{Layout, Live};
use crate::error::TrainError;

/// Where the field is left in the store.
pub(crate) const FIELD: &str = "look.field";
/// Where the rows of the Jacobian that are asked for are put, and where their sum is left.
const ALONG: &str = "look.along";
const PRODUCT: &str = "look.product";

/// The most rows of a Jacobian: its eigenvalues would take too long.
const MOST: usize = 4096;

impl Live<'_> {
    /// The field `xi`: every player's gradient by its own parameters, in the order of [`Live::parameters`].
    ///
    /// # Errors
    /// A game whose field cannot be traced.
    pub fn field(&mut self, key: u64) -> Result<Vec<f32>, TrainError> {
        let Live { rules, cpu, store, looks, .. } = self;
        let look = made(&mut looks.field, || Look::new(&field_program(rules.board())?, cpu, store))?;
        look.run(rules, cpu, store, key)?;
        Ok(store.get(FIELD)?.values().to_vec())
    }

    /// The gradient of what `who` minimises by its parameters: its part of [`Live::field`].
    ///
    /// # Errors
    /// As [`Live::field`], and a player that is not in the game.
    pub fn gradient(&mut self, who: Who, key: u64) -> Result<Vec<f32>, TrainError> {
        if self.rules.game.player(who).is_none() {
            return Err(TrainError::NoPlayer { who: who.name() });
        }
        let own = self.layout().of_player(who);
        Ok(self.field(key)?[own].to_vec())
    }

    /// The Jacobian of the field, `H[i][j] = d xi_i / d parameter_j`, exact on its batch, for at most 4096 parameters.
    ///
    /// Players who descend move by `-xi`, so that their motion has the Jacobian `-H`.
    ///
    /// # Errors
    /// [`TrainError::Large`] for more parameters.
    pub fn jacobian(&mut self, key: u64) -> Result<Vec<Vec<f64>>, TrainError> {
        let n = self.layout().n_parameters();
        if n > MOST {
            return Err(TrainError::Large { found: n, most: MOST });
        }
        let Live { rules, cpu, store, looks, .. } = self;
        let look = made(&mut looks.product, || Look::new(&product_program(rules.board())?, cpu, store))?;
        let key = look.fill(rules, store, key)?;
        Ok(jacobian_rows(&mut look.program, cpu, store, key, n)?)
    }
}

/// The program that leaves the field of a game.
pub(crate) fn field_program(board: Board<'_>) -> Result<Program, TraceError> {
    let trace = Trace::new();
    let memory = Memory::new(&trace);
    let field = look(&trace, &memory, board);
    Program::compile(&trace, &[(FIELD, &flat(&trace, &field.xi()))])
}

/// The program that leaves `H^T v`, which is a row of `H` where `v` is a unit vector.
pub(crate) fn product_program(board: Board<'_>) -> Result<Program, TraceError> {
    let trace = Trace::new();
    let memory = Memory::new(&trace);
    let field = look(&trace, &memory, board);
    let layout = Layout::of(board.game);
    let along = trace.input(ALONG, [layout.n_parameters()]);
    let part =
        |part: &super::Part| along.slice(&[part.start], [part.shape.numel()]).reshape(part.shape.clone());
    let v: Vec<Tensor> = layout.parts().iter().map(part).collect();
    Program::compile(&trace, &[(PRODUCT, &flat(&trace, &field.transposed_times(&v)))])
}

/// All rows of `H`, by one run of [`product_program`] each.
pub(crate) fn jacobian_rows<E: Native>(
    product: &mut Bound<E>,
    cpu: &Cpu,
    store: &mut Store<E>,
    key: Key,
    n: usize,
) -> Result<Vec<Vec<f64>>, StoreError> {
    let mut rows = Vec::with_capacity(n);
    for i in 0..n {
        let along = store.get_mut(ALONG)?.values_mut();
        along.fill(E::ZERO);
        along[i] = E::ONE;
        product.run(cpu, store, key)?;
        rows.push(store.get(PRODUCT)?.values().iter().map(|x| x.to_f64()).collect());
    }
    Ok(rows)
}

fn look(trace: &Trace, memory: &Memory, board: Board<'_>) -> Field {
    Play::new(trace, memory, board).field_on(Batch::outside("look"))
}

fn flat(trace: &Trace, tensors: &[Tensor]) -> Tensor {
    let flat: Vec<Tensor> = tensors.iter().map(|t| t.reshape([t.shape().numel()])).collect();
    match flat.split_first() {
        Some((first, rest)) => first.concat(&rest.iter().collect::<Vec<_>>(), 0),
        None => trace.zeros([0]),
    }
}
