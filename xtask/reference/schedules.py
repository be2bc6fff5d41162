"""The schedules of the learning rate, the last of them after a warm-up: factors as a function of the share that is done."""

import math

from game import D, G, Gan
from tables import table


def schedule(name, curve, warmup_steps=0, **fields):
    class Game(Gan):
        spec = {
            f"{who}.update.schedule.{field}": x
            for who in (D, G)
            for field, x in ({"kind": name, "warmup_steps": warmup_steps} | fields).items()
        }

        def factor(self, who):
            ramp = min(1, (self.step + 1) / warmup_steps) if warmup_steps else 1
            return curve(self.done) * ramp

    table("schedule", name)(lambda: Game().play())


schedule("constant", lambda done: 1.0, warmup_steps=3)
schedule("linear", lambda done: 1.0 if done < 0.2 else 1 - 0.9 * (done - 0.2) / 0.8, **{"from": 0.2, "last": 0.1})
# Loshchilov and Hutter (2017), eq. 5.
schedule("cosine", lambda done: 0.1 + 0.9 * (1 + math.cos(math.pi * done)) / 2, warmup_steps=2, last=0.1)
