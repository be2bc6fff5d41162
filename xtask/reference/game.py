"""The game that most tables are made with: two small networks of tanh units, ten points, steps of gradient descent.

A table changes one part of it and leaves the others. `Gan` follows the papers' words: a turn draws a batch, a player's
objective has a gradient, a scheme says who moves along which gradient, an update rule says how.
"""

from collections import namedtuple

import jax
import jax.numpy as jnp
import numpy as np

import philox
from tables import start

D, G = "discriminator", "generator"
#: The points of Aghabozorgi, Peng and Li (2023).
POINTS = [
    [-0.1257, 0.3797], [0.1076, 0.0971], [0.1443, 0.1333], [-0.0321, 0.1898], [0.1347, -0.1573],
    [-0.3069, 0.2949], [0.0202, 0.1158], [0.2379, -0.2279], [-0.0295, 0.0197], [0.0853, -0.0708],
]  # fmt: skip


def softplus(x):
    return jnp.logaddexp(x, 0.0)


def dense(p, name, x):
    return x @ p[f"{name}.weight"] + p[f"{name}.bias"]


def total(tree):
    return sum(jnp.sum(leaf) for leaf in jax.tree.leaves(tree))


def dot(a, b):
    return total(jax.tree.map(lambda x, y: x * y, a, b))


def plus(a, b, times=1.0):
    return jax.tree.map(lambda x, y: x + times * y, a, b)


def minimax(real, fake):
    return jnp.mean(softplus(-real)) + jnp.mean(softplus(fake)), -jnp.mean(softplus(fake))


def non_saturating(real, fake):
    return minimax(real, fake)[0], jnp.mean(softplus(-fake))


class Sgd:
    """Gradient descent, the update rule of most tables."""

    slots = ()

    def step(self, p, g, kept, lr, t):
        return p - lr * g, ()


#: A turn's batches, of items and as D sees them, and D's logits of them.
Scene = namedtuple("Scene", "items samples real fake c_real c_fake")


