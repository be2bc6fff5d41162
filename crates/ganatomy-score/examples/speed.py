"""Times Ganatomy's scores beside pytorch-fid and prdc: the same features and threads, by turns, every run a process of its own.

    python speed.py PATH-OF-SPEED [--n 10000] [--dims 2048] [--threads 2] [--rounds 5] [--only fid|balls]

PATH-OF-SPEED is the example beside this file, built by `cargo build --release -p ganatomy-score --example speed`.
Needs: pip install numpy scipy prdc pytorch-fid torch torchvision. Without pytorch-fid its formula is taken: NumPy's covariances, SciPy's root.
Only the scores are timed, neither reading the features nor starting. Prints every run, and then the ratio of the medians.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

PEER = r"""
import json, resource, sys, time
import numpy as np
what, a, b = sys.argv[1], np.load(sys.argv[2]), np.load(sys.argv[3])
if what == "fid":
    try:
        from pytorch_fid.fid_score import calculate_frechet_distance as frechet
    except ImportError:
        import scipy.linalg
        def frechet(m, s, n, t):
            root = scipy.linalg.sqrtm(s @ t).real
            return (m - n) @ (m - n) + np.trace(s) + np.trace(t) - 2 * np.trace(root)
    start = time.time()
    found = {"fid": float(frechet(a.mean(0), np.cov(a, rowvar=False), b.mean(0), np.cov(b, rowvar=False)))}
else:
    from prdc import compute_prdc
    start = time.time()
    found = {name: float(x) for name, x in compute_prdc(a, b, 5).items()}
found["seconds"] = round(time.time() - start, 3)
found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps(found))
"""


def features(folder, n, dims):
    """Two sets of rectified sums of few causes, as the pooled features of a network are; the second is a little off."""
    import numpy as np

    random = np.random.default_rng(0)
    mix = random.standard_normal((256, dims)).astype("f") / 16
    paths = []
    for i, name in enumerate("ab"):
        causes = random.standard_normal((n, 256)).astype("f") * (1 + 0.1 * i)
        own = random.standard_normal((n, dims)).astype("f")
        paths.append(os.path.join(folder, f"{name}.npy"))
        np.save(paths[-1], np.maximum(causes @ mix + 0.3 * own + 0.05 * i, 0))
    return paths


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("speed")
    for name, usual in [("n", 10000), ("dims", 2048), ("threads", 2), ("rounds", 5)]:
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--only", choices=["fid", "balls"])
    asked = parser.parse_args()
    threads = {name: str(asked.threads) for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]}
    with tempfile.TemporaryDirectory() as folder:
        paths = features(folder, asked.n, asked.dims)
        for what in [asked.only] if asked.only else ["fid", "balls"]:
            commands = {
                "ganatomy": [asked.speed, what, *paths, str(asked.threads)],
                "peer": [sys.executable, "-c", PEER, what, *paths],
            }
            seconds = {name: [] for name in commands}
            for _ in range(asked.rounds):
                for name, command in commands.items():
                    made = subprocess.run(command, env=os.environ | threads, check=True, capture_output=True, text=True)
                    line = json.loads(made.stdout.strip().splitlines()[-1])
                    seconds[name].append(line["seconds"])
                    print(what, name, json.dumps(line), flush=True)
            ours, theirs = (statistics.median(seconds[name]) for name in ["ganatomy", "peer"])
            print(f"{what}: {ours:.2f} s beside {theirs:.2f} s, {theirs / ours:.2f} times as fast", flush=True)


main()
