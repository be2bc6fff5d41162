//! Matrix products, and convolution with its two adjoints.

use ganatomy_tensor::{ConvGeometry, ConvPass, Precision};

use super::movement::{permute, reshape};
use super::text::{Body, Float, list, tensor};

/// An operand: its value and its shape.
pub(super) type Operand<'a> = (&'a str, &'a [usize]);

/// How exactly a product is asked for. Rounded factors need no more than they have.
fn exactly(body: &Body) -> &'static str {
    match (body.float, body.precision) {
        (Float::F64, _) | (_, Precision::Highest) => "HIGHEST",
        (Float::F32, Precision::Tf32) => "HIGH",
        (Float::F32, Precision::Bf16) => "DEFAULT",
    }
}

/// Factors as they are multiplied, each with its type.
fn factors(body: &mut Body, factors: [Operand<'_>; 2]) -> [(String, String); 2] {
    factors.map(|(value, shape)| match (body.float, body.precision) {
        (Float::F32, Precision::Bf16) => (body.convert(value, shape, "f32", "bf16"), tensor(shape, "bf16")),
        _ => (value.to_owned(), body.of(shape)),
    })
}

/// A matrix product over the last two axes; leading axes are a batch.
pub(super) fn matmul(
    body: &mut Body,
    [a, b]: [Operand<'_>; 2],
    transposed: [bool; 2],
    to: &[usize],
) -> String {
    let rank = a.1.len();
    let batch = list(0..rank - 2);
    let inner_a = if transposed[0] { rank - 2 } else { rank - 1 };
    let inner_b = if transposed[1] { rank - 1 } else { rank - 2 };
    let [a, b] = factors(body, [a, b]);
    let (types, to, precision) = (format!("({}, {})", a.1, b.1), body.of(to), exactly(body));
    let batch = if rank > 2 { format!("batching_dims = [{batch}] x [{batch}], ") } else { String::new() };
    body.line(format!(
        "stablehlo.dot_general {}, {}, {batch}contracting_dims = [{inner_a}] x [{inner_b}], precision = [{precision}, {precision}] : {types} -> {to}",
        a.0, b.0
    ))
}

/// The window of a StableHLO convolution.
struct Window<'a> {
    dims: &'a str,
    stride: [usize; 2],
    pad: [[i64; 2]; 2],
    image_dilation: [usize; 2],
    window_dilation: [usize; 2],
    batch_groups: usize,
    feature_groups: usize,
}

impl Window<'static> {
    /// Of a forward pass without stride or padding.
    const OF_IMAGES: Self = Window {
        dims: "[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]",
        stride: [1; 2],
        pad: [[0; 2]; 2],
        image_dilation: [1; 2],
        window_dilation: [1; 2],
        batch_groups: 1,
        feature_groups: 1,
    };
}

fn convolution(body: &mut Body, [a, b]: [Operand<'_>; 2], window: &Window<'_>, to: &[usize]) -> String {
    let Window { dims, stride, pad, image_dilation, window_dilation, batch_groups, feature_groups } = window;
    let [a, b] = factors(body, [a, b]);
    let (types, to, precision) = (format!("({}, {})", a.1, b.1), body.of(to), exactly(body));
    body.line(format!(
        "stablehlo.convolution({}, {}) dim_numbers = {dims}, window = {{stride = {stride:?}, pad = {pad:?}, lhs_dilate = {image_dilation:?}, \
         rhs_dilate = {window_dilation:?}}} {{batch_group_count = {batch_groups} : i64, feature_group_count = {feature_groups} : i64, \
         precision_config = [#stablehlo<precision {precision}>, #stablehlo<precision {precision}>]}} : {types} -> {to}",
        a.0, b.0
    ))
}

/// A convolution or one of its adjoints: images `[n, h, w, c]`, weights `[kh, kw, c_in / groups, c_out]`.
pub(super) fn conv(
    body: &mut Body,
    pass: ConvPass,
    geometry: &ConvGeometry,
    operands: [Operand<'_>; 2],
    to: &[usize],
) -> String {
    let [a, b] = operands;
    match pass {
        ConvPass::Forward => {
            let window = Window {
                stride: geometry.stride,
                pad: geometry.pad.map(|n| [n as i64; 2]),
                window_dilation: geometry.dilation,
                feature_groups: geometry.groups,
                ..Window::OF_IMAGES
            };
            convolution(body, operands, &window, to)
        }
        ConvPass::InputGrad => {
            let (turned, shape) = turn(body, b, geometry.groups);
            let window = back(geometry, a.1, b.1, to);
            convolution(body, [a, (&turned, &shape)], &window, to)
        }
        ConvPass::WeightGrad => convolution(body, operands, &across(geometry, a.1, b.1, to), to),
    }
}

/// dy with zeros between its pixels, under the window turned around.
fn back(geometry: &ConvGeometry, dy: &[usize], weights: &[usize], to: &[usize]) -> Window<'static> {
    let ConvGeometry { stride, pad, dilation, groups } = *geometry;
    let pad = [0, 1].map(|axis| {
        let reach = (dilation[axis] * (weights[axis] - 1)) as i64;
        let spread = ((dy[axis + 1] - 1) * stride[axis] + 1) as i64;
        let low = reach - pad[axis] as i64;
        [low, to[axis + 1] as i64 - spread - low + reach]
    });
    Window {
        pad,
        image_dilation: stride,
        window_dilation: dilation,
        feature_groups: groups,
        ..Window::OF_IMAGES
    }
}

/// Channels of x are the batch, images are summed over, and dy is the window.
fn across(geometry: &ConvGeometry, x: &[usize], dy: &[usize], to: &[usize]) -> Window<'static> {
    let ConvGeometry { stride, pad, dilation, groups } = *geometry;
    let pad = [0, 1].map(|axis| {
        let reach = ((dy[axis + 1] - 1) * stride[axis] + 1) as i64;
        let (low, span) = (pad[axis] as i64, (dilation[axis] * (to[axis] - 1)) as i64);
        [low, span + reach - x[axis + 1] as i64 - low]
    });
    Window {
        dims: "[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]",
        stride: dilation,
        pad,
        window_dilation: stride,
        batch_groups: groups,
        ..Window::OF_IMAGES
    }
}

/// Weights with their window turned around and inputs and outputs exchanged, group by group.
fn turn(body: &mut Body, (weights, shape): Operand<'_>, groups: usize) -> (String, [usize; 4]) {
    let (height, width, within, out) = (shape[0], shape[1], shape[2], shape[3]);
    let of = body.of(shape);
    let turned = body.line(format!("stablehlo.reverse {weights}, dims = [0, 1] : {of}"));
    let apart = [height, width, within, groups, out / groups];
    let turned = reshape(body, &turned, shape, &apart);
    let exchanged = [height, width, out / groups, groups, within];
    let turned = permute(body, &turned, &[0, 1, 4, 3, 2], &apart, &exchanged);
    let joined = [height, width, out / groups, groups * within];
    (reshape(body, &turned, &exchanged, &joined), joined)
}
