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
];
