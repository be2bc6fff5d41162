//! Readings of samples beside the data, where nothing is known of the data but its items.

use ganatomy_record::Direction;

use super::ReadingDoc;

/// The table.
pub(super) const ROWS: &[ReadingDoc] = &[
    ReadingDoc {
        name: "samples/bin_share/*",
        doc: "the share of samples in one of the bins that the data are cut into",
        formula: "share of samples whose nearest centre is this bin's. The bins are 20 clusters of 2,000 real items (k-means; fewer \
                  where there are fewer than ten items a bin), images averaged down to at most 16 by 16 pixels. They are the same \
                  for every run on the data.",
        range: "0 to 1, a share; all together are 1.",
        direction: Direction::None,
        better: "neither way; near to the data's share, from which `samples/bins_js` is the distance.",
        wrong: "one goes to 1 and the others to 0: collapse. Two swing against each other: G goes round.",
        source: "Richardson and Weiss 2018 (NDB), with few bins.",
    },
    ReadingDoc {
        name: "samples/bins_held",
        doc: "the share of the data that samples reach, by bins",
        formula: "sum of p_k over the bins with q_k >= p_k / 5; p_k are the shares of the data in the bins of \
                  `samples/bin_share/*`, q_k those of the samples.",
        range: "0 to 1, a share of the data; 1 for real items.",
        direction: Direction::Up,
        better: "higher is better; samples far from all data fall into bins as well, so read it beside `samples/near_data`.",
        wrong: "it falls and stays low: mode collapse, whether or not modes or classes are known. Low from the start and rising: \
                the run is young.",
        source: "the bins of Richardson and Weiss 2018; a fifth, so that the chance of a few samples does not count.",
    },
    ReadingDoc {
        name: "samples/bins_js",
        doc: "how far the samples' shares of the bins are from the data's",
        formula: "Jensen-Shannon divergence of p_k and q_k of `samples/bins_held`: (KL(p | m) + KL(q | m)) / 2, m = (p + q) / 2.",
        range: "0 to ln 2 = 0.693, in nats; about 0.006 for 512 real items.",
        direction: Direction::Down,
        better: "lower is better; it does not see how good samples are within a bin.",
        wrong: "above 0.4: most of the data are missing. It swings while `samples/bins_held` stays low: modes rotate.",
        source: "Richardson and Weiss 2018 (NDB); the score `ndb` has the same with more bins.",
    },
    ReadingDoc {
        name: "samples/bins_kl",
        doc: "how far the samples' shares of the bins are from the data's, as samples see it",
        formula: "KL(q | p) = sum of q_k ln(q_k / p_k) of `samples/bins_held`; exp(-KL) is the share of the bins that samples hold, \
                  as if they were even.",
        range: "0 and above, in nats; about 0.02 for 512 real items.",
        direction: Direction::Down,
        better: "lower is better; a bin without samples counts only by what the others have too much.",
        wrong: "0.7: half of the data are missing, or samples crowd as much where some bins are.",
        source: "Richardson and Weiss 2018 (NDB); the divergence of `samples/reverse_kl`.",
    },
    ReadingDoc {
        name: "samples/nearest_classes_kl",
        doc: "how far the samples' classes are from the data's, each sample being of the class of its nearest real item",
        formula: "KL(samples || data) of the classes; each sample is of the class of the nearest of 2,000 labelled real items, images \
                  averaged down to at most 16 by 16. Of labelled data of at most 32 classes, without known modes; no classifier is trained.",
        range: "0 to ln K and above, in nats.",
        direction: Direction::Down,
        better: "lower is better; `samples/reverse_kl` of the probe `classes` tells classes better.",
        wrong: "it climbs: samples are of few classes, and others are gone.",
        source: "the nearest neighbour as a classifier (Cover and Hart 1967).",
    },
    ReadingDoc {
        name: "samples/centre/*",
        doc: "where the samples of 128 latent points lie on average, along two directions",
        formula: "(mean of the samples - mean of the data) . u / width, the latent points being the same at every reading, of a G that is told no class; u are the \
                  axes of a plane, and two random directions of more numbers; the width is the root mean square distance of \
                  real items from their mean. Images are averaged down to at most 16 by 16.",
        range: "any number, in widths of the data; about 0 for a generator that is as the data.",
        direction: Direction::None,
        better: "nearest to 0.",
        wrong: "it swings about its mean by a quarter and more: the players go round. It stands still while samples are bad: G \
                does not move.",
        source: "the paths of Mescheder et al. 2018, figure 2, of samples in place of parameters.",
    },
    ReadingDoc {
        name: "samples/spread",
        doc: "how wide the samples of 128 latent points are, beside the data",
        formula: "root mean square distance of the samples from their own mean, divided by the same of real items; the latent points \
                  are the same at every reading.",
        range: "0 and above, a ratio; 1 for real items.",
        direction: Direction::None,
        better: "nearest to 1.",
        wrong: "near 0: all samples are alike. Far above 1: samples are flung out.",
        source: "as `samples/diversity`, of which it is the cheap sister.",
    },
    ReadingDoc {
        name: "samples/diversity",
        doc: "how far two samples are apart, beside two real items",
        formula: "mean |x - y| over all pairs of samples, divided by the same of 512 real items; images averaged down to at most 16 \
                  by 16.",
        range: "0 and above, a ratio; 1 for real items.",
        direction: Direction::None,
        better: "nearest to 1. Above it samples scatter, or are out of the data's range.",
        wrong: "near 0: all samples are alike, a complete collapse. It falls while the losses look well: a partial one.",
        source: "the score `diversity`; the idea of a batch's own spread is that of Karras et al. 2018, section 3.",
    },
    ReadingDoc {
        name: "samples/near_data",
        doc: "the share of samples that are as near to real items as other real items are",
        formula: "share of samples whose distance to the nearest of 512 real items is at most the 95th percentile of the same \
                  distance of other real items, held-out ones where there are any.",
        range: "0 to 1, a share; 0.95 for real items.",
        direction: Direction::None,
        better: "higher is better up to 0.95. Blurred or copied samples may reach 1.",
        wrong: "near 0 long after the start: samples look like nothing in the data. It falls from where it was: the run is past \
                its best.",
        source: "the precision of Kynkäänniemi et al. 2019 with one radius for all items.",
    },
    ReadingDoc {
        name: "samples/nearer",
        doc: "whether samples are nearer to training items than held-out items are",
        formula: "share of pairs of a sample and a held-out item in which the sample is nearer to its nearest training item, of at \
                  most 4,000; only where items are held out and at most 20,000 are trained on.",
        range: "0 to 1, a share; 0.5 without memorisation.",
        direction: Direction::None,
        better: "nearest to 0.5.",
        wrong: "it climbs towards 1: G copies its training items. Near 0: samples are farther from the data than data are. Blurred \
                samples may be near to all items: look at the nearest ones.",
        source: "Meehan, Chaudhuri and Dasgupta 2020; the score `memorised` says more.",
    },
    ReadingDoc {
        name: "samples/copies",
        doc: "the share of samples that are much nearer to a training item than other real items are",
        formula: "share of samples whose distance to the nearest training item is less than 0.3 of the middle distance of held-out \
                  items; read where `samples/nearer` is.",
        range: "0 to 1, a share; of real items a few hundredths, more in one or two dimensions.",
        direction: Direction::Down,
        better: "lower is better.",
        wrong: "0.3 and more: G has learned its training items by heart.",
        source: "Meehan, Chaudhuri and Dasgupta 2020; a bound as of Carlini et al. 2023, section 5, on distances of pixels.",
    },
    ReadingDoc {
        name: "samples/one_number",
        doc: "how well a threshold on one single number tells samples from real items",
        formula: "1/2 + max |F_real - F_samples| / 2 over at most 4,096 numbers of an item and all thresholds, F being shares below \
                  the threshold. Numbers that differ by less than a tenth of the data's standard deviation count as equal.",
        range: "0.5 to 1, a balanced accuracy. Of 512 real items chance gives 0.52 on one number and 0.55 on hundreds.",
        direction: Direction::Down,
        better: "lower is better.",
        wrong: "1 for long: D needs one number alone, such as an image's padding or a wrong range of values, and teaches G nothing \
                else. It is near 1 in the first steps of every run.",
        source: "the distance of Kolmogorov and Smirnov, place by place.",
    },
    ReadingDoc {
        name: "samples/saturated",
        doc: "how much more of the samples' values are at an end of the range than of the data's",
        formula: "share of the values of samples with |x| >= 0.999, minus the same share of real images; images only, which a \
                  generator makes between -1 and 1.",
        range: "-1 to 1, a difference of shares; 0 for real images.",
        direction: Direction::None,
        better: "nearest to 0; below it where the data have pure black or white that the generator only comes near to.",
        wrong: "it climbs far above 0: the last tanh is saturated, passes hardly any slope, and G cannot come back.",
        source: "the slope of tanh is 1 - x^2, 0.002 at 0.999.",
    },
    ReadingDoc {
        name: "samples/out_of_reach",
        doc: "the share of the data's values that no generator of images can make",
        formula: "share of the values of 512 real images with |x| > 1.001, where a generator makes -1 to 1.",
        range: "0 to 1, a share; the same at every reading.",
        direction: Direction::None,
        better: "0, as of all image sets that there are.",
        wrong: "above 0: images have a wrong range of values, and D needs to look at nothing else.",
        source: "the range of tanh.",
    },
];
