"""A HyperQueue server with one worker (`hq.py serve FOLDER`), and what `hq submit` does, over the package's client
(`hq.py submit FOLDER submit --array=1-N ... -- COMMAND...`)."""

import re
import sys
from pathlib import Path

from hyperqueue.client import Client
from hyperqueue.cluster import LocalCluster, WorkerConfig
from hyperqueue.job import Job


def serve(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with LocalCluster(str(folder), WorkerConfig(cores=2)):
        (folder / "ready").touch()
        # Until whoever began it is gone.
        sys.stdin.read()


def submit(folder, arguments):
    split = arguments.index("--")
    options, command = arguments[1:split], arguments[split + 1 :]
    assert arguments[0] == "submit" and all(option.startswith("--") for option in options), arguments
    values = dict(option[2:].split("=", 1) for option in options)
    first, last = map(int, re.fullmatch(r"(\d+)-(\d+)", values["array"]).groups())
    job = Job()
    for task in range(first, last + 1):
        place = {"%{JOB_ID}": "1", "%{TASK_ID}": str(task)}
        outputs = {}
        for name in ("stdout", "stderr"):
            path = values[name]
            for key, value in place.items():
                path = path.replace(key, value)
            outputs[name] = path
        job.program(command, **outputs)
    print("submitted", Client(str(folder)).submit(job))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[2]))
    else:
        submit(Path(sys.argv[2]), sys.argv[3:])
