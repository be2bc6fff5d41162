//! Mistakes at the public door: each is kept while tracing, and answered by compiling, the first first; or an error.

use std::collections::BTreeMap;

use super::{Inputs, KEY, run};
use crate::{
    ConvGeometry, Cpu, Distribution, Key, Program, Store, StoreError, Tensor, Trace, grad, interpret, jvp,
    vjp,
};

/// Builds a tensor wrongly; compiling and interpreting must both answer the expected sentence.
fn check(build: impl Fn(&Trace) -> Tensor, expected: &str) {
    let trace = Trace::new();
    let out = build(&trace);
    let error = Program::compile(&trace, &[("out", &out)]).unwrap_err();
    assert_eq!(error.to_string(), expected);
    let error = interpret::<f64>(&[&out], &Inputs::new(), KEY).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn the_first_mistake_names_its_op_and_shapes() {
    check(
        |t| t.input("a", [2, 3]).matmul(&t.input("b", [4, 5])).concat(&[], 9),
        "matmul cannot take shapes [2, 3] and [4, 5]: the inner lengths differ: 3 and 4",
    );
    check(
        |t| t.input("a", [2, 3]) + t.input("b", [2]),
        "add cannot take shapes [2, 3] and [2]: axes must be equal or 1, aligned at the last",
    );
    check(|t| t.input("a", [2]) + t.input("a", [3]), "input a is used with shapes [2] and [3]");
    check(|t| t.input("a", [2]).concat(&[], 1), "concat cannot take shapes [2]: there is no axis 1");
    check(|t| t.literal([1 << 39], &[1.0]), "literal cannot take shapes [549755813888]: 1 values were given");
    check(
        |t| t.random(Distribution::Integer(0), "n", [2]),
        "integer cannot take shapes [2]: there is no whole number below 0",
    );
}

#[test]
fn axes_are_named_once_and_have_something_along_them() {
    let twice = "axis 0 is named twice in [0, 0]";
    check(|t| t.input("a", [2]).mean(&[0, 0]), &format!("mean cannot take shapes [2]: {twice}"));
    check(|t| t.input("a", [2]).sum(&[0, 0]), &format!("sum cannot take shapes [2]: {twice}"));
    check(|t| t.input("a", [2]).max(&[0, 0]), &format!("max cannot take shapes [2]: {twice}"));
    check(|t| t.input("a", [2]).mean_kept(&[0, 0]), &format!("mean cannot take shapes [2]: {twice}"));
    check(
        |t| t.input("a", [2]).normalize(&[0, 0], 1e-3).0,
        &format!("normalize cannot take shapes [2]: {twice}"),
    );
    check(|t| t.input("a", [2]).sum(&[3]), "sum cannot take shapes [2]: there is no axis 3, which [3] names");
    check(|t| t.input("a", [2, 0]).max(&[0, 1]), "max cannot take shapes [2, 0]: axis 1 has length 0");
    check(|t| t.input("a", [0, 2]).argmin(0), "argmin cannot take shapes [0, 2]: axis 0 has length 0");
    check(|t| t.input("a", [0, 2]).mean_all(), "mean cannot take shapes [0, 2]: axis 0 has length 0");
}

#[test]
fn sizes_beyond_counting_are_mistakes() {
    const HUGE: usize = usize::MAX / 2 + 1;
    let most = "has more than 1099511627776 elements";
    check(|t| t.zeros([HUGE, 2]), &format!("constant cannot take shapes [{HUGE}, 2]: [{HUGE}, 2] {most}"));
    check(
        |t| t.zeros([HUGE, 0, 4]),
        &format!("constant cannot take shapes [{HUGE}, 0, 4]: [{HUGE}, 0, 4] {most}"),
    );
    check(
        |t| t.input("a", [1]).broadcast([HUGE]),
        &format!("broadcast cannot take shapes [1]: [{HUGE}] {most}"),
    );
    check(
        |t| t.input("a", [1 << 20, 1]).matmul(&t.input("b", [1, 1 << 21])),
        &format!("matmul cannot take shapes [1048576, 1] and [1, 2097152]: [1048576, 2097152] {most}"),
    );
    check(
        |t| t.input("a", [4]).slice(&[usize::MAX], [2]),
        &format!("slice cannot take shapes [4]: no box of shape [2] starts at [{}]", usize::MAX),
    );
    check(
        |t| t.input("a", [4]).pad_into(&[usize::MAX], [2]),
        &format!("pad cannot take shapes [4]: it does not fit into [2] at [{}]", usize::MAX),
    );
    check(
        |t| t.input("a", [4, 1]).scatter_add(&t.input("i", [4]), HUGE),
        &format!("scatter_add cannot take shapes [4, 1] and [4]: [{HUGE}, 1] {most}"),
    );
    check(
        |t| t.input("a", [4]).reshape([HUGE, 4]),
        &format!("reshape cannot take shapes [4]: [{HUGE}, 4] holds another number of elements"),
    );
}

#[test]
fn convolutions_of_impossible_sizes_are_mistakes() {
    let conv = |geometry: ConvGeometry, kernel: usize| {
        move |t: &Trace| t.input("x", [1, 4, 4, 1]).conv2d(&t.input("w", [kernel, kernel, 1, 1]), &geometry)
    };
    let of = |kernel: usize, reason: &str| {
        format!("conv2d cannot take shapes [1, 4, 4, 1] and [{kernel}, {kernel}, 1, 1]: {reason}")
    };
    let most = "stride, padding and dilation must be at most 16777216";
    let plain = ConvGeometry::default();
    check(conv(ConvGeometry { pad: [usize::MAX; 2], ..plain }, 2), &of(2, most));
    check(conv(ConvGeometry { dilation: [usize::MAX; 2], ..plain }, 2), &of(2, most));
    check(conv(ConvGeometry { stride: [usize::MAX, 1], ..plain }, 2), &of(2, most));
    check(
        conv(ConvGeometry { stride: [0, 1], ..plain }, 2),
        &of(2, "stride, dilation and groups must be at least 1"),
    );
    check(conv(plain, 0), &of(0, "the window is empty or larger than the padded image"));
    check(conv(plain, 5), &of(5, "the window is empty or larger than the padded image"));
    assert_eq!(ConvGeometry { stride: [0; 2], ..plain }.out_len(0, 4, 2), None);
    assert_eq!(ConvGeometry { pad: [usize::MAX; 2], ..plain }.out_len(0, 4, 2), None);
    assert_eq!(plain.out_len(2, 4, 2), None);
}

#[test]
fn derivatives_take_a_scalar_and_vectors_that_fit() {
    let of = |t: &Trace| (t.input("x", [3]), t.input("y", [2]));
    check(
        |t| grad(&of(t).0, &[&of(t).0]).remove(0),
        "grad cannot take shapes [3]: a gradient is taken of a scalar",
    );
    check(
        |t| vjp(&[&of(t).0.exp()], &[&of(t).0], &[&of(t).1]).remove(0),
        "vjp cannot take shapes [3] and [2]: a tensor and its vector must have one shape",
    );
    check(
        |t| vjp(&[&of(t).0.exp()], &[&of(t).0], &[]).remove(0),
        "vjp cannot take shapes [3]: 1 tensors were given 0 vectors",
    );
    check(
        |t| jvp(&[&of(t).0.exp()], &[&of(t).0], &[&of(t).1]).remove(0),
        "jvp cannot take shapes [3] and [2]: a tensor and its vector must have one shape",
    );
}

#[test]
fn tensors_of_two_traces_do_not_mix() {
    let (t, u) = (Trace::new(), Trace::new());
    let (a, b) = (t.input("a", [2]), u.input("b", [2]));
    let sum = &a + &b;
    let mixed = "add cannot take shapes [2] and [2]: they are tensors of different traces";
    for (trace, tensor) in [(&t, &sum), (&u, &b)] {
        assert_eq!(Program::compile(trace, &[("out", tensor)]).unwrap_err().to_string(), mixed);
    }
    let (t, u) = (Trace::new(), Trace::new());
    let (a, b) = (t.input("a", [2]), u.input("b", [2]));
    let error = Program::compile(&t, &[("a2", &a.exp()), ("b2", &b)]).unwrap_err();
    assert_eq!(error.to_string(), "output b2 is a tensor of another trace");
    let values = BTreeMap::from([("a".to_owned(), vec![1.0; 2]), ("b".to_owned(), vec![1.0; 2])]);
    let error = interpret::<f64>(&[&a, &b], &values, KEY).unwrap_err();
    assert_eq!(error.to_string(), "output number 1 is a tensor of another trace");
    let slope = grad(&a.sum_all(), &[&b]).remove(0);
    let error = Program::compile(&u, &[("slope", &slope)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "vjp cannot take shapes [] and [2] and []: they are tensors of different traces"
    );
}

#[test]
fn a_bound_program_knows_its_store_and_its_device() {
    let trace = Trace::new();
    let program = Program::compile(&trace, &[("y", &(trace.input("x", [2]) * 2.0))]).unwrap();
    let store_of = |x: f32| {
        let mut store = Store::<f32>::new();
        store.insert("x", [2], vec![x; 2]).unwrap();
        store
    };
    let (cpu, mut store, mut other) = (Cpu::new(1), store_of(1.0), store_of(5.0));
    let mut bound = program.bind(&cpu, &mut store).unwrap();
    program.bind(&cpu, &mut other).unwrap();
    let error = bound.run(&cpu, &mut other, KEY).unwrap_err();
    assert!(matches!(&error, StoreError::Bound { name } if name == "x"), "{error}");
    assert_eq!(other.get("y").unwrap().values(), [0.0; 2]);
    assert!(matches!(bound.run(&cpu, &mut Store::new(), KEY), Err(StoreError::Bound { .. })));
    let error = bound.run(&Cpu::new(2), &mut store, KEY).unwrap_err().to_string();
    assert!(error.contains("bound to 1 threads with") && error.contains("run on 2 threads"), "{error}");
    // A copy of the store has the same tensors.
    let mut copy = store.clone();
    bound.run(&cpu, &mut copy, KEY).unwrap();
    bound.run(&cpu, &mut store, KEY).unwrap();
    assert_eq!(copy.get("y").unwrap().values(), store.get("y").unwrap().values());
    // Loading a checkpoint keeps the arrays what they are.
    let bytes = copy.to_safetensors(|_| true, &BTreeMap::new()).unwrap();
    store.load_safetensors(&bytes).unwrap();
    bound.run(&cpu, &mut store, KEY).unwrap();
}

#[test]
fn memory_that_no_machine_has_is_an_error() {
    let mut store = Store::<f64>::new();
    let error = store.place("x", &[1 << 50].into()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "array x of shape [1125899906842624] needs 9.0 PB, which this machine does not give"
    );
    assert!(store.insert("x", [usize::MAX, 2], vec![0.0]).is_err());
    let trace = Trace::new();
    let wide = trace.input("x", [1 << 20, 1]).exp().matmul(&trace.input("w", [1, 1 << 20]));
    let program = Program::compile(&trace, &[("y", &wide.max(&[0]).argmax(0))]).unwrap();
    store.insert("x", [1 << 20, 1], vec![0.0; 1 << 20]).unwrap();
    store.insert("w", [1, 1 << 20], vec![0.0; 1 << 20]).unwrap();
    let error = program.bind(&Cpu::new(1), &mut store).unwrap_err().to_string();
    assert!(error.starts_with("the program needs 8.8 TB"), "{error}");
}

#[test]
fn the_interpreter_wants_every_value_that_it_uses() {
    let trace = Trace::new();
    let (x, y) = (trace.input("x", [2]), trace.input("y", [2]));
    let given =
        |x: Option<usize>| x.map(|n| ("x".to_owned(), vec![1.0; n])).into_iter().collect::<Inputs<f64>>();
    let error = |values: Inputs<f64>| interpret(&[&x.exp()], &values, KEY).unwrap_err().to_string();
    assert_eq!(error(given(None)), "input x of shape [2] was given no values");
    assert_eq!(error(given(Some(1))), "input x of shape [2] was given 1 values");
    assert_eq!(error(given(Some(3))), "input x of shape [2] was given 3 values");
    // `y` is not used.
    assert_eq!(interpret(&[&(&x * 2.0)], &given(Some(2)), KEY).unwrap(), [[2.0, 2.0]]);
    drop(y);
}

/// An index outside its table: a row of NaN, or a row that is dropped.
#[test]
fn indices_outside_a_table_are_never_a_row_of_it() {
    let outside = [4.0, -1.0, -0.5, 1e19, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    for n_rows in [4, 0] {
        let trace = Trace::new();
        let (table, index) = (trace.input("table", [n_rows, 2]), trace.input("index", [outside.len() + 1]));
        let rows = trace.input("rows", [outside.len() + 1, 2]);
        let outputs = [table.gather(&index), rows.scatter_add(&index, n_rows)];
        let indices = [&outside[..], &[3.0]].concat();
        let inputs: Inputs<f64> = [
            ("table".to_owned(), vec![7.0; n_rows * 2]),
            ("index".to_owned(), indices),
            ("rows".to_owned(), vec![1.0; 16]),
        ]
        .into();
        let truth = interpret(&outputs.each_ref(), &inputs, Key::default()).unwrap();
        let named: Vec<(&str, &Tensor)> = ["gathered", "scattered"].into_iter().zip(&outputs).collect();
        for threads in [1, 2] {
            let found = run(&Cpu::new(threads), &trace, &named, &inputs);
            for values in [&found, &truth] {
                let known = values[0].iter().filter(|x| !x.is_nan()).count();
                assert_eq!(known, if n_rows == 0 { 0 } else { 2 });
                let sum: f64 = values[1].iter().sum();
                assert_eq!((sum, values[1].len()), (if n_rows == 0 { 0.0 } else { 2.0 }, n_rows * 2));
            }
        }
    }
}
