//! An elementwise pass: what one walk over memory loads, computes and stores.

use std::collections::BTreeMap;

use super::access::{Access, access, base, strip};
use super::contract::contract;
use super::function::{Function, Value};
use super::fuse::{Fusion, GroupId};
use crate::op::Op;
use crate::trace::{Node, NodeId};

/// A value inside a pass: loads first, then constants, then computed values.
pub(crate) type Slot = usize;

/// One function applied to slots.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub function: Function,
    pub args: Vec<Slot>,
    pub out: Slot,
}

/// A pass over `len` elements.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pass {
    pub len: usize,
    pub loads: Vec<Access>,
    pub constants: Vec<f64>,
    pub steps: Vec<Step>,
    /// Which slots are kept in memory, as which node.
    pub stores: Vec<(Slot, NodeId)>,
    /// The slot that a reduction reads, if one follows.
    pub result: Option<Slot>,
}

/// Everything that building passes looks at.
pub(crate) struct Scene<'a> {
    pub nodes: &'a [Node],
    pub fusion: &'a Fusion,
    pub stored: &'a dyn Fn(NodeId) -> bool,
    /// How many nodes read each node, reshapes left out.
    pub readers: &'a [usize],
}

struct Builder<'a> {
    scene: &'a Scene<'a>,
    group: Option<GroupId>,
    pass: Pass,
    known: BTreeMap<NodeId, Value>,
    steps: Vec<(Function, Vec<Value>)>,
    /// The node of each step.
    step_nodes: Vec<NodeId>,
}

/// How many nodes read each node, seen through reshapes.
pub(crate) fn readers(nodes: &[Node]) -> Vec<usize> {
    let mut readers = vec![0; nodes.len()];
    for node in nodes.iter().filter(|node| node.op != Op::Reshape) {
        for &input in &node.inputs {
            readers[strip(nodes, input)] += 1;
        }
    }
    readers
}

/// The pass that computes a group; `Err` names a view that must be stored first.
pub(crate) fn group_pass(scene: &Scene<'_>, group: GroupId) -> Result<Pass, NodeId> {
    let mut builder = Builder::new(scene, Some(group));
    let (mut stores, mut result) = (Vec::new(), None);
    for &id in &scene.fusion.members[group] {
        if let Op::Reduce(..) = scene.nodes[id].op {
            let input = scene.nodes[id].inputs[0];
            builder.pass.len = scene.nodes[input].shape.numel();
            result = Some(builder.value(input)?);
        } else {
            builder.pass.len = scene.nodes[id].shape.numel();
            let value = builder.value(id)?;
            if scene.fusion.stored[id] {
                stores.push((value, id));
            }
        }
    }
    Ok(builder.finish(stores, result))
}

/// The pass that stores a view or a constant.
pub(crate) fn copy_pass(scene: &Scene<'_>, id: NodeId) -> Result<Pass, NodeId> {
    let unstored = |other: NodeId| other != id && (scene.stored)(other);
    let scene = Scene { stored: &unstored, ..*scene };
    let mut builder = Builder::new(&scene, None);
    builder.pass.len = scene.nodes[id].shape.numel();
    let value = builder.value(id)?;
    Ok(builder.finish(vec![(value, id)], None))
}

impl<'a> Builder<'a> {
    fn new(scene: &'a Scene<'a>, group: Option<GroupId>) -> Self {
        Builder {
            scene,
            group,
            pass: Pass::default(),
            known: BTreeMap::new(),
            steps: Vec::new(),
            step_nodes: Vec::new(),
        }
    }

    /// The value of a node's elements in order: computed here, a constant, or loaded.
    fn value(&mut self, id: NodeId) -> Result<Value, NodeId> {
        let root = strip(self.scene.nodes, id);
        if let Some(&value) = self.known.get(&root) {
            return Ok(value);
        }
        let node = &self.scene.nodes[root];
        let fusion = self.scene.fusion;
        let here =
            node.op.is_elementwise() && (fusion.group[root].is_none() || fusion.group[root] == self.group);
        // A view of a constant is that constant.
        let value = match &self.scene.nodes[base(self.scene.nodes, root)].op {
            Op::Constant(value) => {
                self.pass.constants.push(value.0);
                Value::Constant(self.pass.constants.len() - 1)
            }
            op if here => {
                let args = node.inputs.iter().map(|&input| self.value(input)).collect::<Result<_, _>>()?;
                self.steps.push((function(op), args));
                self.step_nodes.push(root);
                Value::Step(self.steps.len() - 1)
            }
            _ => self.load(id)?,
        };
        self.known.insert(root, value);
        Ok(value)
    }

    fn load(&mut self, id: NodeId) -> Result<Value, NodeId> {
        let found = access(self.scene.nodes, self.scene.stored, id)?;
        let known = self.pass.loads.iter().position(|load| *load == found);
        Ok(Value::Load(known.unwrap_or_else(|| {
            self.pass.loads.push(found);
            self.pass.loads.len() - 1
        })))
    }

    fn finish(mut self, mut stores: Vec<(Value, NodeId)>, mut result: Option<Value>) -> Pass {
        let sole = |step: usize| self.scene.readers[self.step_nodes[step]] == 1;
        contract(&mut self.steps, &sole, stores.iter_mut().map(|(value, _)| value).chain(&mut result));
        let (n_loads, n_constants) = (self.pass.loads.len(), self.pass.constants.len());
        let slot = |value: Value| match value {
            Value::Load(i) => i,
            Value::Constant(i) => n_loads + i,
            Value::Step(i) => n_loads + n_constants + i,
        };
        let number = |(i, (function, args)): (usize, (Function, Vec<Value>))| Step {
            function,
            args: args.into_iter().map(slot).collect(),
            out: slot(Value::Step(i)),
        };
        self.pass.steps = self.steps.into_iter().enumerate().map(number).collect();
        self.pass.stores = stores.into_iter().map(|(value, id)| (slot(value), id)).collect();
        self.pass.result = result.map(slot);
        self.pass
    }
}

fn function(op: &Op) -> Function {
    match op {
        Op::Unary(f) => Function::Unary(*f),
        Op::Binary(f) => Function::Binary(*f),
        Op::Random(from, purpose) => Function::Random(*from, *purpose),
        _ => Function::Select,
    }
}
