"""The small games, played by alternating gradient descent: who owns what, and what each minimises."""

import jax
import jax.numpy as jnp
import numpy as np

from game import softplus
from tables import table

LR = 0.07


def small(name, start, players, usual=True, **fields):
    """`players` is a list of pairs: what a player owns, and what it minimises as a function of all. A start that is not the
    game's usual one stands in the table."""

    def make():
        spec = {"steps": 5, "game.kind": name} | fields | {"update.kind": "sgd", "update.lr": LR}
        at, after = {label: jnp.array(x) for label, x in start.items()}, []
        for _ in range(5):
            for owns, loss in players:
                own = {label: at[label] for label in owns}
                slope = jax.grad(lambda own: loss(at | own))(own)
                at = at | {label: at[label] - LR * slope[label] for label in owns}
            after.append({label: value for name, x in at.items() for label, value in coordinates(name, x)})
        before = {} if usual else {label: value for name, x in start.items() for label, value in coordinates(name, x)}
        return spec, before, after

    table("small game", name)(make)


def coordinates(name, x):
    flat = np.asarray(x).ravel()
    return [(name if flat.size == 1 else f"{name}{i + 1}", value) for i, value in enumerate(flat)]


def zero_sum(value):
    return lambda at: -value(at), value


# Hui (2018); Chavdarova et al. (2021), section 4.1
first, second = zero_sum(lambda at: 0.7 * jnp.sum(at["x"] * at["y"]))
small("bilinear", {"x": np.ones(2), "y": np.ones(2)}, [(["x"], first), (["y"], second)], **{"game.dims": 2, "game.scale": 0.7})

# Mescheder et al. (2018), definition 2.1 with R1, psi with the other sign
small(
    "dirac", {"theta": 1.0, "psi": -1.0},
    [
        (["psi"], lambda at: softplus(0.0) + softplus(at["psi"] * at["theta"]) + 0.3 / 2 * at["psi"] ** 2),
        (["theta"], lambda at: softplus(-at["psi"] * at["theta"])),
    ],
    **{"loss.kind": "non-saturating", "remedies.r1.gamma": 0.3},
)  # fmt: skip

# Daskalakis et al. (2018), section 2.1
first, second = zero_sum(lambda at: at["w"] @ (jnp.array([3.0, 4.0]) - at["theta"]))
small("gaussian-mean", {"w": 1.4 * np.ones(2), "theta": 1.7 * np.ones(2)}, [(["w"], first), (["theta"], second)])

# Daskalakis et al. (2018), section 5
first, second = zero_sum(lambda at: jnp.sum(at["w"] * (jnp.array([[2.0, 1.0], [1.0, 1.0]]) - at["v"] @ at["v"].T)))
begin = {"w": np.array([[0.1, 0.3], [-0.2, 0.1]]), "v": np.array([[1.0, 0.4], [-0.3, 0.8]])}
small("gaussian-covariance", begin, [(["w"], first), (["v"], second)], usual=False)

# Balduzzi et al. (2018), section 4.1
small(
    "quadratic", {"x": 1.0, "y": 1.0},
    [
        (["x"], lambda at: at["x"] ** 2 / 2 + 10 * at["x"] * at["y"]),
        (["y"], lambda at: at["y"] ** 2 / 2 - 10 * at["x"] * at["y"]),
    ],
)  # fmt: skip


# Letcher et al. (2019), section 5.1
def of_four(i):
    def loss(at):
        p = [at[f"p{j}"] for j in (1, 2, 3, 4)]
        return 0.01 / 2 * p[i] ** 2 + p[i] * (sum(p[i + 1 :]) - sum(p[:i]))

    return loss


small("four-player", {"p1": 1.0, "p2": 0.5, "p3": -0.5, "p4": -1.0}, [([f"p{i + 1}"], of_four(i)) for i in range(4)])
