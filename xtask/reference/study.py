"""Works out what the statistics of studies are compared with, by scipy and rliable: `study.py`, `study.py --check`.

Needs Python with `scipy`, `rliable` and `arch`: a venv of their own, since the tables of `run.py` need neither. Numbers that are drawn
(bootstrap intervals) come from 50,000 resamples of one seed, and are compared with a tolerance.
"""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
from rliable import library, metrics
from scipy import stats

PLACE = Path(__file__).resolve().parents[2] / "crates/ganatomy-study/reference/stats.toml"

#: Runs of arms, as scores: higher is better. `ties` are counts of modes.
SETS = {
    "five": [7.31, 6.02, 7.9, 5.5, 7.12],
    "six": [8.05, 7.64, 9.13, 7.2, 8.81, 8.4],
    "ten": [0.31, 0.44, 0.29, 0.52, 0.47, 0.38, 0.91, 0.35, 0.41, 0.4],
    "ties": [8.0, 8.0, 7.0, 8.0, 6.0, 8.0, 8.0],
    "more_ties": [7.0, 6.0, 6.0, 8.0, 5.0, 6.0, 4.0, 6.0],
}
#: Three settings (columns: rliable's tasks, our strata) of eight seeds.
STRATA = np.array(
    [[1.2, 5.1, 9.7], [1.9, 4.2, 9.1], [0.8, 4.9, 8.3], [1.4, 5.6, 9.9], [2.2, 3.9, 9.4], [1.1, 4.4, 7.8], [1.7, 5.0, 9.0], [1.5, 4.7, 8.8]]
)
RESAMPLES = 50_000


def interval(scores, statistic):
    """rliable's percentile interval: runs are drawn within each task."""
    scores = np.asarray(scores, float)
    table = scores[:, None] if scores.ndim == 1 else scores
    found = library.get_interval_estimates(
        {"arm": table}, lambda x: np.array([statistic(x)]), reps=RESAMPLES, random_state=np.random.RandomState(7)
    )
    return found[1]["arm"].ravel()


def permutation(x, y):
    """The two-sided p of the rank sum, by scipy's permutation test over every way to deal the values (twice the smaller tail)."""
    both = np.concatenate([x, y])
    ranks = stats.rankdata(both)
    found = stats.permutation_test(
        (ranks[: len(x)], ranks[len(x) :]), lambda a, b: np.sum(a), permutation_type="independent", n_resamples=np.inf
    )
    return found.pvalue


def beats(x, y):
    # rliable's probability of improvement of one task.
    improvement = metrics.probability_of_improvement(np.array(x)[:, None], np.array(y)[:, None])
    asymptotic = stats.mannwhitneyu(x, y, method="asymptotic").pvalue
    return [improvement, permutation(x, y), asymptotic]


def expected_best(values, n):
    """Dodge et al. (2019): the mean of the best of n draws with replacement, by their distribution written out."""
    values, total = np.sort(values), len(values)
    cdf = np.searchsorted(values, values, side="right") / total
    points, first = np.unique(values, return_index=True)
    at = cdf[first] ** n
    return float(np.sum(points * np.diff(np.concatenate([[0.0], at]))))


def holm(p):
    """Holm (1979), by its definition as closed testing: the largest Bonferroni p of all sets of hypotheses that hold one."""
    sets = [s for k in range(1, len(p) + 1) for s in combinations(range(len(p)), k)]
    return [max(min(1.0, len(s) * min(p[j] for j in s)) for s in sets if i in s) for i in range(len(p))]


def tables():
    yield "sets", SETS
    yield "strata", {"columns": STRATA.T.tolist()}
    yield "median", {name: np.median(values) for name, values in SETS.items()}
    yield "interquartile_mean", {name: metrics.aggregate_iqm(np.array(values)[:, None]) for name, values in SETS.items()}
    pooled = STRATA.ravel()
    yield "stratified", {
        "median": [np.median(pooled), *interval(STRATA, np.median)],
        "interquartile_mean": [stats.trim_mean(pooled, 0.25), *interval(STRATA, lambda x: stats.trim_mean(x, 0.25, axis=None))],
    }
    yield "one_stratum", {
        "median": [np.median(SETS["ten"]), *interval(SETS["ten"], np.median)],
        "interquartile_mean": [
            stats.trim_mean(SETS["ten"], 0.25), *interval(SETS["ten"], lambda x: stats.trim_mean(x, 0.25, axis=None))
        ],
    }  # fmt: skip
    wilson = lambda k, n: list(stats.binomtest(k, n).proportion_ci(0.95, method="wilson"))
    yield "wilson", {f"{k}_of_{n}": wilson(k, n) for k, n in [(0, 5), (1, 10), (7, 10), (30, 30), (250, 1000)]}
    pairs = [("six", "five"), ("five", "six"), ("ties", "more_ties"), ("ten", "five"), ("five", "five")]
    yield "beats", {f"{a}-{b}": beats(SETS[a], SETS[b]) for a, b in pairs}
    rng = np.random.RandomState(3)
    large = [np.round(rng.normal(0.0, 1.0, 80), 1), np.round(rng.normal(0.3, 1.4, 90), 1)]
    yield "large", {"x": large[0], "y": large[1], "found": beats_large(*large)}
    p = [0.01, 0.04, 0.03, 0.005, 0.2, 0.04]
    yield "holm", {"p": p, "adjusted": holm(p)}
    taus = [0.3, 0.4, 0.45, 0.9, 0.91]
    profile = library.create_performance_profile({"arm": np.array(SETS["ten"])[:, None]}, np.array(taus), reps=100)[0]["arm"]
    yield "profile", {"taus": taus, "shares": profile}
    yield "expected_best", {f"{n}": expected_best(SETS["ten"], n) for n in (1, 2, 3, 5, 10)}
    yield "expected_best_ties", {f"{n}": expected_best(SETS["more_ties"], n) for n in (1, 2, 4)}
    yield "survival", {f"{z}": 2 * stats.norm.sf(z) for z in (0.0, 0.5, 1.0, 1.959963984540054, 3.0, 5.0, 9.0)}


def beats_large(x, y):
    """U / (n m), p by the normal approximation, and DeLong's standard error from the placements."""
    u = stats.mannwhitneyu(x, y, method="asymptotic")
    wins = (x[:, None] > y[None]) + 0.5 * (x[:, None] == y[None])
    error = np.sqrt(wins.mean(axis=1).var(ddof=1) / len(x) + wins.mean(axis=0).var(ddof=1) / len(y))
    assert np.isclose(u.statistic / (len(x) * len(y)), wins.mean())
    return [wins.mean(), u.pvalue, error]


def value(x):
    if isinstance(x, (list, tuple, np.ndarray)):
        return "[" + ", ".join(value(y) for y in x) + "]"
    return repr(float(f"{float(x):.12g}") + 0.0)


def text():
    lines = ["# What the statistics are compared with, by scipy and rliable. Do not edit: run `python xtask/reference/study.py`."]
    for name, entries in tables():
        lines += ["", f"[{name}]"] + [f'"{key}" = {value(x)}' for key, x in entries.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    made = text()
    if "--check" in sys.argv:
        same = PLACE.exists() and PLACE.read_text() == made
        sys.exit(None if same else f"{PLACE} differs")
    PLACE.parent.mkdir(exist_ok=True)
    PLACE.write_text(made)
