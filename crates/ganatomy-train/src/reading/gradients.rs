//! Readings of gradients by layer, of the sizes of parameters and moments, of the game's field, and of G's Jacobian.

use ganatomy_record::Direction;

use super::ReadingDoc;

/// The table.
pub(super) const ROWS: &[ReadingDoc] = &[
    ReadingDoc {
        name: "generator/layer_gradient/*",
        doc: "the length of the gradient of G's loss by the parameters of one layer",
        formula: "as `generator/gradient_norm`, over the weight, bias and norm of one layer; the squares of all layers add up to \
                  its square.",
        range: "0 and above; loss per unit of parameter.",
        direction: Direction::None,
        better: "neither way; layers of like size should be within an order of magnitude or two.",
        wrong: "the first layers are orders of magnitude below the last: the gradient vanishes on its way back. The first are \
                far above: it explodes there.",
        source: "Glorot and Bengio 2010, section 4.2.",
    },
    ReadingDoc {
        name: "discriminator/layer_gradient/*",
        doc: "the length of the gradient of D's loss by the parameters of one layer",
        formula: "as `discriminator/gradient_norm`, over the weight, bias and norm of one layer.",
        range: "0 and above; loss per unit of parameter.",
        direction: Direction::None,
        better: "neither way; see `generator/layer_gradient/*`.",
        wrong: "one layer is at 0 while others are not: it is dead or cut off.",
        source: "Glorot and Bengio 2010, section 4.2.",
    },
    ReadingDoc {
        name: "generator/zero_gradient",
        doc: "the share of G's parameters whose gradient is exactly zero",
        formula: "mean of [d L_G / d theta = 0] over all trained parameters of G, on a batch of its own.",
        range: "0 to 1, a share.",
        direction: Direction::None,
        better: "neither way: 0 with smooth activations; some of a network of rectifiers, which are off for a whole batch, is usual.",
        wrong: "it climbs and stays: units are dead. 1: nothing reaches G, since D is flat to the last bit, or a number underflows.",
        source: "Lu et al. 2019 (dying ReLU), for units that no input turns on.",
    },
    ReadingDoc {
        name: "discriminator/zero_gradient",
        doc: "the share of D's parameters whose gradient is exactly zero",
        formula: "mean of [d L_D / d theta = 0] over all trained parameters of D, on a batch of its own.",
        range: "0 to 1, a share.",
        direction: Direction::None,
        better: "neither way; see `generator/zero_gradient`.",
        wrong: "it climbs and stays: D has dead units. 1: a saturated D, or a critic that hinge no longer moves.",
        source: "as `generator/zero_gradient`.",
    },
    ReadingDoc {
        name: "generator/weight_norm",
        doc: "the size of G's parameters",
        formula: "sqrt(mean of theta^2) over all trained parameters of G: a root mean square, so that networks of all sizes compare.",
        range: "0 and above; 0.02 to 0.3 as networks are usually initialised.",
        direction: Direction::None,
        better: "neither way; it grows slowly in a healthy run.",
        wrong: "it grows faster and faster: the run diverges. It does not move at all: the learning rate is too small, or nothing \
                reaches G.",
        source: "a usual reading of training; Brock et al. 2019 (BigGAN), section 4, watch the largest singular values instead.",
    },
    ReadingDoc {
        name: "discriminator/weight_norm",
        doc: "the size of D's parameters",
        formula: "sqrt(mean of theta^2) over all trained parameters of D.",
        range: "0 and above; see `generator/weight_norm`.",
        direction: Direction::None,
        better: "neither way.",
        wrong: "it grows and grows while accuracies are 1: D makes its logits larger because it can. At a clipping limit: every \
                weight is clipped.",
        source: "as `generator/weight_norm`.",
    },
    ReadingDoc {
        name: "generator/moment_norm",
        doc: "the size of the running mean of G's gradients, where its update keeps one",
        formula: "sqrt(mean of m^2), m the first moment of Adam and its like, or the velocity of momentum, of every parameter of G.",
        range: "0 and above; loss per unit of parameter (times the learning rate for a velocity).",
        direction: Direction::None,
        better: "neither way.",
        wrong: "far below the gradient's own size, `generator/gradient_norm` over the root of the number of parameters: gradients \
                cancel out from step to step, and G goes in circles. It grows by orders of magnitude: exploding gradients.",
        source: "Kingma and Ba 2015, algorithm 1: m, and section 2.1 on the ratio of signal to noise.",
    },
    ReadingDoc {
        name: "discriminator/moment_norm",
        doc: "the size of the running mean of D's gradients, where its update keeps one",
        formula: "sqrt(mean of m^2), as `generator/moment_norm`.",
        range: "0 and above; see `generator/moment_norm`.",
        direction: Direction::None,
        better: "neither way.",
        wrong: "see `generator/moment_norm`.",
        source: "Kingma and Ba 2015, algorithm 1.",
    },
    ReadingDoc {
        name: "generator/from_average",
        doc: "how far G is from its average over the run, beside its own size",
        formula: "|theta - average| / |theta| over all trained parameters of G; only where the run keeps an average.",
        range: "0 and above, a ratio.",
        direction: Direction::None,
        better: "neither way; small and falling where the players settle.",
        wrong: "it stays large while losses look steady: G goes round, and its average is somewhere inside the circle.",
        source: "Yazici et al. 2019, on averages of generators that circle an equilibrium.",
    },
    ReadingDoc {
        name: "generator/jacobian_norm",
        doc: "how far samples move with the latent point",
        formula: "sqrt(mean over points of |J|^2 / z_dims), J the Jacobian of the items by the latent point, of G as it plays; by \
                  differences along all axes, or along 64 drawn directions.",
        range: "0 and above; the data's values per unit of z, over all numbers of an item.",
        direction: Direction::None,
        better: "neither way; about the data's own spread over the root of the numbers of z that matter.",
        wrong: "it falls towards 0: G makes one item whatever it is given, a complete collapse. It grows by orders of magnitude: \
                samples jump.",
        source: "Odena et al. 2018, on the Jacobian of generators; Karras et al. 2020 (StyleGAN2), section 3.2.",
    },
    ReadingDoc {
        name: "generator/jacobian_rank",
        doc: "in how many directions samples move with the latent point",
        formula: "mean over points of (sum s^2)^2 / sum s^4, s the singular values of J of `generator/jacobian_norm`: the participation \
                  ratio. Points that samples do not move about are left out.",
        range: "1 to the smallest of z_dims, 64 and the numbers of an item; a count of directions.",
        direction: Direction::None,
        better: "neither way; not far below the directions that the data have.",
        wrong: "it falls to 1: samples lie on a line, on the way to a collapse. With 64 drawn directions it is an average over those.",
        source: "Odena et al. 2018, section 3, on its condition number; the participation ratio of Bell and Dean 1970.",
    },
    ReadingDoc {
        name: "game/attraction",
        doc: "how far the game's field pulls the players inwards",
        formula: "xi . H xi / |xi|^2, xi being all players' gradients, H its Jacobian; H xi by the difference of the field on either side \
                  along itself, on one batch.",
        range: "any number, per unit of learning rate; 0 in a bilinear game.",
        direction: Direction::None,
        better: "neither way; above 0 the field gets smaller along the players' way, below 0 it grows.",
        wrong: "near 0 or below with a large `game/rotation`: the players circle, and simultaneous steps lead outwards.",
        source: "Balduzzi et al. 2018 and Berard et al. 2020, on the two parts of a game's Jacobian.",
    },
    ReadingDoc {
        name: "game/rotation",
        doc: "how far the game's field sends the players round",
        formula: "|H xi - a xi| / |xi|, a being `game/attraction`.",
        range: "0 and above, per unit of learning rate.",
        direction: Direction::None,
        better: "neither way; beside `game/attraction`, which a learning rate of about attraction over the square of both makes up for.",
        wrong: "many times `game/attraction`: losses swing. A scheme made for games (extragradient, optimistic) or a penalty such as R1 \
                damps it.",
        source: "Balduzzi et al. 2018, section 2; Mescheder et al. 2017.",
    },
];
