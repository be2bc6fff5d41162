//! What a cure sets in a run, worked out from the run's own values, and whether it undoes what is out of the ordinary there.

use crate::Facts;
use crate::facts::PLAYERS;

/// The learning rate that players of an update usually have.
fn usual_rate(facts: &Facts, player: usize) -> f64 {
    match facts.updates[player].as_deref() {
        Some("sgd") => 5e-2,
        Some("momentum") => 1e-2,
        _ if facts.network.as_deref().is_none_or(|network| network == "mlp") => 1e-3,
        _ => 2e-4,
    }
}

/// `--set generator.update.lr=2.5e-4 --set discriminator.update.lr=1e-3`.
fn rates(rates: [f64; 2]) -> String {
    let one = |(player, rate): (&str, f64)| {
        let rate = format!("{rate:.1e}").replace(".0e", "e");
        format!("--set {player}.update.lr={rate}")
    };
    PLAYERS.into_iter().zip(rates).map(one).collect::<Vec<_>>().join(" ")
}

/// Both players' rates, if they are known and are those of updates that have one.
fn known_rates(facts: &Facts) -> Option<[f64; 2]> {
    Some([facts.g_rate?, facts.d_rate?])
}

/// A quarter of what it is, and no more than is usual.
pub(super) fn slower(facts: &Facts, usual: &'static str) -> Option<String> {
    let Some(now) = known_rates(facts) else { return Some(usual.to_owned()) };
    Some(rates([0, 1].map(|player| (now[player] / 4.0).min(usual_rate(facts, player)))))
}

/// To what is usual, where a player is far from it.
pub(super) fn usual_rates(facts: &Facts, usual: &'static str) -> Option<String> {
    if known_rates(facts).is_none() {
        return Some(usual.to_owned());
    }
    has_odd_rates(facts).then(|| rates([0, 1].map(|player| usual_rate(facts, player))))
}

pub(super) fn has_odd_rates(facts: &Facts) -> bool {
    let far = |player: usize, rate: f64| !(0.4..=2.5).contains(&(rate / usual_rate(facts, player)));
    known_rates(facts).is_some_and(|[g, d]| far(0, g) || far(1, d))
}

/// One move each at one rate, where a player moves more often or faster than the other.
pub(super) fn balance(facts: &Facts, usual: &'static str) -> Option<String> {
    let now = known_rates(facts);
    if now.is_none() && facts.moves.is_none() {
        return Some(usual.to_owned());
    }
    let moves = if moves_evenly(facts) { "" } else { "--set scheme.g_steps=1 --set scheme.d_steps=1" };
    let paces = now.filter(|_| !keeps_pace(facts, 0.5)).map(|now| {
        // The faster of the two learns at all; what is far from the usual does not.
        let usual = usual_rate(facts, 0);
        let both = now[0].max(now[1]).clamp(usual / 2.0, usual * 2.0);
        rates([both, both])
    });
    let paces = paces.unwrap_or_default();
    let change = format!("{moves} {paces}").trim().to_owned();
    (!change.is_empty()).then_some(change)
}

fn moves_evenly(facts: &Facts) -> bool {
    facts.moves.is_none_or(|moves| moves == [1, 1])
}

/// Is G's rate from `least` to twice that of D, or not to be compared with it?
fn keeps_pace(facts: &Facts, least: f64) -> bool {
    known_rates(facts).is_none_or(|[g, d]| (least..=2.0).contains(&(g / d)))
        || facts.updates[0] != facts.updates[1]
}

/// A D that moves five times as often as G, or as fast, is as usual as one that keeps its pace.
pub(super) fn is_uneven(facts: &Facts) -> bool {
    let usual = facts.moves.is_none_or(|[g, d]| g == 1 && d <= 5);
    !usual || !keeps_pace(facts, 0.2)
}

