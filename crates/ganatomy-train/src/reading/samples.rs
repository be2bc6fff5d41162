//! Readings of samples: modes, classes, quality.

use ganatomy_record::Direction;

use super::ReadingDoc;

/// The table.
pub(super) const ROWS: &[ReadingDoc] = &[
    ReadingDoc {
        name: "samples/n_modes",
        doc: "how many modes of the data have at least one sample",
        formula: "modes that are nearest to at least one sample of high quality (see `samples/high_quality_share`); of \
                  stacked images, combinations of classes that at least one sample shows.",
        range: "0 to the number of modes; a count. It depends on `n_samples`: 2500 as published for points, 25,600 for stacks.",
        direction: Direction::Up,
        better: "higher is better; but one sample is enough for a mode, so read it beside the high-quality share.",
        wrong: "it falls and stays low: mode collapse. It wanders from one mode to another at a count of 1: the players \
                chase each other. High with a share near 0: samples are strewn everywhere and some hit modes by chance.",
        source: "Srivastava et al. 2017 (VEEGAN), section 4.1; Metz et al. 2017, appendix D, for stacks.",
    },
    ReadingDoc {
        name: "samples/high_quality_share",
        doc: "the share of samples that are at a mode",
        formula: "share of samples within 3 standard deviations of the nearest mode's centre (more where the data say so: \
                  `data.high_quality_stds`).",
        range: "0 to 1, a share. Real samples of a mixture in the plane have 1 - exp(-4.5) = 0.989.",
        direction: Direction::Up,
        better: "higher is better.",
        wrong: "near 0: samples lie between the modes, and whatever else is read of modes means little. Near 1 with few \
                modes: a collapse onto good samples.",
        source: "Srivastava et al. 2017 (VEEGAN), section 4.1.",
    },
    ReadingDoc {
        name: "samples/reverse_kl",
        doc: "how unevenly samples fall to the nearest modes or to classes, whatever their quality",
        formula: "sum_k p_k ln(p_k / q_k). Of points: p_k is the share of all samples whose nearest mode is k, however far \
                  it is, and q_k = 1 / K. Of labelled images: the shares of the classifier's classes in samples and in the \
                  data. Of stacks: the same for combinations of classes.",
        range: "0 to ln K for K modes of like share, in nats. Perfect samples have (K - 1) / (2 n) on average, not 0.",
        direction: Direction::Down,
        better: "lower is better among samples of like quality. Of points it is no score by itself: a cloud in the middle of \
                 a ring is near 0 with no mode captured. `samples/quality_kl` counts such samples as what they are, and chooses \
                 the best checkpoint there; of images the best checkpoint is chosen by this reading.",
        wrong: "ln K: all samples belong to one mode. Low with `samples/high_quality_share` near 0, or `samples/classifier_score` \
                near 1: samples are evenly bad.",
        source: "Lin et al. 2018 (PacGAN), section 4; Srivastava et al. 2017; Metz et al. 2017 for stacks.",
    },
    ReadingDoc {
        name: "samples/quality_kl",
        doc: "how far samples are from the data as shares of modes, with a share for those at no mode",
        formula: "sum_k g_k ln(g_k K / h') + (1 - h) ln((1 - h) / (1 - h')): g_k is the share of samples that are of high \
                  quality and nearest to mode k of K, h their sum, and h' the same share of real samples.",
        range: "0 upwards, in nats. One perfect mode of K: about ln K. No sample at a mode: ln(1 / (1 - h')), 4.5 for \
                mixtures in the plane.",
        direction: Direction::Down,
        better: "lower is better; the best checkpoint of data with known modes is the one of the lowest.",
        wrong: "4 and more: hardly any sample is at a mode, however even `samples/reverse_kl` finds them. Near ln K: collapse.",
        source: "the reverse KL of Lin et al. 2018 with one more bin for samples that Srivastava et al. 2017 call of low \
                 quality; by the chain rule it is KL of being at a mode, plus h times the KL of the modes there.",
    },
    ReadingDoc {
        name: "samples/n_classes",
        doc: "how many classes the classifier sees in samples",
        formula: "classes that are the likeliest for at least one sample.",
        range: "1 to the number of classes; a count.",
        direction: Direction::Up,
        better: "higher is better; but one sample is enough for a class.",
        wrong: "it falls: classes are lost, as in mode collapse. Noise too is given some class, so read it beside the \
                classifier score.",
        source: "as modes are counted by Srivastava et al. 2017, by a classifier in place of distances.",
    },
    ReadingDoc {
        name: "samples/classifier_score",
        doc: "how surely the classifier names samples, and how many names it needs",
        formula: "exp(mean_x KL(p(y|x) || p(y))), with the classifier's class probabilities p(y|x) and their mean p(y).",
        range: "1 to the number of classes. On ten classes of digits, real images reach about 9.8.",
        direction: Direction::Up,
        better: "higher is better; it does not see copies of training images, nor a collapse within a class.",
        wrong: "1: samples are all alike, or none looks like anything. It stops rising early: a class is missing.",
        source: "Salimans et al. 2016, section 4 (the Inception score), with a classifier of the data itself.",
    },
    ReadingDoc {
        name: "samples/mode_share/*",
        doc: "the share of samples that are nearest to one of the known modes",
        formula: "share of samples whose nearest mode is this one, however far it is; of at most 32 modes.",
        range: "0 to 1, a share; all together are 1.",
        direction: Direction::None,
        better: "neither way; nearest to one part in K.",
        wrong: "one goes to 1 and the others to 0: collapse. They change from reading to reading: modes rotate.",
        source: "the histogram of which `samples/reverse_kl` is the divergence.",
    },
    ReadingDoc {
        name: "samples/class_share/*",
        doc: "the share of samples that the classifier gives to one class",
        formula: "share of samples of which this class is the likeliest; the number is the class's place among the labels.",
        range: "0 to 1, a share; all together are 1.",
        direction: Direction::None,
        better: "neither way; near to the class's share in the data.",
        wrong: "one goes to 1 and the others to 0: collapse onto a class. Two swing against each other: G goes round.",
        source: "the histogram of which `samples/reverse_kl` is the divergence.",
    },
    ReadingDoc {
        name: "classifier/held_out_accuracy",
        doc: "the share of held-out items that the classifier of samples names rightly",
        formula: "mean of [likeliest class = label] over at most 10,000 held-out items, measured once.",
        range: "0 to 1, a share; 0.99 on handwritten digits.",
        direction: Direction::None,
        better: "neither way: it belongs to the measuring instrument and does not change within a run.",
        wrong: "below about 0.9: readings of classes are no better than the classifier that gives them.",
        source: "reported beside such scores by Metz et al. 2017 and Lin et al. 2018.",
    },
];
