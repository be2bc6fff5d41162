//! Readings of one method alone: a loss, a remedy or a game that reports something of its own.

use ganatomy_record::Direction;

use super::ReadingDoc;

/// The table.
pub(super) const ROWS: &[ReadingDoc] = &[
    ReadingDoc {
        name: "loss/k",
        doc: "BEGAN's weight of generated items in D's loss",
        formula: "k <- min(max(k + lambda (gamma L(x) - L(G(z))), 0), 1), with D's reconstruction errors L.",
        range: "0 to 1; a weight, 0 at the start.",
        direction: Direction::None,
        better: "neither way: it holds the two errors at the ratio gamma.",
        wrong: "at 1 for long: G's samples are reconstructed too well, D does not keep up. At 0 for ever: G never gets there.",
        source: "Berthelot et al. 2017 (BEGAN), section 3.3.",
    },
    ReadingDoc {
        name: "loss/convergence",
        doc: "BEGAN's measure of how far the run has come",
        formula: "L(x) + |gamma L(x) - L(G(z))|, with D's reconstruction errors L.",
        range: "0 and above; a reconstruction error in the units of the data.",
        direction: Direction::None,
        better: "lower is better within a run, by its authors; it is not used to choose checkpoints.",
        wrong: "it falls to a plateau while samples get alike: it does not see mode collapse.",
        source: "Berthelot et al. 2017 (BEGAN), section 3.4.1.",
    },
    ReadingDoc {
        name: "generator/reconstruction_error",
        doc: "how far G's images are from those that belong to the given ones",
        formula: "mean |y - G(x, z)| over all numbers of the batch, before the weight of the remedy `reconstruction`.",
        range: "0 to 2 for images in [-1, 1].",
        direction: Direction::None,
        better: "lower is better on one problem; at the least possible value G gives blurred medians.",
        wrong: "it does not fall: G does not look at what it is given. It is low and images are blurred: the weight is too large.",
        source: "Isola et al. 2017 (pix2pix), eq. 3.",
    },
    ReadingDoc {
        name: "balance/discriminator_moves",
        doc: "whether D moved in this step, under adaptive balance",
        formula: "1 where D's loss was at least `d_waits_below`, else 0.",
        range: "0 or 1.",
        direction: Direction::None,
        better: "neither way.",
        wrong: "always 0: D waits for a G that does not get better.",
        source: "the remedy `adaptive-balance`; see `explain adaptive-balance`.",
    },
    ReadingDoc {
        name: "balance/generator_moves",
        doc: "whether G moved in this step, under adaptive balance",
        formula: "1 where D's last loss was at most `g_waits_above`, else 0.",
        range: "0 or 1.",
        direction: Direction::None,
        better: "neither way.",
        wrong: "always 0: D never gets good enough for G to move.",
        source: "the remedy `adaptive-balance`; see `explain adaptive-balance`.",
    },
    ReadingDoc {
        name: "game/mean_distance",
        doc: "of IMLE, how far data points are from the samples matched to them, on average",
        formula: "mean over the batch of |x - G(z)| before the step, with z the latent point that is matched to x.",
        range: "0 and above, in the units of the data.",
        direction: Direction::None,
        better: "lower is better: it is what IMLE minimises.",
        wrong: "it stops falling early: G is too small, or the pool of samples is. Near 0 on few data: G has them by heart.",
        source: "Li and Malik 2018 (IMLE), section 3.",
    },
    ReadingDoc {
        name: "game/largest_distance",
        doc: "of IMLE, how far the worst matched data point is from its sample",
        formula: "largest |x - G(z)| of the batch before the step, with z the latent point that is matched to x.",
        range: "0 and above, in the units of the data.",
        direction: Direction::None,
        better: "lower is better; it is near 0 only where no point is left out.",
        wrong: "it stays large while the mean falls: some mode is never reached, or the data have an outlier.",
        source: "Li and Malik 2018 (IMLE), section 3.",
    },
];
