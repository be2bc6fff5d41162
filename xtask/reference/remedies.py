"""The remedies, each as its paper has it, in the game of two small networks."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.numpy import mean

from game import D, G, Gan, dense, non_saturating, softplus
from tables import start, table


def remedy(name, **fields):
    def register(game):
        kind = name.split("--")[0]
        fields_of = {f"remedies.{kind}.{field}": x for field, x in fields.items()} or {f"remedies.{kind}": {}}
        game.spec = game.spec | fields_of
        table("remedy", name)(lambda: game().play())
        return game

    return register


class Pictures(Gan):
    """The game on four pictures of 4 x 4 pixels in two channels, of two classes where classes are asked for."""

    batch, shape, hidden = 4, (4, 4, 2), {D: [2], G: [1]}
    spec = {"data.kind": None}
    top = {"pictures": [4, 4, 2]}

    def items(self, i, turn):
        return start(f"real.{turn}", (self.batch, *self.shape))

    def made(self, out):
        return jnp.tanh(super().made(out))


# What D is shown


@remedy("replay", capacity=15, share=0.5)
class Replay(Gan):  # Shrivastava et al. (2017), section 2.3
    def shown(self, fake, turn, m):
        items = m.get("remedy.replay.items", jnp.zeros((15, 2)))
        filled = int(m.get("remedy.replay.filled", 0))
        shown = fake
        if filled > 0:
            read = [int(u * filled) for u in self.uniform(f"{turn}.replay.read", (5,))]
            shown = jnp.concatenate([items[jnp.array(read)], fake[5:]])
        begin = filled if filled < 15 else int(self.uniform(f"{turn}.replay.write", (1,))[0] * 15)
        for i in range(10):
            items = items.at[(begin + i) % 15].set(jax.lax.stop_gradient(fake[i]))
        return shown, {"remedy.replay.items": items, "remedy.replay.filled": float(min(filled + 10, 15))}


@remedy("instance-noise", std=0.5, until=0.8)
class InstanceNoise(Gan):  # Arjovsky and Bottou (2017), section 3
    def seen(self, x, purpose):
        return x + 0.5 * max(0, 1 - self.done / 0.8) * self.normal(f"{purpose}.instance-noise", x.shape)


@remedy("augmentation", shift=0.25, cut=0.5)
class Augmentation(Pictures):  # Zhao et al. (2020), section 3.2, and its authors' code
    def seen(self, x, purpose):
        drawn = lambda name: self.uniform(f"{purpose}.{name}", (len(x),))
        names = ["brightness", "saturation", "contrast", "shift.rows", "shift.columns", "cut.row", "cut.column"]
        return jnp.stack([self.changed(image, *u) for image, u in zip(x, zip(*map(drawn, names)))])

    def changed(self, image, brightness, saturation, contrast, down, right, row, column):
        image = image + (brightness - 0.5)
        grey = mean(image, axis=2, keepdims=True)
        image = grey + 2 * saturation * (image - grey)
        image = mean(image) + (contrast + 0.5) * (image - mean(image))
        down, right = int(down * 3) - 1, int(right * 3) - 1
        padded = jnp.pad(image, ((1, 1), (1, 1), (0, 0)))
        image = padded[1 - down : 5 - down, 1 - right : 5 - right]
        # A square of two pixels has its upper left one from row or column -1 to 3.
        keep = np.ones((4, 4, 1))
        top, left = int(row * 5) - 1, int(column * 5) - 1
        keep[max(top, 0) : top + 2, max(left, 0) : left + 2] = 0
        return image * keep


@remedy("packing", m=2)
class Packing(Gan):  # Lin et al. (2018), section 2
    def seen_numbers(self):
        return 4

    def seen(self, x, purpose):
        return jnp.stack([jnp.concatenate([x[i], x[i + 1]]) for i in range(0, len(x), 2)])


@remedy("packing--pictures", m=2)
class PackedPictures(Pictures):
    hidden = {D: [1], G: [1]}

    def seen_numbers(self):
        return 64

    def seen(self, x, purpose):
        return jnp.stack([jnp.concatenate([x[i], x[i + 1]], axis=2) for i in range(0, len(x), 2)])


# What both are told


class Conditioned(Pictures):
    hidden = {D: [2], G: [1]}
    top = Pictures.top | {"classes": [2, 1]}
    told = 0

    def layers(self, who):
        layers = super().layers(who)
        first, extra = (f"{who}.0", 2 if who == G else self.told)
        return layers | {first: (layers[first][0] + extra, layers[first][1])}

    def what_goes_in(self):
        return super().what_goes_in() | {"labels.b0": np.array([1.0, 0, 0, 1])}

    def sample(self, p, turn):
        z = self.normal(f"{turn}.z", (self.batch, self.z_dims))
        self.asked = self.classes(turn)
        return self.generator(p, jnp.concatenate([z, jax.nn.one_hot(self.asked, 2)], axis=1)), {}


@remedy("class-conditioning")
class Projection(Conditioned):  # Miyato and Koyama (2018), eq. 3; of three items two are of class 0
    def classes(self, turn):
        return jnp.array([0 if u < 2 / 3 else 1 for u in self.uniform(f"{turn}.class", (self.batch,))])

    def weights(self):
        return super().weights() | {f"{D}.class.embedding": start("embedding", (2, 2))}

    def judge_both(self, p, who, turn, real, fake):
        def judge(x, labels):
            h = self.features(p, x)
            return self.logits(p, h) + jnp.sum(p[f"{D}.class.embedding"][labels] * h, axis=1)

        return judge(real, self.given["labels.b0"].astype(int)), judge(fake, self.asked), {}


@remedy("class-conditioning--concatenation", how="concatenation", labels="even")
class Concatenation(Conditioned):  # Mirza and Osindero (2014)
    hidden, told = {D: [1], G: [1]}, 32

    def classes(self, turn):
        import philox

        return jnp.array(philox.integer(self.seed, f"{turn}.class", self.step, self.batch, 2))

    def seen(self, x, purpose):
        labels = self.given["labels.b0"].astype(int) if purpose.endswith("real") else self.asked
        planes = jnp.broadcast_to(jax.nn.one_hot(labels, 2)[:, None, None, :], (self.batch, 4, 4, 2))
        return jnp.concatenate([x, planes], axis=3)


@remedy("image-conditioning", channels=1)
class ImageConditioning(Pictures):  # Isola et al. (2017), eq. 1
    def layers(self, who):
        layers = super().layers(who)
        return layers if who == D else {f"{G}.0": (self.z_dims + 16, 1), f"{G}.out": (1, 16)}

    def made(self, out):
        return jnp.tanh(out.reshape(len(out), 4, 4, 1))

    def sample(self, p, turn):
        z, x = self.normal(f"{turn}.z", (self.batch, self.z_dims)), self.real(turn)[..., :1]
        y = self.generator(p, jnp.concatenate([z, x.reshape(self.batch, -1)], axis=1))
        return jnp.concatenate([x, y], axis=3), {}


@remedy("reconstruction", weight=3.0)
class Reconstruction(ImageConditioning):  # Isola et al. (2017), eq. 3 and 4
    def added(self, p, who, turn, loss, scene, m):
        if who == D:
            return loss, {}
        error = mean(jnp.abs(scene.items[..., 1:] - scene.samples[..., 1:]))
        return loss + 3 * error, {"readings": {"generator/reconstruction_error": error}}


# What networks are made of


def unit(v):
    return v / jnp.sqrt(jnp.sum(v**2))


@remedy("spectral-norm", players="both")
class SpectralNorm(Gan):  # Miyato et al. (2018), algorithm 1
    def kept(self):
        return {f"{name}.weight.u": start(f"{name}.u", (n,)) for who in (D, G) for name, (_, n) in self.layers(who).items()}

    def normalised(self, p, who):
        """The player with its weights divided by their norms, and where the iteration then stands."""
        p, after = dict(p), {}
        for name in self.layers(who):
            w = p[f"{name}.weight"]
            fixed = jax.lax.stop_gradient(w)
            v = unit(fixed @ p[f"{name}.weight.u"])
            u = unit(fixed.T @ v)
            p[f"{name}.weight"] = w / (v @ w @ u)
            after[f"{name}.weight.u"] = u
        return p, after

    def sample(self, p, turn):
        p, after = self.normalised(p, G)
        return super().sample(p, turn)[0], after

    def judge_both(self, p, who, turn, real, fake):
        # Of G's turn the iteration goes on from the real batch to the generated one.
        first, after = self.normalised(p, D)
        second = first if who == D else self.normalised(p | after, D)[0]
        return self.judge(first, real), self.judge(second, fake), after


class HasNorm(Gan):
    """G's hidden layer is normalised over the batch, with a gain and a shift."""

    spec = {"generator.norm": "batch"}

    def weights(self):
        names = [f"{G}.0.norm.{part}" for part in ("gain", "shift")]
        running = {f"{G}.0.norm.mean": np.zeros(2), f"{G}.0.norm.variance": np.ones(2)}
        return super().weights() | {names[0]: start(names[0], (2,)) + 1.5, names[1]: start(names[1], (2,))} | running

    def after_norm(self, p, h):
        return self.made(dense(p, f"{G}.out", jnp.tanh(h * p[f"{G}.0.norm.gain"] + p[f"{G}.0.norm.shift"])))

    def running(self, p, mean, variance):
        new = {f"{G}.0.norm.mean": mean, f"{G}.0.norm.variance": variance}
        return {name: 0.9 * p[name] + 0.1 * x for name, x in new.items()}


