//! A network of your own, for both players. What it asks for by `weight` and shows by `hidden` is where remedies take part.

use ganatomy::game::network::{Init, Network, NetworkSpec, Row, Scope};
use ganatomy::prelude::*;
use ganatomy::tensor::Tensor;

/// One hidden layer of Gaussian bumps.
#[derive(Clone)]
struct Bumps {
    n: usize,
    /// The shape of what is made; a discriminator makes a number.
    item: Option<Vec<usize>>,
}

impl NetworkSpec for Bumps {
    fn generator(&self, _: usize, item: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(Box::new(Bumps { item: Some(item.to_vec()), ..self.clone() }))
    }
    fn discriminator(&self, _: &[usize]) -> Result<Box<dyn Network>, String> {
        Ok(Box::new(self.clone()))
    }
}

impl Network for Bumps {
    fn forward(&self, scope: &mut Scope<'_>, x: &Tensor) -> Tensor {
        let (batch, n_out) = (x.shape()[0], self.item.as_ref().map_or(1, |item| item.iter().product()));
        let flat = x.reshape([batch, x.shape().numel() / batch]);
        let w = scope.weight("w", [flat.shape()[1], self.n], Init::He(1.0));
        let bumps = (-flat.matmul(&w).square()).exp();
        let seen = if self.item.is_none() { scope.hidden(&bumps) } else { bumps.clone() };
        let v = scope.weight("v", [seen.shape()[1], n_out], Init::He(1.0));
        let out = seen.matmul(&v);
        match &self.item {
            Some(item) => out.reshape([&[batch], &item[..]].concat()),
            None => scope.logits(out.reshape([batch]), &bumps),
        }
    }
    fn mixes_batch(&self) -> bool {
        false
    }
}

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut registry = Registry::builtin();
    registry.networks.push(Row::new("bumps", "a layer of bumps", |fields| {
        Ok(Box::new(Bumps { n: fields.count("n", "bumps", 64, 1..=4096)? as usize, item: None }))
    }));
    let text = "steps = 200\n[generator]\nkind = \"bumps\"\n[discriminator]\nkind = \"bumps\"\nn = 32\n\
                [remedies]\nspectral-norm = {}\nfeature-matching = {}\n";
    let plan = Plan::with_registry(&RunSpec::parse(text, "example")?, &DataContext::default(), &registry)?;
    println!("{:?}", plan.describe());
    train(plan, Session::in_memory(Cpu::new(1)), &mut Vec::<Event>::new())?;
    Ok(())
}
