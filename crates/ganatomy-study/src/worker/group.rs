//! Runs that a worker takes at once, because they can make their steps together.

use std::sync::Arc;

use ganatomy_record::first_difference;
use ganatomy_tensor::Cpu;
use toml::{Table, Value};

use super::pulse::{Held, Pulse};
use super::run::{Came, Planned, carry_out, carry_out_together, plan};
use super::{Rules, Site};
use crate::StudyError;
use crate::store::{Claim, Store};

/// Runs in one program of another device.
const ON_A_DEVICE: u32 = 64;

/// How many runs a worker takes at once: what the study asks for, or as many as pay. Seconds are counted for each alone.
pub(super) fn most(site: &Site<'_>, rules: &Rules) -> u32 {
    match (rules.file.runs.together, &site.device) {
        _ if rules.most_secs().is_some() => 1,
        (0, Some(_)) => ON_A_DEVICE,
        (0, None) => 1,
        (n, _) => n,
    }
}

/// Takes runs that wait and may be made together with the first: of its stage, and with its spec but for numbers. Others that wait between
/// them are taken too, so that more is seen, and given back at once.
pub(super) fn gather(
    site: &Site<'_>,
    rules: &Rules,
    store: &mut Store,
    first: Claim,
) -> Result<Vec<Claim>, StudyError> {
    let most = most(site, rules) as usize;
    let (mut claims, mut others) = (vec![first], Vec::new());
    let mut gathered = Ok(());
    while claims.len() < most && others.len() < MOST_OTHERS * most {
        match store.claim(&site.worker) {
            Ok(Some(next)) if is_alike(&claims[0], &next) => claims.push(next),
            Ok(Some(next)) => others.push(next),
            Ok(None) => break,
            Err(error) => {
                gathered = Err(error);
                break;
            }
        }
    }
    for other in &others {
        gathered = gathered.and(store.release(other).map(drop));
    }
    if gathered.is_err() {
        claims.iter().for_each(|claim| drop(store.release(claim)));
    }
    gathered.map(|()| claims)
}

/// Runs that are looked at in vain, for each that is wanted.
const MOST_OTHERS: usize = 2;

/// Carries out runs, together if they can be; else the first of them, alone. Answers what came of each, as far as one was carried out.
pub(super) fn carry_out_all(
    site: &Site<'_>,
    rules: &Rules,
    store: &mut Store,
    device: &Arc<Cpu>,
    held: &[Held],
) -> Vec<Result<Came, StudyError>> {
    if held.len() > 1
        && let Some(came) = together(site, rules, store, device, held)
    {
        return came;
    }
    held.first().map(|first| carry_out(site, rules, store, device, first)).into_iter().collect()
}

/// What comes of runs that are made together; nothing where they cannot be, or one of them cannot begin: alone it says why.
fn together(
    site: &Site<'_>,
    rules: &Rules,
    store: &mut Store,
    device: &Arc<Cpu>,
    held: &[Held],
) -> Option<Vec<Result<Came, StudyError>>> {
    let mut planned: Vec<Planned> = Vec::with_capacity(held.len());
    for held in held {
        planned.push(plan(site, rules, &held.claim, planned.first()).ok()?.ok()?);
    }
    carry_out_together(site, rules, store, device, (held, &planned))
}

/// May both be made together, as far as their specs tell?
fn is_alike(first: &Claim, next: &Claim) -> bool {
    let (Ok(old), Ok(new)) = (first.spec.parse::<Table>(), next.spec.parse::<Table>()) else { return false };
    let mut ignored = vec!["name".to_owned()];
    loop {
        let names: Vec<&str> = ignored.iter().map(String::as_str).collect();
        let Some(found) = first_difference(&old, &new, &names) else { break };
        let is_number =
            |value: &Option<Value>| matches!(value, None | Some(Value::Integer(_) | Value::Float(_)));
        if !is_number(&found.old) || !is_number(&found.new) {
            return false;
        }
        ignored.push(found.key);
    }
    first.stage == next.stage && first.steps == next.steps
}

/// Gives back what was taken and not carried out.
pub(super) fn give_back(store: &mut Store, rest: &[Held], pulse: &Pulse) -> Result<(), StudyError> {
    for Held { claim, .. } in rest {
        store.release(claim)?;
    }
    pulse.hold(Vec::new());
    Ok(())
}
