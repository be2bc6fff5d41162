"""The scores of samples."""

import numpy as np

from tables import start, table


def kl(p, q):
    p, q = np.asarray(p, float), np.asarray(q, float)
    return float(np.sum([a * np.log(a / b) for a, b in zip(p, q) if a > 0]))


def mode_scores(samples, centres, std, high_quality_stds=3.0, real_share=0.9):
    """Srivastava et al. (2017); Lin et al. (2018), and the divergence of the histogram with a bin for bad samples."""
    samples, k = np.asarray(samples), len(centres)
    distances = np.linalg.norm(samples[:, None] - centres[None], axis=2)
    nearest, near = np.argmin(distances, axis=1), np.min(distances, axis=1) < high_quality_stds * std
    at_modes = np.array([np.sum(near & (nearest == mode)) for mode in range(k)])
    of_nearest = [np.mean(nearest == mode) for mode in range(k)]
    share = np.mean(near)
    return {
        "n_modes": np.sum(at_modes > 0), "high_quality_share": share, "reverse_kl": kl(of_nearest, np.full(k, 1 / k)),
        "quality_kl": kl([*at_modes / len(samples), 1 - share], [*np.full(k, real_share / k), 1 - real_share]),
        "at_modes": at_modes,
    }  # fmt: skip


@table("score", "modes")
def modes():
    samples, centres = start("samples", (24, 2)), np.array([[-0.5, 0.5], [0.5, 0.5], [0.0, -0.5]])
    return {}, {"samples": samples, "centres": centres, "std": 0.15, "real_share": 0.9}, [mode_scores(samples, centres, 0.15)]


@table("score", "classes")
def classes():  # Salimans et al. (2016)
    weights = np.exp(2 * start("classes", (9, 3)))
    p = np.round(weights / weights.sum(axis=1, keepdims=True), 3)
    p[:, 2] = np.round(1 - p[:, 0] - p[:, 1], 3)
    truth = np.array([0.5, 0.3, 0.2])
    named = np.argmax(p, axis=1)
    shares = [np.mean(named == c) for c in range(3)]
    score = np.exp(np.mean([kl(row, p.mean(axis=0)) for row in p]))
    found = {"shares": shares, "n_classes": sum(s > 0 for s in shares), "reverse_kl": kl(shares, truth), "classifier_score": score}
    return {}, {"probabilities": p, "truth": truth}, [found]


@table("score", "channels")
def channels():  # Srivastava et al. (2017), with the data's own shares
    counts, shares = np.array([5, 0, 2, 1, 0, 3, 7, 4, 1]), np.array([0.5, 0.3, 0.2])
    return {}, {"counts": counts, "shares": shares}, [
        {"n_modes": np.sum(counts > 0), "reverse_kl": kl(counts / counts.sum(), np.outer(shares, shares).ravel())}
    ]
