"""What probes read and what people see who look into a run, of the game of two small networks."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

import philox
from game import D, G, POINTS, Gan, dot
from scores import mode_scores
from tables import start, table

KEY = 7


def seed_of(what, key=KEY):
    """The seed of what is looked at, apart from the run's own, which is 0."""
    return philox.Keyed([0, philox.fnv1a(what), key]).bits()


class Looked(Gan):
    """The game where it stands before its first step, looked at with a seed and a step for its random numbers."""

    off = {f"probes.{probe}.every_steps": 0 for probe in ("gradients", "held-out", "modes", "classes", "channels", "bins", "weights", "sensitivity", "field")}
    spec = off

    def at(self, seed, step, turn, items):
        self.seed, self.step, self.given, self.done, self.m = seed, step, {f"real.{turn}": items}, 0.0, self.kept()

    def stand(self):
        return {name: jnp.array(x) for name, x in self.weights().items()}

    def order(self):
        """All parameters in one order: by player and by name."""
        p = self.weights()
        return [name for who in (D, G) for name in sorted(self.own(p, who))]

    def flat(self, p):
        return jnp.concatenate([jnp.ravel(p[name]) for name in self.order()])

    def whole(self, flat):
        p, at = {}, 0
        for name, x in self.weights().items():
            p[name] = x
        for name in self.order():
            size = p[name].size
            p[name], at = flat[at : at + size].reshape(p[name].shape), at + size
        return p

    def xi(self, flat):
        """The field of `Live::field` and its like, on their batch."""
        p = self.whole(flat)
        return jnp.concatenate([jnp.ravel(self.slope(p, name.split(".")[0], "look", {})[0][name]) for name in self.order()])

    def samples(self, p, n, seed, step=0):
        self.seed, self.step = seed, step
        return self.generator(p, self.normal("sample.z", (n, self.z_dims)))


def look(name, game=Looked):
    def register(see):
        def make():
            gan = game()
            p = gan.stand()
            gan.at(seed_of("look"), 0, "look", jnp.array(POINTS))
            return gan.the_spec(), gan.weights(), [see(gan, p)], gan.top

        table("look", name)(make)
        return see

    return register


class Tiny(Looked):
    hidden = {D: [1], G: []}


@look("field")
def field(gan, p):
    return {"field": gan.xi(gan.flat(p))}


@look("jacobian", Tiny)
def jacobian(gan, p):
    return {"jacobian": jax.jacfwd(gan.xi)(gan.flat(p))}


@look("slopes")
def slopes(gan, p):
    """Fourteen items: of a batch of ten, and of the next."""
    samples, slope = [], []
    for part in range(2):
        gan.at(seed_of("look", KEY + (part << 40)), 0, "look", jnp.array(POINTS))
        made = gan.sample(p, "look")[0]
        samples.append(made)
        slope.append(10 * jax.grad(lambda x: gan.loss(gan.judge(p, gan.real("look")), gan.judge(p, x))[1])(made))
    return {"samples": jnp.concatenate(samples)[:14], "slopes": jnp.concatenate(slope)[:14]}


@look("path-angle")
def path_angle(gan, p):  # Berard et al. (2020), section 4.1, of the direction in which players move
    begin = gan.flat(p)
    end = begin + 0.1 * jnp.array([(-1) ** i * (1 + i % 3) for i in range(len(begin))])
    numbers = {"from": begin, "to": end}
    for i, share in enumerate((0.0, 0.3, 1.0)):
        xi, way = gan.xi(begin + share * (end - begin)), end - begin
        norm = jnp.linalg.norm(xi)
        numbers |= {f"cosine {i}": -xi @ way / norm / jnp.linalg.norm(way), f"norm {i}": norm}
    return numbers


@look("items")
def items(gan, p):
    made = gan.samples(p, 12, KEY)
    return {"samples": made, "logits": gan.judge(p, made)}


@look("eigenvalues")
def eigenvalues(gan, p):
    matrix = start("matrix", (5, 5))
    found = sorted(np.linalg.eigvals(matrix), key=lambda x: (round(x.real, 9), x.imag))
    return {"matrix": matrix, "real": [x.real for x in found], "imaginary": [x.imag for x in found]}


class Gap(Looked):  # Grnarova et al. (2019)
    batch = 6

    def best(self, p, who):
        """V after twelve of Adam's steps of one player."""
        turn, mean, square = ("d0" if who == D else "g0"), None, None
        for step in range(12):
            seed = seed_of("best answer")
            self.at(seed, step, turn, jnp.array(POINTS)[jnp.array(philox.batch_items(10, seed, step, 0, 6))])
            g = self.slope(p, who, turn, {})[0]
            mean = {name: 0.9 * (mean[name] if mean else 0) + 0.1 * x for name, x in g.items()}
            square = {name: 0.999 * (square[name] if square else 0) + 0.001 * x**2 for name, x in g.items()}
            t = step + 1
            move = lambda name: mean[name] / (1 - 0.9**t) / (jnp.sqrt(square[name] / (1 - 0.999**t)) + 1e-8)
            p = p | {name: p[name] - 0.05 * move(name) for name in g}
        seed = seed_of("value")
        real = jnp.array(POINTS)[jnp.array(philox.batch_items(10, seed, 0, 0, 14))]
        c_real, c_fake = self.judge(p, self.seen(real, "")), self.judge(p, self.seen(self.samples(p, 14, seed), ""))
        return jnp.mean(jax.nn.log_sigmoid(c_real)) + jnp.mean(jax.nn.log_sigmoid(-c_fake))


