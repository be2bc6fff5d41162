//! HyperQueue: one task array of workers.

use super::{Call, Order};

/// `hq submit`.
pub(super) fn call(order: &Order<'_>) -> Call {
    let asks = order.asks;
    let mut arguments = vec![
        "submit".to_owned(),
        format!("--name=ganatomy-{}", order.name.replace(' ', "-")),
        format!("--array=1-{}", order.workers),
        format!("--cpus={}", asks.cpus),
        format!("--time-limit={}", asks.time),
        format!("--stdout={}/hq-%{{JOB_ID}}-%{{TASK_ID}}.out", order.logs.display()),
        format!("--stderr={}/hq-%{{JOB_ID}}-%{{TASK_ID}}.log", order.logs.display()),
    ];
    arguments.extend(asks.options.iter().cloned());
    arguments.push("--".to_owned());
    arguments.extend(order.command.iter().cloned());
    Call { program: "hq", arguments, input: None }
}