@remedy("virtual-batch-norm", n_reference=3)
class VirtualBatchNorm(HasNorm):  # Salimans et al. (2016), section 3.5
    def sample(self, p, turn):
        z = self.normal(f"{turn}.z", (self.batch, self.z_dims))
        fixed = self.m.get("remedy.virtual-batch-norm.z", self.normal("reference.z", (3, self.z_dims)))
        self.m = self.m | {"remedy.virtual-batch-norm.z": fixed, "remedy.virtual-batch-norm.is_drawn": 1.0}
        reference = dense(p, f"{G}.0", fixed)
        items = []
        for x in dense(p, f"{G}.0", z):
            four = jnp.concatenate([reference, x[None]])
            items.append((x - mean(four, axis=0)) / jnp.sqrt(jnp.var(four, axis=0) + 1e-5))
        return self.after_norm(p, jnp.stack(items)), self.running(p, mean(reference, axis=0), jnp.var(reference, axis=0))


class MoreFeatures(Gan):
    """D's last weights see `more` features besides."""

    def layers(self, who):
        layers = super().layers(who)
        return layers | ({f"{D}.out": (3 + self.more, 1)} if who == D else {})

    def judge(self, p, x):
        h = self.features(p, x)
        return self.logits(p, jnp.concatenate([h, self.beside(p, h)], axis=1))


