"""Works out all tables of reference numbers, or those named: `run.py`, `run.py hinge adam`, `run.py --check`.

Needs Python with `jax` and `numpy`; everything is computed in float64 on the CPU.
"""

import sys

try:
    import jax
except ImportError:
    sys.exit("run.py needs the Python packages jax and numpy: python -m pip install jax numpy")

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

import averages, imle, looks, losses, networks, penalties, remedies, schedules, schemes, scores, small, updates, vae  # noqa: E402, F401
from tables import ROOT, TABLES, path, text  # noqa: E402


def main():
    names = [arg for arg in sys.argv[1:] if not arg.startswith("--")]
    check = "--check" in sys.argv
    known = {part for names_of in TABLES for part in names_of}
    if unknown := [name for name in names if name not in known]:
        print(f"there is no table of {unknown[0]!r}; there are those of {', '.join(sorted(known))}", file=sys.stderr)
        return 2
    differ = []
    for kind, name in TABLES:
        if names and name not in names and kind not in names:
            continue
        place, made = path(kind, name), text(kind, name)
        if check:
            if not place.exists() or place.read_text() != made:
                differ.append(place)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(made)
            print(place.relative_to(ROOT))
    if check:
        print("\n".join(f"{place.relative_to(ROOT)} differs" for place in differ) or "all tables agree")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
