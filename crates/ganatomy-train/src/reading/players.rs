//! Readings of the players: losses, logits, accuracies, gradients, and D on items that are held out.

use ganatomy_record::Direction;

use super::ReadingDoc;

/// The table.
pub(super) const ROWS: &[ReadingDoc] = &[
    ReadingDoc {
        name: "generator/loss",
        doc: "what G minimised in its last move, remedies included",
        formula: "mean over the batch of G's half of `loss.kind`, plus what remedies add to it; `explain` of the loss has \
                  the formula. Of IMLE: the mean squared distance of data points from the samples matched to them. Of a VAE: the bound of `explain vae`.",
        range: "any number; nats for losses made of logarithms. G and D even under the non-saturating loss: ln 2 = 0.693.",
        direction: Direction::None,
        better: "neither way: the players move each other's losses, so a falling loss of G may only mean a weaker D. Of IMLE \
                 and of a VAE, in which nobody judges, lower is better.",
        wrong: "a steady rise while D's accuracies go to 1: D wins and G learns nothing. A fall to nearly 0: D is fooled by \
                everything, often before a collapse. Swings that grow: the players circle each other. A number that is not \
                finite ends the run as diverged.",
        source: "Goodfellow et al. 2014, eq. 1 and section 3.",
    },
    ReadingDoc {
        name: "discriminator/loss",
        doc: "what D minimised in its last move, remedies included",
        formula: "mean over both batches of D's half of `loss.kind`, plus what remedies such as penalties add to it. Of a VAE, whose \
                  encoder stands in D's place, the bound that G minimises too.",
        range: "any number; nats for losses made of logarithms. A D that cannot tell real from generated has 2 ln 2 = 1.386 \
                under the minimax and non-saturating losses, 0 under wasserstein, 2 under hinge.",
        direction: Direction::None,
        better: "neither way: low means that D tells the two apart, which is good for D and says nothing about G.",
        wrong: "near 0 for long: D is certain, and G's gradient vanishes under minimax. Stuck just below 1.386 with good \
                samples: something beside the items tells them apart, such as classes that are asked for more or less often \
                than the data have them.",
        source: "Goodfellow et al. 2014, eq. 1; 2 ln 2 - 2 JS(data, samples) is the least possible (theorem 1).",
    },
    ReadingDoc {
        name: "discriminator/logit_real",
        doc: "D's mean logit of real items in its last move",
        formula: "mean over the real batch of D(x), before any sigmoid; above 0 means \"real\".",
        range: "any number, in logits (the unit of the critic under wasserstein; minus the reconstruction error of an \
                autoencoder, so never above 0).",
        direction: Direction::None,
        better: "neither way; beside `discriminator/logit_fake` it shows how far D tells the two apart.",
        wrong: "it grows without bound while logit_fake falls: D is overconfident, a case for a penalty, label smoothing or \
                a smaller learning rate of D. Both drift the same way: a critic whose zero means nothing, which is harmless.",
        source: "as D is defined by Goodfellow et al. 2014, before the sigmoid.",
    },
    ReadingDoc {
        name: "discriminator/logit_fake",
        doc: "D's mean logit of generated items in its last move",
        formula: "mean over the generated batch of D(G(z)), before any sigmoid; below 0 means \"generated\".",
        range: "any number, in logits; see `discriminator/logit_real`.",
        direction: Direction::None,
        better: "neither way; see `discriminator/logit_real`.",
        wrong: "it falls without bound: D is certain of every sample, and a minimax G has no gradient left. It rises above \
                logit_real: D is worse than chance, which happens for a few steps when G jumps.",
        source: "as D is defined by Goodfellow et al. 2014, before the sigmoid.",
    },
    ReadingDoc {
        name: "discriminator/accuracy_real",
        doc: "the share of real items that D calls real",
        formula: "mean over the real batch of [D(x) > 0], in D's last move.",
        range: "0 to 1, a share. 0.5 where D cannot tell.",
        direction: Direction::None,
        better: "neither way: 1 is a perfect D, not a good G. It means little where zero is not D's threshold: under \
                 wasserstein, relativistic losses and BEGAN.",
        wrong: "at 1 together with accuracy_fake for hundreds of steps: D wins. At 1 while accuracy_fake is 0: D calls \
                everything real.",
        source: "the usual reading of D as a classifier; Arjovsky and Bottou 2017, figure 1, show what follows from 1.",
    },
    ReadingDoc {
        name: "discriminator/accuracy_fake",
        doc: "the share of generated items that D calls generated",
        formula: "mean over the generated batch of [D(G(z)) < 0], in D's last move.",
        range: "0 to 1, a share. 0.5 where D cannot tell.",
        direction: Direction::None,
        better: "neither way; see `discriminator/accuracy_real`.",
        wrong: "at 1 with accuracy_real at 1: D wins. Near 0: G fools D with everything, often with one kind of sample.",
        source: "as `discriminator/accuracy_real`.",
    },
    ReadingDoc {
        name: "generator/gradient_norm",
        doc: "the length of the gradient of G's loss by G's parameters",
        formula: "sqrt(sum of squares of d L_G / d theta_G), on a batch of its own.",
        range: "0 and above; loss per unit of parameter.",
        direction: Direction::None,
        better: "neither way: it is 0 at an equilibrium, and also where G learns nothing.",
        wrong: "falls by orders of magnitude while D's accuracies are 1: vanishing gradients. Jumps by orders of magnitude: \
                unstable gradients, soon after which samples jump or the run diverges.",
        source: "Arjovsky and Bottou 2017, theorems 2.4 and 2.6, figures 2 and 3.",
    },
    ReadingDoc {
        name: "discriminator/gradient_norm",
        doc: "the length of the gradient of D's loss by D's parameters",
        formula: "sqrt(sum of squares of d L_D / d theta_D), on a batch of its own.",
        range: "0 and above; loss per unit of parameter.",
        direction: Direction::None,
        better: "neither way: small means that D has learned what it can against this G.",
        wrong: "nearly 0 with accuracies of 1: D has won. It never falls: D's learning rate is too large, or D is too small \
                for the data.",
        source: "Arjovsky and Bottou 2017, section 2.",
    },
    ReadingDoc {
        name: "generator/output_gradient_norm",
        doc: "the length of the gradient of G's loss by the samples themselves: what D tells G",
        formula: "sqrt(sum of squares of d L_G / d G(z)) over a whole batch of its own.",
        range: "0 and above; loss per unit of the data's values.",
        direction: Direction::None,
        better: "neither way; it is the signal before G's own layers, so it separates a silent D from a G that cannot move.",
        wrong: "nearly 0 while samples are bad: D is flat around them, as minimax makes it. Very large: D is steep, a case \
                for a gradient penalty, R1 or spectral normalisation.",
        source: "Arjovsky and Bottou 2017, theorem 2.4; Fedus et al. 2018 use it to compare losses.",
    },
    ReadingDoc {
        name: "discriminator/loss_held_out",
        doc: "D's loss where its real items are held out from training",
        formula: "as `discriminator/loss`, at this moment, the real batch taken from the data's held-out part; mean over \
                  `probes.held-out.n_samples` items.",
        range: "as `discriminator/loss`.",
        direction: Direction::None,
        better: "neither way by itself; beside `discriminator/loss` it shows whether D has learned the data or its items.",
        wrong: "it rises while `discriminator/loss` falls: D knows its training items by heart, and what it tells G is noise. \
                More data, augmentation or a smaller D helps.",
        source: "Karras et al. 2020 (ADA), section 2 and figure 1.",
    },
    ReadingDoc {
        name: "discriminator/logit_held_out",
        doc: "D's mean logit of real items held out from its training",
        formula: "mean of D(x) over held-out items.",
        range: "any number, in logits; the same as logit_real where D does not overfit.",
        direction: Direction::None,
        better: "neither way; nearer to `discriminator/logit_real` than to `discriminator/logit_fake` is healthy.",
        wrong: "it leaves logit_real and follows logit_fake: D takes unseen real items for generated ones.",
        source: "Karras et al. 2020 (ADA), figure 1.",
    },
    ReadingDoc {
        name: "discriminator/accuracy_held_out",
        doc: "the share of held-out real items that D calls real",
        formula: "mean of [D(x) > 0] over held-out items.",
        range: "0 to 1, a share.",
        direction: Direction::None,
        better: "neither way by itself; as near to `discriminator/accuracy_real` as possible.",
        wrong: "accuracy_real is 1 and this is near 0: D has learned its items by heart.",
        source: "Karras et al. 2020 (ADA), section 2.",
    },
    ReadingDoc {
        name: "discriminator/auc",
        doc: "how often D holds a real item for more real than a sample",
        formula: "share of pairs of one of at most 256 real items and one of as many samples in which D's output of the real item is the \
                  larger one; equal ones count half. Real items are held-out ones where there are any. Of a D that judges single items: not \
                  packs, and not by statistics of their batch.",
        range: "0 to 1, a share; 0.5 where D cannot tell them apart. It has the same meaning under every loss but one of least squares \
                whose target of real items is the smaller one: there 0 is a D that wins.",
        direction: Direction::None,
        better: "neither way by itself: near 0.5 at the end of a good run, and above it on the way.",
        wrong: "1 for long, and samples get no better: D wins. 0.5 while samples are bad: D is too weak, or does not move.",
        source: "the area under the receiver operating characteristic (Mann and Whitney 1947).",
    },
    ReadingDoc {
        name: "discriminator/overfitting",
        doc: "how far D takes held-out real items for generated ones: 0 not at all, 1 wholly",
        formula: "(a - b) / (a - c) of D's mean logits: a of training items, b of held-out ones, c of generated ones, all at \
                  this moment. It is left out while D hardly tells real from generated, a - c below 0.1.",
        range: "0 to 1 but for the noise of few items; a ratio.",
        direction: Direction::Down,
        better: "lower is better; ADA holds its like near 0.6 by augmentation.",
        wrong: "it climbs towards 1, the sooner the fewer items there are, and samples get worse from then on.",
        source: "Karras et al. 2020 (ADA), eq. 1, r_v.",
    },
];