@remedy("minibatch-discrimination", kernels=2, dims=3)
class MinibatchDiscrimination(MoreFeatures):  # Salimans et al. (2016), section 3.2
    more = 2

    def weights(self):
        return super().weights() | {f"{D}.nearness.weight": start("nearness", (3, 6))}

    def beside(self, p, h):
        m = (h @ p[f"{D}.nearness.weight"]).reshape(len(h), 2, 3)
        near = lambda i, j: jnp.exp(-jnp.sum(jnp.abs(m[i] - m[j]), axis=1))
        return jnp.stack([sum(near(i, j) for j in range(len(h)) if j != i) for i in range(len(h))])


@remedy("minibatch-stddev")
class MinibatchStddev(MoreFeatures):  # Karras et al. (2018), section 3, and its authors' code
    more = 1

    def beside(self, p, h):
        return jnp.full((len(h), 1), mean(jnp.sqrt(jnp.var(h, axis=0) + 1e-8)))


# What players minimise


@remedy("top-k", share=0.4, until=0.6)
class TopK(Gan):  # Sinha et al. (2020), algorithm 1, with k falling in a straight line
    def players_loss(self, who, c_real, c_fake, m):
        if who == D:
            return self.loss(c_real, c_fake)[0], {}
        k = 10 * (1 - min(self.done / 0.6, 1) * 0.6)
        best = jnp.argsort(-c_fake)[: int(np.ceil(k - 1e-9))]
        counts = jnp.zeros(10).at[best].set(1)
        return self.loss(c_real, jnp.where(counts == 1, c_fake, 0))[1], {}