class Gan:
    steps, batch, z_dims, seed = 5, 10, 2, 0
    #: Fields of the spec beside or in place of the usual ones; those that are None are left out.
    spec = {}
    #: Hidden units of each player.
    hidden = {D: [3], G: [2]}
    shape = (2,)
    lr = {D: 0.2, G: 0.1}
    turns = ("b0",)
    loss = staticmethod(minimax)
    loss_name = "minimax"
    update = {D: Sgd(), G: Sgd()}
    scheme_name = "simultaneous"
    average = None
    #: What the table says beside the spec.
    top = {}

    def the_spec(self):
        usual = {"steps": self.steps, "batch": self.batch, "data.kind": "ten-points", "generator.z_dims": self.z_dims}
        for who in (D, G):
            usual |= {f"{who}.hidden": self.hidden[who], f"{who}.update.kind": "sgd", f"{who}.update.lr": self.lr[who]}
        usual |= {"loss.kind": self.loss_name, "scheme.kind": self.scheme_name, "average.kind": "none"}
        return {field: x for field, x in (usual | self.spec).items() if x is not None}

    # Networks

    def seen_numbers(self):
        """How many numbers of an item D sees."""
        return int(np.prod(self.shape))

    def layers(self, who):
        widths = [self.z_dims if who == G else self.seen_numbers(), *self.hidden[who]]
        out = int(np.prod(self.shape)) if who == G else 1
        names = [f"{who}.{i}" for i in range(len(widths) - 1)] + [f"{who}.out"]
        return dict(zip(names, zip(widths, [*widths[1:], out])))

    def weights(self):
        """The tensors of both players by name."""
        p = {}
        for who in (D, G):
            for name, (n_in, n_out) in self.layers(who).items():
                p |= {f"{name}.weight": start(f"{name}.weight", (n_in, n_out)), f"{name}.bias": start(f"{name}.bias", (n_out,), 0.3)}
        return p

    def kept(self):
        """What else is state before the first step, where it is not zero."""
        return {}

    def generator(self, p, z):
        h = z
        for i in range(len(self.hidden[G])):
            h = jnp.tanh(dense(p, f"generator.{i}", h))
        return self.made(dense(p, "generator.out", h))

    def made(self, out):
        return out.reshape(len(out), *self.shape)

    def features(self, p, x):
        """D's last hidden layer."""
        h = x.reshape(len(x), -1)
        for i in range(len(self.hidden[D])):
            h = jnp.tanh(dense(p, f"discriminator.{i}", h))
        return h

    def logits(self, p, h):
        return dense(p, "discriminator.out", h)[:, 0]

    def judge(self, p, x):
        return self.logits(p, self.features(p, x))

    def judge_both(self, p, who, turn, real, fake):
        """Logits of both batches of a turn, and running statistics afterwards."""
        return self.judge(p, real), self.judge(p, fake), {}

    # Random numbers

    def normal(self, purpose, shape):
        return jnp.array(philox.normal(self.seed, purpose, self.step, int(np.prod(shape)))).reshape(shape)

    def uniform(self, purpose, shape):
        return jnp.array(philox.uniform(self.seed, purpose, self.step, int(np.prod(shape)))).reshape(shape)

    # A turn

    def real(self, turn):
        return jnp.array(self.given[f"real.{turn}"])

    def sample(self, p, turn):
        """Generated items, and G's running statistics afterwards."""
        return self.generator(p, self.normal(f"{turn}.z", (self.batch, self.z_dims))), {}

    def shown(self, fake, turn, m):
        """The generated items that D is trained on, and what is kept of them."""
        return fake, {}

    def seen(self, x, purpose):
        """Items as D sees them."""
        return x

    def objective(self, p, who, turn, m):
        """What a player minimises, and beside it readings, what is kept, and running statistics."""
        items, (samples, running_g) = self.real(turn), self.sample(p, turn)
        shown, kept = self.shown(samples, turn, m) if who == D else (samples, {})
        real, fake = self.seen(items, f"{turn}.real"), self.seen(shown, f"{turn}.fake")
        c_real, c_fake, running_d = self.judge_both(p, who, turn, real, fake)
        loss, more = self.players_loss(who, c_real, c_fake, m)
        loss, also = self.added(p, who, turn, loss, Scene(items, samples, real, fake, c_real, c_fake), m)
        readings = {f"{who}/loss": loss} | more.pop("readings", {}) | also.pop("readings", {})
        if who == D:
            readings |= {
                "discriminator/logit_real": jnp.mean(c_real), "discriminator/logit_fake": jnp.mean(c_fake),
                "discriminator/accuracy_real": jnp.mean(c_real > 0), "discriminator/accuracy_fake": jnp.mean(c_fake < 0),
            }  # fmt: skip
        return loss, {"readings": readings, "kept": kept | more | also, "running": running_d if who == D else running_g}

    def players_loss(self, who, c_real, c_fake, m):
        of_d, of_g = self.loss(c_real, c_fake)
        return (of_d if who == D else of_g), {}

    def added(self, p, who, turn, loss, scene, m):
        """What remedies make of a loss."""
        return loss, {}

    # Moves

    def own(self, p, who):
        """The tensors that a player's gradient moves."""
        return {name: x for name, x in p.items() if name.startswith(who) and not self.is_running(name)}

    def is_running(self, name):
        return name.endswith((".mean", ".variance", ".u"))

    def slope(self, p, who, turn, m):
        """A player's gradient by its own parameters, and what came with it."""
        return jax.grad(lambda own: self.objective(p | own, who, turn, m), has_aux=True)(self.own(p, who))

    def turn(self, p, who, turn):
        """A gradient of a turn that counts: what the turn keeps is kept."""
        g, notes = self.slope(p, who, turn, self.m)
        self.m = self.m | notes["kept"]
        self.readings |= notes["readings"]
        return g, notes

    def field(self, p, turn):
        """Both players' gradients on one batch."""
        return {who: self.turn(p, who, turn) for who in (D, G)}

    def factor(self, who):
        """The learning rate's factor in this step."""
        return 1.0

    def apply(self, p, who, g, notes):
        """Moves a player along a gradient."""
        rule, t = self.update[who], self.m.get(f"update.{who}.t", 0.0)
        if rule is None:
            return p
        moves, p = self.moves(who, notes), dict(p)
        t = t + 1 if moves else t
        self.m = self.m | {f"update.{who}.t": t}
        if not moves:
            return p | notes["running"]
        for name, slope in g.items():
            slots = [f"update.{name}.{slot}" for slot in rule.slots]
            kept = [self.m.get(slot, jnp.zeros_like(p[name])) for slot in slots]
            moved, kept = rule.step(p[name], slope, kept, self.lr[who] * self.factor(who), t)
            p[name] = self.moved(who, moved)
            self.m = self.m | dict(zip(slots, kept))
        return p | notes["running"]

    def moves(self, who, notes):
        return True

    def moved(self, who, value):
        """The value that a parameter takes after a move."""
        return value

    def apply_all(self, p, gradients):
        for who, (g, notes) in gradients.items():
            p = self.apply(p, who, g, notes)
        return p

    def scheme(self, p):
        return self.apply_all(p, self.field(p, "b0"))

    def end(self, p):
        """After all moves of a step."""

    # The table

    def what_goes_in(self):
        return {f"real.{turn}": self.items(i, turn) for i, turn in enumerate(self.turns)} | self.weights() | self.kept()

    def items(self, i, turn):
        """The real batch of a turn, the same in every step."""
        return np.roll(np.array(POINTS), 3 * i, axis=0)[: self.batch]

    def play(self):
        before = self.what_goes_in()
        self.given = {name: x for name, x in before.items() if name.startswith(("real.", "labels."))}
        p = {name: jnp.array(x) for name, x in before.items() if name.startswith((D, G))}
        self.m = {name: jnp.array(x) for name, x in before.items() if name not in self.given and name not in p}
        if self.average:
            averaged = {f"average.{name}": x for name, x in p.items() if name.startswith(G)}
            before, self.m = before | averaged, self.m | averaged
        after = []
        for self.step in range(self.steps):
            self.readings, self.done = {}, self.step / max(self.steps - 1, 1)
            p = self.scheme(p)
            self.end(p)
            if self.average:
                follow = lambda name, x: self.average(self.m[f"average.{name}"], x, self.step)
                self.m = self.m | {f"average.{name}": follow(name, x) for name, x in p.items() if name.startswith(G)}
            after.append(p | self.m | self.readings)
        return self.the_spec(), before, after, self.top
