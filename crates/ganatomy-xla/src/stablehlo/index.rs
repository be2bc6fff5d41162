//! Rows of a table by index, and rows added into a table.

use super::linear::Operand;
use super::text::{Body, list, tensor};

/// The index of each row as a whole number where it names a row, and whether it does: NaN, a negative index and one beyond the table do not.
fn whole(body: &mut Body, (index, shape): Operand<'_>, n_rows: usize) -> (String, String) {
    let (zero, end) = (body.full(shape, 0.0), body.full(shape, n_rows as f64));
    let truth = tensor(shape, "i1");
    let from = body.compare("GE", index, &zero, shape);
    let below = body.compare("LT", index, &end, shape);
    let is_row = body.alike("and", &[&from, &below], &truth);
    // A number that is none becomes no whole number that is laid down.
    let safe = body.select(&is_row, index, &zero, shape);
    (body.convert(&safe, shape, body.float.name(), "i64"), is_row)
}

/// `table [r, ..] x index [n] -> [n, ..]`; an index outside the table gives a row of NaN.
pub(super) fn gather(body: &mut Body, [table, index]: [Operand<'_>; 2], to: &[usize]) -> String {
    let (place, is_row) = whole(body, index, table.1[0]);
    let (row, offsets) = (list([1].iter().chain(&table.1[1..])), list(1..to.len()));
    let types = format!("({}, {})", body.of(table.1), tensor(index.1, "i64"));
    let of = body.of(to);
    let rows = body.line(format!(
        "\"stablehlo.gather\"({}, {place}) <{{dimension_numbers = #stablehlo.gather<offset_dims = [{offsets}], collapsed_slice_dims = [0], \
         start_index_map = [0], index_vector_dim = 1>, indices_are_sorted = false, slice_sizes = array<i64: {row}>}}> : {types} -> {of}",
        table.0
    ));
    let (few, all) = (tensor(index.1, "i1"), tensor(to, "i1"));
    let is_row = body.turned("broadcast_in_dim", &is_row, ", dims = [0]", &few, &all);
    let nan = body.full(to, f64::NAN);
    body.select(&is_row, &rows, &nan, to)
}

/// `rows [n, ..] x index [n] -> [r, ..]`; the row of an index outside the table is dropped.
pub(super) fn scatter_add(body: &mut Body, [rows, index]: [Operand<'_>; 2], to: &[usize]) -> String {
    let (place, is_row) = whole(body, index, to[0]);
    // Beyond the table nothing is added.
    let (whole_type, truth) = (tensor(index.1, "i64"), tensor(index.1, "i1"));
    let beyond = body.whole(index.1, "i64", to[0] as u64);
    let place = body.line(format!("stablehlo.select {is_row}, {place}, {beyond} : {truth}, {whole_type}"));
    let zeros = body.full(to, 0.0);
    let (offsets, scalar, of) = (list(1..to.len()), body.of(&[]), body.of(to));
    let types = format!("({of}, {whole_type}, {})", body.of(rows.1));
    body.line(format!(
        "\"stablehlo.scatter\"({zeros}, {place}, {}) <{{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [{offsets}], \
         inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, indices_are_sorted = false, \
         unique_indices = false}}> ({{\n    ^bb0(%old: {scalar}, %new: {scalar}):\n      %sum = stablehlo.add %old, %new : {scalar}\n      \
         stablehlo.return %sum : {scalar}\n    }}) : {types} -> {of}",
        rows.0
    ))
}