@remedy("feature-matching", mix=0.3)
class FeatureMatching(Gan):  # Salimans et al. (2016), section 3.1
    def added(self, p, who, turn, loss, scene, m):
        if who == D:
            return loss, {}
        apart = mean(self.features(p, scene.real), axis=0) - mean(self.features(p, scene.fake), axis=0)
        return jnp.sum(apart**2) + 0.3 * loss, {}


@remedy("label-smoothing", smoothing=0.2)
class LabelSmoothing(Gan):  # Salimans et al. (2016), section 3.4
    def players_loss(self, who, c_real, c_fake, m):
        if who == G:
            return self.loss(c_real, c_fake)[1], {}
        of_real = mean(0.8 * softplus(-c_real) + 0.2 * softplus(c_real))
        return of_real + mean(softplus(c_fake)), {}


@remedy("consensus-penalty", gamma=0.3)
class ConsensusPenalty(Gan):  # Mescheder et al. (2017), section 4
    def objective(self, p, who, turn, m):
        bare = lambda at, mover: Gan.objective(self, at, mover, turn, m)
        loss, notes = bare(p, who)
        slope = lambda mover: jax.grad(lambda own: bare(p | own, mover)[0])(self.own(p, mover))
        energy = sum(jnp.sum(x**2) for mover in (D, G) for x in slope(mover).values())
        loss = loss + 0.3 / 2 * energy
        return loss, notes | {"readings": notes["readings"] | {f"{who}/loss": loss}}


@remedy("historical-averaging", weight=0.4)
class HistoricalAveraging(Gan):  # Salimans et al. (2016), section 3.3
    def added(self, p, who, turn, loss, scene, m):
        if self.step == 0:
            return loss, {}
        return loss + 0.4 * sum(jnp.sum((x - m[f"remedy.history.{name}"]) ** 2) for name, x in self.own(p, who).items()), {}

    def end(self, p):
        self.history = [*getattr(self, "history", []), p]
        past = {f"remedy.history.{name}": mean(jnp.stack([q[name] for q in self.history]), axis=0) for name in p}
        self.m = self.m | past | {"remedy.history.steps": float(len(self.history))}


# How players move


@remedy("weight-clipping", limit=0.4)
class WeightClipping(Gan):  # Arjovsky et al. (2017), algorithm 1
    def moved(self, who, value):
        return jnp.clip(value, -0.4, 0.4) if who == D else value


@remedy("two-time-scales", ratio=3.0)
class TwoTimeScales(Gan):  # Heusel et al. (2017), section 2
    def factor(self, who):
        return 3.0 if who == D else 1.0


@remedy("adaptive-balance", d_waits_below=1.39, g_waits_above=1.45)
class AdaptiveBalance(Gan):
    turns = ("d0", "g0")
    lr = {D: 0.6, G: 0.9}
    scheme_name = "alternating"

    def scheme(self, p):
        for who, turn in ((D, "d0"), (G, "g0")):
            g, notes = self.turn(p, who, turn)
            if who == D:
                self.m = self.m | {"remedy.adaptive-balance.d_loss": notes["readings"]["discriminator/loss"]}
            of_d = self.m["remedy.adaptive-balance.d_loss"]
            self.waits = of_d < 1.39 if who == D else of_d > 1.45
            self.readings[f"balance/{who}_moves"] = 0.0 if self.waits else 1.0
            p = self.apply(p, who, g, notes)
        return p

    def moves(self, who, notes):
        return not self.waits
