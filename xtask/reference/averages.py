"""The averages of the generator: the average before, the newest parameters and the number of steps done give the next."""

from game import Gan
from tables import table


def average(name, follow, **fields):
    class Game(Gan):
        spec = {"average.kind": name} | {f"average.{field}": x for field, x in fields.items()}
        average = staticmethod(follow)

    table("average", name)(lambda: Game().play())


def exponential(old, new, step):
    decay = min(0.25, (1 + step) / (10 + step))
    return decay * old + (1 - decay) * new


def uniform(old, new, step, begins=2):
    n = max(step - begins + 1, 1)
    return old * (n - 1) / n + new / n


average("exponential", exponential, decay=0.25)
average("uniform", uniform, from_steps=2)
