"""Tables of reference numbers: where they lie, and how they are written."""

from pathlib import Path

import numpy as np

import philox

ROOT = Path(__file__).resolve().parents[2]
#: Every table by its kind and name, as what makes its parts: a spec, what goes in, and what comes out of each step.
TABLES = {}


def table(kind, name):
    """Registers the function below as the maker of a table."""

    def register(make):
        assert (kind, name) not in TABLES, f"{kind} {name} stands twice"
        TABLES[kind, name] = make
        return make

    return register


def path(kind, name):
    crate = {"probe": "train", "look": "train", "score": "score"}.get(kind, "game")
    return ROOT / f"crates/ganatomy-{crate}/reference/{kind.replace(' ', '-')}/{name}.toml"


def text(kind, name):
    spec, before, after, *more = TABLES[kind, name]()
    lines = [
        f'# Reference numbers of the {kind} "{name}", worked out in float64 by xtask/reference/ and compared by the exam',
        "# (docs/testing.md). Do not edit: run `python xtask/reference/run.py`.",
    ]
    if spec:
        lines += ['spec = """'] + [f"{field} = {value(x)}" for field, x in spec.items()] + ['"""']
    lines += [f"{field} = {value(x)}" for field, x in (more[0] if more else {}).items()]
    lines += block("[before]", before)
    for step in after:
        lines += block("[[after]]", step)
    return "\n".join(lines) + "\n"


def block(title, numbers):
    return ["", title] + [f'"{name}" = {value(numbers[name])}' for name in sorted(numbers)] if numbers else []


def value(x):
    if isinstance(x, bool):
        return str(x).lower()
    if isinstance(x, str):
        return f'"{x}"'
    if isinstance(x, int):
        return str(x)
    if isinstance(x, dict):
        return "{}"
    if isinstance(x, (list, tuple)):
        return "[" + ", ".join(value(y) for y in x) + "]"
    x = np.asarray(x, dtype=np.float64)
    return number(x.item()) if x.size == 1 else "[" + ", ".join(number(y) for y in x.ravel()) + "]"


def number(x):
    x = float(f"{x:.9g}") + 0.0
    return repr(x)


def start(name, shape, scale=1.0):
    """Numbers that go in: of three decimals, between -scale and scale, a function of their name."""
    n = int(np.prod(shape, dtype=int))
    drawn = philox.uniform(0, f"reference {name}", 0, n)
    return np.round(scale * (2 * np.array(drawn) - 1), 3).reshape(shape)
