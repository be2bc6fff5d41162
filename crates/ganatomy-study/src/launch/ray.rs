//! Ray: a job a worker, at the cluster that `RAY_ADDRESS` names.

use super::{Call, Order};

/// `ray job submit`, once a worker.
pub(super) fn calls(order: &Order<'_>) -> Vec<Call> {
    let asks = order.asks;
    let one = || {
        let mut arguments: Vec<String> = ["job", "submit", "--no-wait"].map(str::to_owned).to_vec();
        arguments.push(format!("--entrypoint-num-cpus={}", asks.cpus));
        arguments.extend(asks.options.iter().cloned());
        arguments.push("--".to_owned());
        arguments.extend(order.command.iter().cloned());
        Call { program: "ray", arguments, input: None }
    };
    (0..order.workers).map(|_| one()).collect()
}
