//! The cures that verdicts name. Their values are fitted to the run: what is right for one makes another worse.

use super::Cure;
use super::fit::{
    balance, clip, d_steps, has_odd_rates, is_clipped_short, is_small, is_still, is_uneven, moving, r1,
    r3gan, slower, unrolled, usual_rates, wider,
};
use crate::Facts;

fn as_it_is(_: &Facts, usual: &'static str) -> Option<String> {
    Some(usual.to_owned())
}

fn nothing(_: &Facts) -> bool {
    false
}

const fn cure(name: &'static str, usual: &'static str, why: &'static str, source: &'static str) -> Cure {
    Cure { name, usual, fit: as_it_is, undoes: nothing, why, source }
}

pub(crate) const SLOWER: Cure = Cure {
    name: "slower",
    usual: "--set generator.update.lr=1e-4 --set discriminator.update.lr=1e-4",
    fit: slower,
    undoes: nothing,
    why: "steps that are too long throw the players further each time",
    source: "Mescheder et al. 2018, section 3",
};
pub(crate) const USUAL_RATES: Cure = Cure {
    name: "usual-rates",
    usual: "--set generator.update.lr=1e-3 --set discriminator.update.lr=1e-3",
    fit: usual_rates,
    undoes: has_odd_rates,
    why: "steps that are too short get nowhere in the steps there are, and steps that are too long leave the data",
    source: "Lucic et al. 2018, section 5",
};
pub(crate) const BALANCE: Cure = Cure {
    name: "balance",
    usual: "--set scheme.g_steps=1 --set scheme.d_steps=1",
    fit: balance,
    undoes: is_uneven,
    why: "a player that moves more often or faster than the other leaves it nothing to learn from",
    source: "Goodfellow et al. 2014, section 4; Heusel et al. 2017, section 2",
};
pub(crate) const D_STEPS: Cure = Cure {
    name: "d-steps",
    usual: "--set scheme.d_steps=5",
    fit: d_steps,
    undoes: nothing,
    why: "a D that learns more often is nearer to the best answer",
    source: "Arjovsky et al. 2017, section 3",
};
pub(crate) const R1: Cure = Cure {
    name: "r1",
    usual: "--set remedies.r1.gamma=1",
    fit: r1,
    undoes: nothing,
    why: "a D of gentle slope leads G back from afar, and makes the game near the data one that converges",
    source: "Mescheder et al. 2018, section 4",
};
pub(crate) const R3GAN: Cure = Cure {
    name: "r3gan",
    usual: "--with r3gan",
    fit: r3gan,
    undoes: nothing,
    why: "a relativistic loss has no collapsed minima, and both penalties let it converge",
    source: "Huang et al. 2024, sections 2 and 4",
};
pub(crate) const PACKING: Cure = cure(
    "packing",
    "--set remedies.packing.m=2",
    "D sees several samples at once, and so that they are alike",
    "Lin et al. 2018",
);
pub(crate) const UNROLLED: Cure = Cure {
    name: "unrolled",
    usual: "--set scheme.kind=unrolled",
    fit: unrolled,
    undoes: nothing,
    why: "G sees how D will answer before it gathers in one place",
    source: "Metz et al. 2017",
};
pub(crate) const AVERAGE: Cure = cure(
    "average",
    "--set average.kind=exponential",
    "the middle of a circle is nearer to the equilibrium than any point of it",
    "Yazici et al. 2019",
);
pub(crate) const EXTRAGRADIENT: Cure = cure(
    "extragradient",
    "--set scheme.kind=extragradient",
    "looking one move ahead turns circling into approach",
    "Gidel et al. 2019",
);
pub(crate) const SPECTRAL_NORM: Cure = cure(
    "spectral-norm",
    "--set remedies.spectral-norm={}",
    "a D of bounded slope has bounded gradients",
    "Miyato et al. 2018",
);
pub(crate) const NON_SATURATING: Cure = cure(
    "non-saturating",
    "--set loss.kind=non-saturating",
    "its gradient lives where D is sure",
    "Goodfellow et al. 2014, section 3",
);
pub(crate) const WGAN_GP: Cure = cure(
    "wgan-gp",
    "--with wgan-gp",
    "a critic of bounded slope never goes flat between distributions",
    "Gulrajani et al. 2017",
);
pub(crate) const NOISE: Cure = cure(
    "instance-noise",
    "--set remedies.instance-noise={}",
    "noise blurs single items and makes the distributions overlap, so that D cannot be perfect",
    "Arjovsky and Bottou 2017, section 3",
);
pub(crate) const SMOOTHING: Cure = cure(
    "label-smoothing",
    "--set remedies.label-smoothing={}",
    "a D that is less sure gives longer gradients",
    "Salimans et al. 2016, section 3.4",
);
pub(crate) const TWO_TIME_SCALES: Cure = cure(
    "two-time-scales",
    "--set remedies.two-time-scales={}",
    "a D that learns faster keeps up with G",
    "Heusel et al. 2017",
);
pub(crate) const WIDER: Cure = Cure {
    name: "wider-d",
    usual: "--set discriminator.hidden=[128,128]",
    fit: wider,
    undoes: is_small,
    why: "a D of more units sees finer differences",
    source: "Arora and Zhang 2018",
};
pub(crate) const CLIP: Cure = Cure {
    name: "clip",
    usual: "--set remedies.weight-clipping.limit=0.1",
    fit: clip,
    undoes: is_clipped_short,
    why: "a critic whose weights are clipped this short has next to no slope, and G no gradient",
    source: "Gulrajani et al. 2017, section 3.1",
};
pub(crate) const AUGMENTATION: Cure = cure(
    "augmentation",
    "--set remedies.augmentation={}",
    "a D that sees every item in many forms cannot learn them by heart, and does not ask for copies of them",
    "Karras et al. 2020, Zhao et al. 2020",
);
pub(crate) const HELD_OUT: Cure = cure(
    "held-out",
    "--set data.held_out=0.1",
    "more items are the only sure help; part of them held out shows it",
    "Meehan et al. 2020",
);
pub(crate) const SETTLE: Cure = cure(
    "settle",
    "--set generator.update.schedule.kind=linear --set discriminator.update.schedule.kind=linear",
    "players whose steps shrink settle near the best",
    "Miyato et al. 2018, appendix",
);
pub(crate) const BEST: Cure = cure(
    "best",
    "sample RUN --best",
    "the best checkpoint is kept: nothing is lost but time",
    "Brock et al. 2019, section 4.2",
);
pub(crate) const MOVING: Cure = Cure {
    name: "moving",
    usual: "--set discriminator.update.kind=adam --set discriminator.update.lr=2e-3",
    fit: moving,
    undoes: is_still,
    why: "a player that does not move cannot learn",
    source: "Goodfellow et al. 2014, algorithm 1: both players move",
};
pub(crate) const RANGE: Cure = cure(
    "range",
    "show RUN",
    "look at the range of the data's values, and bring them into that of the generator's output, from -1 to 1",
    "Radford et al. 2016, section 4",
);
pub(crate) const SCORE_AGAIN: Cure = cure(
    "score-again",
    "score RUN --against DATA",
    "the same score of the same samples, worked out once more, with what it was made of",
    "see docs/scores.md",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cure: &Cure, facts: &Facts, expected: Option<&str>) {
        assert_eq!(cure.remedy(facts).map(|remedy| remedy.change).as_deref(), expected, "{}", cure.name);
    }

    fn facts(g: f64, d: f64, update: &str, moves: [u64; 2]) -> Facts {
        let updates = [Some(update.to_owned()), Some(update.to_owned())];
        Facts { g_rate: Some(g), d_rate: Some(d), updates, moves: Some(moves), ..Facts::default() }
    }

    #[test]
    fn values_come_from_the_runs_own() {
        let lr =
            |g: &str, d: &str| format!("--set generator.update.lr={g} --set discriminator.update.lr={d}");
        check(&SLOWER, &facts(1e-3, 2e-4, "adam", [1, 1]), Some(&lr("2.5e-4", "5e-5")));
        check(&SLOWER, &facts(200.0, 200.0, "sgd", [1, 1]), Some(&lr("5e-2", "5e-2")));
        check(&SLOWER, &Facts::default(), Some(SLOWER.usual));
        check(&USUAL_RATES, &facts(1e-5, 1e-3, "adam", [1, 1]), Some(&lr("1e-3", "1e-3")));
        check(&USUAL_RATES, &facts(2e-3, 5e-4, "adam", [1, 1]), None);
        check(&R1, &Facts { r1: Some(0.2), ..Facts::default() }, Some("--set remedies.r1.gamma=1"));
    }

    #[test]
    fn players_that_are_apart_are_brought_together() {
        check(&BALANCE, &facts(1e-3, 1e-3, "adam", [1, 1]), None);
        check(&BALANCE, &Facts { g_rate: Some(1e-3), moves: Some([1, 1]), ..Facts::default() }, None);
        check(&BALANCE, &Facts::default(), Some(BALANCE.usual));
        let moves = "--set scheme.g_steps=1 --set scheme.d_steps=1";
        check(&BALANCE, &facts(1e-3, 1e-3, "adam", [10, 1]), Some(moves));
        let both = "--set generator.update.lr=2e-3 --set discriminator.update.lr=2e-3";
        check(&BALANCE, &facts(2e-5, 2e-3, "adam", [1, 10]), Some(&format!("{moves} {both}")));
        check(&D_STEPS, &facts(1e-3, 1e-3, "adam", [1, 5]), None);
        check(
            &D_STEPS,
            &facts(1e-3, 1e-3, "adam", [8, 1]),
            Some("--set scheme.g_steps=1 --set scheme.d_steps=5"),
        );
        check(&MOVING, &facts(1e-3, 1e-3, "adam", [1, 1]), None);
    }

    #[test]
    fn a_d_is_widened_to_the_size_of_g() {
        let of =
            |g: &[u64], d: &[u64]| Facts { hidden: [Some(g.to_vec()), Some(d.to_vec())], ..Facts::default() };
        check(&WIDER, &of(&[64, 32], &[4]), Some("--set discriminator.hidden=[64,32]"));
        check(&WIDER, &of(&[64, 64], &[64, 32]), Some("--set discriminator.hidden=[128,64]"));
        check(&WIDER, &of(&[64], &[]), Some("--set discriminator.hidden=[64]"));
        check(&WIDER, &of(&[], &[]), Some(WIDER.usual));
        check(&WIDER, &Facts::default(), Some(WIDER.usual));
        let widths = |g, d| Facts { widths: [Some(g), Some(d)], ..Facts::default() };
        check(&WIDER, &widths(64, 8), Some("--set discriminator.width=64"));
        check(&WIDER, &widths(64, 64), Some("--set discriminator.width=128"));
        // Units and channels are not to be compared.
        assert!(!is_small(&Facts {
            widths: [None, Some(32)],
            hidden: [Some(vec![512]), None],
            ..Facts::default()
        }));
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_undone_first() {
        let first = |facts: &Facts| {
            let cures = [D_STEPS, R1, MOVING, WIDER, BALANCE, USUAL_RATES, CLIP];
            super::super::remedies("no verdict of the table", &cures, facts)[0].name
        };
        assert_eq!(first(&Facts::default()), "d-steps");
        assert_eq!(first(&facts(2e-3, 2e-3, "adam", [1, 5])), "r1");
        assert_eq!(first(&facts(1e-5, 1e-5, "adam", [1, 1])), "usual-rates");
        assert_eq!(first(&facts(1e-3, 1e-3, "adam", [10, 1])), "balance");
        assert_eq!(first(&facts(1e-3, 4e-4, "adam", [1, 1])), "balance");
        assert_eq!(first(&facts(4e-4, 1e-3, "adam", [1, 1])), "d-steps");
        assert_eq!(first(&facts(1e-3, 1e-3, "still", [1, 1])), "moving");
        // A D that stands still is named behind whatever is wrong, and once.
        for cures in [&[R1][..], &[R1, MOVING]] {
            let named = super::super::remedies("any", cures, &facts(1e-3, 1e-3, "still", [1, 1]));
            assert_eq!(named.iter().map(|remedy| remedy.name).collect::<Vec<_>>(), ["moving", "r1"]);
        }
        check(&UNROLLED, &Facts::default(), Some(UNROLLED.usual));
        check(&UNROLLED, &Facts { has_slope_penalty: true, ..Facts::default() }, None);
        check(&CLIP, &Facts { clip: Some(0.1), ..Facts::default() }, None);
        check(&CLIP, &facts(1e-3, 1e-3, "adam", [1, 1]), None);
        check(&CLIP, &Facts { loss: Some("hinge".to_owned()), ..Facts::default() }, None);
        check(&CLIP, &Facts::default(), Some(CLIP.usual));
        check(&CLIP, &Facts { clip: Some(0.01), ..Facts::default() }, Some(CLIP.usual));
        assert_eq!(first(&Facts { clip: Some(0.001), ..Facts::default() }), "clip");
        assert_eq!(first(&Facts { clip: Some(0.01), ..Facts::default() }), "d-steps");
        let hidden = [Some(vec![64, 64]), Some(vec![4])];
        assert_eq!(first(&Facts { hidden, ..facts(1e-3, 1e-3, "adam", [1, 1]) }), "wider-d");
    }
}
