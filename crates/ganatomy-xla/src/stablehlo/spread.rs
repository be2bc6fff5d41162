//! How a program's tensors lie on several devices: cut along one axis, or whole on each.

use std::collections::BTreeMap;

use super::text::list;

/// Over how many devices a program is spread, and which of its named tensors are cut, each along one axis; all others are whole on every
/// device. XLA divides the work by it (its SPMD partitioner), and what the program says of a tensor it says of the whole tensor still.
#[derive(Clone, Debug)]
pub struct Spread {
    n_devices: usize,
    axes: BTreeMap<String, usize>,
}

impl Spread {
    /// So many devices, and no tensor cut.
    pub fn over(n_devices: usize) -> Spread {
        Spread { n_devices, axes: BTreeMap::new() }
    }

    /// Cuts a tensor along an axis, wherever that has a length that the devices share evenly.
    pub fn cut(&mut self, name: &str, axis: usize) {
        self.axes.insert(name.to_owned(), axis);
    }

    /// How many devices there are.
    pub fn n_devices(&self) -> usize {
        self.n_devices
    }

    /// The axis along which a tensor is cut, if it is.
    pub fn axis(&self, name: &str, shape: &[usize]) -> Option<usize> {
        self.axes.get(name).copied().filter(|axis| is_shared(shape, *axis, self.n_devices))
    }

    /// What an argument or a result says of itself; on one device nothing.
    pub(super) fn said(&self, name: &str, shape: &[usize]) -> Option<String> {
        let lies = lies(shape.len(), self.axis(name, shape));
        (self.n_devices > 1).then(|| format!("sdy.sharding = #sdy.sharding{lies}"))
    }

    /// A module of functions.
    pub(super) fn module(&self, functions: &str) -> String {
        let (said, mesh) = match self.n_devices {
            1 => Default::default(),
            n => (
                format!("attributes {{mhlo.num_partitions = {n} : i32, mhlo.num_replicas = 1 : i32}} "),
                format!("  sdy.mesh @devices = <[\"all\"={n}]>\n"),
            ),
        };
        format!("module @ganatomy {said}{{\n{mesh}{functions}}}\n")
    }
}

/// Do several devices share an axis evenly?
pub(super) fn is_shared(shape: &[usize], axis: usize, n_devices: usize) -> bool {
    n_devices > 1 && !shape.contains(&0) && shape.get(axis).is_some_and(|n| n.is_multiple_of(n_devices))
}

/// A tensor cut along an axis over all devices, or whole on each.
pub(super) fn lies(rank: usize, cut: Option<usize>) -> String {
    let axes = list((0..rank).map(|axis| if cut == Some(axis) { "{\"all\"}" } else { "{}" }));
    format!("<@devices, [{axes}]>")
}

#[cfg(test)]
mod tests {
    use ganatomy_tensor::{Precision, Program, Trace};

    use super::super::{Float, Module, Numbers};
    use super::*;

    #[test]
    fn one_device_is_told_nothing_and_several_what_each_takes() {
        let trace = Trace::new();
        let (w, x) = (trace.input("w", [2, 1]), trace.input("x", [8, 2]));
        let next = &w + (x + trace.uniform("z", [8, 2])).matmul(&w).sum_all();
        let program = Program::compile(&trace, &[("w", &next)]).unwrap();
        let numbers = Numbers { float: Float::F32, precision: Precision::Highest };
        let text = |n_devices: usize| {
            let mut spread = Spread::over(n_devices);
            spread.cut("x", 0);
            Module::of(&program, numbers, &spread).text
        };
        let (one, four) = (text(1), text(4));
        assert!(!one.contains("sdy") && !one.contains("attributes"), "{one}");
        // A quarter of what is given and of what is drawn; the state, the seed and the step are whole.
        let [whole, cut] = ["[{}, {}]", r#"[{"all"}, {}]"#];
        for said in [
            r#"sdy.mesh @devices = <["all"=4]>"#.to_owned(),
            format!(
                "tensor<2x1xf32> {{tf.aliasing_output = 0 : i32, sdy.sharding = #sdy.sharding<@devices, {whole}>}}"
            ),
            format!("tensor<8x2xf32> {{sdy.sharding = #sdy.sharding<@devices, {cut}>}}"),
            format!("<@devices, {cut}> : tensor<8x2xf32>"),
            "%seed: tensor<ui64> {sdy.sharding = #sdy.sharding<@devices, []>}".to_owned(),
            format!("-> (tensor<2x1xf32> {{sdy.sharding = #sdy.sharding<@devices, {whole}>}})"),
        ] {
            assert_eq!(four.matches(&said).count(), 1, "{said}: {four}");
        }
    }

    #[test]
    fn what_cannot_be_shared_evenly_is_whole() {
        let mut spread = Spread::over(4);
        spread.cut("x", 1);
        assert_eq!(spread.axis("x", &[3, 8, 2]), Some(1));
        assert_eq!(
            spread.said("x", &[3, 8, 2]).unwrap(),
            r#"sdy.sharding = #sdy.sharding<@devices, [{}, {"all"}, {}]>"#
        );
        for shape in [&[8, 6][..], &[8], &[8, 0], &[0, 8]] {
            assert_eq!(spread.axis("x", shape), None, "{shape:?}");
        }
        assert_eq!(spread.said("y", &[8, 8]).unwrap(), "sdy.sharding = #sdy.sharding<@devices, [{}, {}]>");
        let one = Spread::over(1);
        assert_eq!((one.said("x", &[8]), &*one.module("")), (None, "module @ganatomy {\n}\n"));
    }
}