class PackedGap(Gap):
    """Of a D that judges pairs, with a loss that is not that of V."""

    loss_name = "hinge"
    spec = Gap.spec | {"remedies.packing.m": 2, "remedies.instance-noise": {}}

    def seen_numbers(self):
        return 4

    def seen(self, x, purpose):
        return x.reshape(-1, 4)


for name, game in (("duality-gap", Gap), ("duality-gap--packs", PackedGap)):

    @look(name, game)
    def duality_gap(gan, p):
        return {"best d": gan.best(p, D), "best g": gan.best(p, G)}


class Gradients(Looked):
    """Norms on the probe's own batch, at each of five steps of the game."""

    spec = Looked.spec | {"probes.gradients.every_steps": 1}

    def play(self):
        p, after = self.stand(), []
        for step in range(self.steps):
            self.at(0, step, "probe", jnp.array(POINTS))
            slopes = {who: self.slope(p, who, "probe", {})[0] for who in (D, G)}
            made = self.sample(p, "probe")[0]
            slope = jax.grad(lambda x: self.loss(self.judge(p, self.real("probe")), self.judge(p, x))[1])(made)
            norms = {f"{who}/gradient_norm": jnp.sqrt(dot(slopes[who], slopes[who])) for who in (D, G)}
            for who in (D, G):
                squares = {name.split(".")[1]: 0 for name in slopes[who]}
                for name, g in slopes[who].items():
                    squares[name.split(".")[1]] += jnp.sum(g**2)
                norms |= {f"{who}/layer_gradient/{layer}": jnp.sqrt(square) for layer, square in squares.items()}
                flat = jnp.concatenate([jnp.ravel(g) for g in slopes[who].values()])
                norms |= {f"{who}/zero_gradient": jnp.mean(flat == 0)}
            after.append(norms | {"generator/output_gradient_norm": jnp.sqrt(jnp.sum(slope**2))})
            self.at(0, step, "b0", jnp.array(POINTS))
            self.readings = {}
            p = self.scheme(p)
        return self.the_spec(), self.weights(), after


table("probe", "gradients")(lambda: Gradients().play())


class ModesProbe(Looked):
    spec = Looked.spec | {"probes.modes.every_steps": 1, "probes.modes.n_samples": 16, "data.near": 0.05}

    def play(self):
        p = self.stand()
        samples, centres = np.asarray(self.samples(p, 16, 0)), np.array(POINTS)
        found = mode_scores(samples, centres, 0.05, real_share=10_000.5 / 10_001)
        del found["at_modes"]
        nearest = np.argmin(np.linalg.norm(samples[:, None] - centres[None], axis=2), axis=1)
        found |= {f"mode_share/{mode:02}": np.mean(nearest == mode) for mode in range(len(centres))}
        return self.the_spec(), self.weights(), [{f"samples/{name}": x for name, x in found.items()}]


table("probe", "modes")(lambda: ModesProbe().play())


class HeldOut(Looked):
    """Two batches of four pictures of a set of 60 that D is trained on, and of 12 that it is not."""

    spec = Looked.spec | {"probes.held-out.every_steps": 1, "probes.held-out.n_samples": 16, "data.kind": None}
    batch, shape, hidden = 4, (4, 4, 2), {D: [2], G: [1]}
    top = {"pictures": [4, 4, 2], "held_out": 12}

    def made(self, out):
        return jnp.tanh(super().made(out))

    def play(self):
        p, n_parts = self.stand(), 4
        # The byte at place i of the pictures is 37 i mod 251, and of those held out 53 i + 11 mod 251.
        images = lambda n, a, b: (np.arange(n * 32) * a + b) % 251 / 127.5 - 1
        sets = {"seen": images(60, 37, 0).reshape(60, 4, 4, 2), "unseen": images(12, 53, 11).reshape(12, 4, 4, 2)}
        found = {kind: [] for kind in sets}
        for part in range(n_parts):
            for kind, pictures in sets.items():
                items = pictures[philox.batch_items(len(pictures), 0, part, 3 << 32, 4)]
                self.at(0, part << 40, "held-out", jnp.array(items))
                loss, notes = self.objective(p, D, "held-out", {})
                found[kind].append(notes["readings"])
        of = lambda kind, name: sum(readings[f"discriminator/{name}"] for readings in found[kind]) / n_parts
        numbers = {
            "loss_held_out": of("unseen", "loss"), "logit_held_out": of("unseen", "logit_real"),
            "accuracy_held_out": of("unseen", "accuracy_real"),
            "overfitting": (of("seen", "logit_real") - of("unseen", "logit_real")) / (of("seen", "logit_real") - of("seen", "logit_fake")),
        }  # fmt: skip
        self.told = of("seen", "logit_real") - of("seen", "logit_fake")
        assert self.told > 0.1, f"{self.told}: D tells too little for a reading of overfitting"
        return self.the_spec(), self.weights(), [{f"discriminator/{name}": x for name, x in numbers.items()}], self.top


table("probe", "held-out")(lambda: HeldOut().play())
