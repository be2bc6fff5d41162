"""Runs an hour: a study of 16 ring8 runs beside the same 16 runs in PyTorch, one process a core, one thread each, by turns.

    python throughput.py GANATOMY PEERS [--steps 3000] [--rounds 2] [--workers 2]

GANATOMY is the program, PEERS the folder that holds bench_pytorch.py (its workload ring8: batch 512, z of 256, two layers of
128 in each player, Adam). A run of PyTorch is a process, as people start them, and writes its losses and its last weights; a run of the study
has a folder with readings, modes counted, a checkpoint and samples. Prints the seconds of every round and the ratio of medians. Needs torch.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

STUDY = """name = "throughput"
base = "spec.toml"
budget = {{ steps = {steps} }}
seeds = 16
score = {{ reading = "samples/n_modes" }}
[[arm]]
name = "ring8"
"""
SPEC = """batch = 512
generator = { kind = "mlp", z_dims = 256, hidden = [128, 128], activation = "tanh", update = { kind = "adam", lr = 1e-3, beta1 = 0.5 } }
discriminator = { kind = "mlp", hidden = [128, 128], activation = "tanh", update = { kind = "adam", lr = 1e-4, beta1 = 0.5 } }
average = { kind = "none" }
samples = { every_steps = 1000000 }
checkpoint = { every_steps = 0 }
"""
RUN = """
import contextlib, sys, torch
sys.path.insert(0, sys.argv[1])
import bench_pytorch as reference
torch.set_num_threads(1)
torch.manual_seed(int(sys.argv[2]))
step = reference.WORKLOADS["ring8"][0]("eager", contextlib.nullcontext)
for _ in range(int(sys.argv[3])):
    step()
torch.save({"seed": int(sys.argv[2])}, sys.argv[4])
"""


def ours(program, steps, workers):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study.toml").write_text(STUDY.format(steps=steps))
        (Path(folder) / "spec.toml").write_text(SPEC)
        begun = time.perf_counter()
        command = [program, "study", "run", "study.toml", "--out", "out", f"--launch=local:{workers}"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        wall = time.perf_counter() - begun
        status = subprocess.run([program, "study", "status", "out", "--json"], cwd=folder, check=True, capture_output=True)
        trained = sum(count["secs"] for count in json.loads(status.stdout)["counts"])
        print(f"beside training, of the workers' time: {100 * (1 - trained / (wall * workers)):.2f} %")
        return wall


def theirs(peers, steps, workers):
    with tempfile.TemporaryDirectory() as folder:
        def run(seed):
            command = [sys.executable, "-c", RUN, peers, str(seed), str(steps), f"{folder}/{seed}.pt"]
            subprocess.run(command, check=True, capture_output=True)

        begun = time.perf_counter()
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, range(16)))
        return time.perf_counter() - begun


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("peers")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    a = parser.parse_args()
    program = str(Path(a.program).resolve())
    rows = []
    for _ in range(a.rounds):
        rows.append((ours(program, a.steps, a.workers), theirs(a.peers, a.steps, a.workers)))
        print(f"16 runs of {a.steps} steps: study {rows[-1][0]:.1f} s, PyTorch {rows[-1][1]:.1f} s", flush=True)
    mine, other = (statistics.median(column) for column in zip(*rows))
    print(f"runs an hour: {16 * 3600 / mine:.0f} against {16 * 3600 / other:.0f}, ratio {other / mine:.2f}")


if __name__ == "__main__":
    main()