/// Five moves of D for each of G.
pub(super) fn d_steps(facts: &Facts, usual: &'static str) -> Option<String> {
    match facts.moves {
        Some([_, d]) if d >= 5 => None,
        Some([g, _]) if g > 1 => Some(format!("--set scheme.g_steps=1 {usual}")),
        _ => Some(usual.to_owned()),
    }
}

/// Zero-centred penalties weigh this much on points, and twice as much on images.
fn gamma(facts: &Facts) -> f64 {
    if facts.network.as_deref().is_some_and(|network| network != "mlp") { 1.0 } else { 0.5 }
}

/// A penalty on D's slope, or five times the one that there is.
pub(super) fn r1(facts: &Facts, _: &'static str) -> Option<String> {
    let gamma = facts.r1.filter(|gamma| *gamma > 0.0).map_or(gamma(facts), |gamma| 5.0 * gamma);
    Some(format!("--set remedies.r1.gamma={gamma}"))
}

/// The relativistic loss with both penalties, at the run's own rates.
pub(super) fn r3gan(facts: &Facts, _: &'static str) -> Option<String> {
    let gamma = gamma(facts) / 2.0;
    Some(format!(
        "--set loss.kind=relativistic --set remedies.r1.gamma={gamma} --set remedies.r2.gamma={gamma}"
    ))
}

/// An update that moves, where D has none.
pub(super) fn moving(facts: &Facts, usual: &'static str) -> Option<String> {
    (facts.updates[1].is_none() || is_still(facts)).then(|| usual.to_owned())
}

pub(super) fn is_still(facts: &Facts) -> bool {
    facts.updates[1].as_deref() == Some("still")
}

/// A D of G's size where it is smaller, and of twice its own size where it is not.
pub(super) fn wider(facts: &Facts, usual: &'static str) -> Option<String> {
    let small = is_small(facts);
    if let [_, Some(d)] = facts.widths {
        let width = facts.widths[0].filter(|_| small).unwrap_or(2 * d);
        return Some(format!("--set discriminator.width={width}"));
    }
    let Some(d) = &facts.hidden[1] else { return Some(usual.to_owned()) };
    let like_g = facts.hidden[0].clone().filter(|_| small);
    let hidden = like_g.unwrap_or_else(|| d.iter().map(|units| 2 * units).collect());
    if hidden.is_empty() {
        return Some(usual.to_owned());
    }
    let hidden: Vec<String> = hidden.iter().map(u64::to_string).collect();
    Some(format!("--set discriminator.hidden=[{}]", hidden.join(",")))
}

/// Has D less than half of G's units, or none, so that it sees means alone?
pub(super) fn is_small(facts: &Facts) -> bool {
    let units = |player: usize| facts.hidden[player].as_ref().map(|hidden| hidden.iter().sum());
    let short = |of: [Option<u64>; 2]| matches!(of, [Some(g), Some(d)] if 2 * d < g);
    let units = [units(0), units(1)];
    units[1] == Some(0) || short(units) || short(facts.widths)
}

/// Nothing where D's slope is penalised: derivatives of that through all of D's moves take minutes to compile.
pub(super) fn unrolled(facts: &Facts, usual: &'static str) -> Option<String> {
    (!facts.has_slope_penalty).then(|| usual.to_owned())
}

/// A wider box for the weights of a critic that they cannot leave.
pub(super) fn clip(facts: &Facts, usual: &'static str) -> Option<String> {
    // Of a run of which little is known, it may be clipped, if its loss may be that of a critic.
    let may_be = || facts.updates[1].is_none() && (facts.loss.is_none() || facts.loss_is(&["wasserstein"]));
    facts.clip.map_or_else(may_be, |limit| limit < 0.1).then(|| usual.to_owned())
}

/// A tenth of the usual limit leaves a critic of a few layers next to no slope.
pub(super) fn is_clipped_short(facts: &Facts) -> bool {
    facts.clip.is_some_and(|limit| limit < 0.005)
}
