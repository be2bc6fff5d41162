"""The update rules, each as its paper has it."""

from jax.numpy import maximum, sqrt

import schemes
from game import D, G, Gan
from tables import table


class Rule:
    """A rule as a function of a parameter, a gradient, what is kept of it, the learning rate and the number of the step."""

    def __init__(self, slots, step):
        self.slots, self.step = slots, step


def update(name, rule, base=Gan, kind=None, **fields):
    class Game(base):
        spec = {f"{who}.update.{field}": x for who in (D, G) for field, x in ({"kind": kind or name} | fields).items()}
        update = {D: rule, G: rule}

    if rule is None:
        Game.spec |= {f"{who}.update.lr": None for who in (D, G)}
    Game.spec = base.spec | Game.spec
    table("update", name)(lambda: Game().play())


def momentum(p, g, kept, lr, t, beta=-0.4):  # Polyak (1964)
    v = beta * kept[0] + g
    return p - lr * v, [v]


def rmsprop(p, g, kept, lr, t, beta=0.7, eps=1e-3):  # Tieleman and Hinton (2012)
    v = beta * kept[0] + (1 - beta) * g**2
    return p - lr * g / (sqrt(v) + eps), [v]


B1, B2, EPS = 0.6, 0.3, 1e-3


def moments(g, kept):
    return B1 * kept[0] + (1 - B1) * g, B2 * kept[1] + (1 - B2) * g**2


def stride(m, v, lr, t):
    return lr * (m / (1 - B1**t)) / (sqrt(v / (1 - B2**t)) + EPS)


def adam(p, g, kept, lr, t):  # Kingma and Ba (2015), algorithm 1
    m, v = moments(g, kept)
    return p - stride(m, v, lr, t), [m, v]


def adamw(p, g, kept, lr, t, decay=0.3):  # Loshchilov and Hutter (2019), algorithm 2, where the learning rate is the schedule
    moved, kept = adam(p, g, kept, lr, t)
    return moved - lr * decay * p, kept


def amsgrad(p, g, kept, lr, t):  # Reddi et al. (2018), algorithm 2, with Adam's corrections
    m, v = moments(g, kept)
    largest = maximum(kept[2], v)
    return p - stride(m, largest, lr, t), [m, v, largest]


def optimistic_adam(p, g, kept, lr, t):  # Daskalakis et al. (2018), algorithm 1
    m, v = moments(g, kept)
    now = stride(m, v, lr, t)
    return p - 2 * now + kept[2], [m, v, now]


of_adam = {"beta1": B1, "beta2": B2, "eps": EPS}
update("sgd", Gan.update[D])
update("momentum", Rule(("velocity",), momentum), beta=-0.4)
update("rmsprop", Rule(("square",), rmsprop), beta=0.7, eps=1e-3)
ADAM = Rule(("mean", "square"), adam)
update("adam", ADAM, **of_adam)
update("adamw", Rule(("mean", "square"), adamw), decay=0.3, **of_adam)
update("amsgrad", Rule(("mean", "square", "largest_square"), amsgrad), **of_adam)
update("optimistic-adam", Rule(("mean", "square", "last_step"), optimistic_adam), **of_adam)
update("still", None)


class ExtraAdam(Rule):  # Gidel et al. (2019), algorithm 4: both gradients of a step count
    learns = True


update("extra-adam", ExtraAdam(ADAM.slots, adam), schemes.Extragradient, **of_adam)


@schemes.scheme("unrolled", k=2)
class UnrolledAdam(schemes.Unrolled):
    k = 2
    update = {D: ADAM, G: ADAM}
    spec = {f"{who}.update.{field}": x for who in (D, G) for field, x in ({"kind": "adam"} | of_adam).items()}
