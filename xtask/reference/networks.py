"""The networks, layer by layer."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import losses
from game import D, G, Gan, dense, softplus
from tables import start, table

ACTIVATIONS = {
    "tanh": jnp.tanh, "relu": lambda x: jnp.where(x > 0, x, 0.0), "leaky-relu": lambda x: jnp.where(x > 0, x, 0.3 * x),
    "sigmoid": lambda x: 1 / (1 + jnp.exp(-x)), "softplus": softplus,
}  # fmt: skip


def network(name, game):
    table("network", name)(lambda: game().play())


def conv(x, w):
    """A window of 4 x 4 pixels every second pixel, one zero around the image."""
    n, h, width, _ = x.shape
    x = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = [[jnp.einsum("nabc,abco->no", x[:, i : i + 4, j : j + 4], w) for j in range(0, width, 2)] for i in range(0, h, 2)]
    return jnp.stack([jnp.stack(row, axis=1) for row in rows], axis=1)


def deconv(x, w, stride, pad):
    """Every pixel paints a window of 4 x 4 pixels, `stride` apart, and `pad` of them around the image are cut off."""
    n, h, width, _ = x.shape
    out = jnp.zeros((n, stride * (h - 1) + 4, stride * (width - 1) + 4, w.shape[2]))
    for i in range(h):
        for j in range(width):
            at = slice(stride * i, stride * i + 4), slice(stride * j, stride * j + 4)
            out = out.at[:, at[0], at[1]].add(jnp.einsum("nc,aboc->nabo", x[:, i, j], w))
    return out[:, pad : out.shape[1] - pad, pad : out.shape[2] - pad]


class Built(Gan):
    """The game with networks that say what their tensors are, and how a layer ends."""

    norm, act = {D: "none", G: "none"}, {D: "tanh", G: "tanh"}

    def fields(self):
        return {f"{who}.{field}": x[who] for who in (D, G) for field, x in (("norm", self.norm), ("activation", self.act))}

    def the_spec(self):
        slope = {f"{who}.slope": 0.3 for who in (D, G) if self.act[who] == "leaky-relu"}
        return super().the_spec() | self.fields() | slope

    def shapes(self):
        """Weights and biases by the name of their layer."""
        return {name: ((n_in, n_out), n_out) for name, (n_in, n_out) in self.layers(D).items() | self.layers(G).items()}

    def normed(self):
        """The layers that are normalised, and their channels."""
        return {name: b for name, (w, b) in self.shapes().items() if not name.endswith("out")}

    def weights(self):
        p = {}
        for name, (w, b) in self.shapes().items():
            p |= {f"{name}.weight": start(f"{name}.weight", w), f"{name}.bias": start(f"{name}.bias", (b,), 0.3)}
        for name, n in self.normed().items():
            kind = self.norm[name.split(".")[0]]
            if kind != "none":
                p |= {f"{name}.norm.gain": start(f"{name}.gain", (n,), 0.5) + 1, f"{name}.norm.shift": start(f"{name}.shift", (n,))}
            if kind == "batch":
                p |= {f"{name}.norm.mean": np.zeros(n), f"{name}.norm.variance": np.ones(n)}
        return p

    def finish(self, p, name, x):
        """Normalisation and activation."""
        who = name.split(".")[0]
        if self.norm[who] != "none":
            over = tuple(range(x.ndim - 1)) if self.norm[who] == "batch" else tuple(range(1, x.ndim))
            mean, variance = jnp.mean(x, axis=over, keepdims=True), jnp.var(x, axis=over, keepdims=True)
            x = (x - mean) / jnp.sqrt(variance + 1e-5) * p[f"{name}.norm.gain"] + p[f"{name}.norm.shift"]
            if self.norm[who] == "batch":
                for stat, new in (("mean", mean), ("variance", variance)):
                    self.after[f"{name}.norm.{stat}"] = 0.9 * p[f"{name}.norm.{stat}"] + 0.1 * new.ravel()
        return ACTIVATIONS[self.act[who]](x)

    def sample(self, p, turn):
        self.after = {}
        return super().sample(p, turn)[0], self.after

    def judge_both(self, p, who, turn, real, fake):
        # The running statistics see the real batch first, and then the generated one.
        self.after = {}
        c_real = self.judge(p, real)
        c_fake = self.judge(p | self.after, fake)
        return c_real, c_fake, self.after


class Mlp(Built):
    spec = {"generator.kind": "mlp", "discriminator.kind": "mlp"}

    def generator(self, p, z):
        return self.made(dense(p, f"{G}.out", self.finish(p, f"{G}.0", dense(p, f"{G}.0", z))))

    def features(self, p, x):
        return self.finish(p, f"{D}.0", dense(p, f"{D}.0", x.reshape(len(x), -1)))


class BatchLayer(Mlp):
    norm, act = {D: "layer", G: "batch"}, {D: "leaky-relu", G: "softplus"}


class LayerBatch(Mlp):
    """Latent points are uniform on [-1, 1] besides."""

    spec = Mlp.spec | {"generator.z": "uniform"}
    norm, act = {D: "batch", G: "layer"}, {D: "sigmoid", G: "relu"}

    def normal(self, purpose, shape):
        return 2 * self.uniform(purpose, shape) - 1


class Maxout(Mlp):  # Goodfellow et al. (2013)
    spec = Mlp.spec | {"discriminator.maxout": 2}

    def shapes(self):
        return super().shapes() | {f"{D}.0": ((2, 6), 6)}

    def features(self, p, x):
        pieces = dense(p, f"{D}.0", x)
        return jnp.stack([jnp.maximum(pieces[:, 2 * i], pieces[:, 2 * i + 1]) for i in range(3)], axis=1)


network("mlp", BatchLayer)
network("mlp--batch-norm-in-d", LayerBatch)
network("mlp--maxout", Maxout)


class Autoencoder(losses.Began):  # Berthelot et al. (2017), section 3.5, with another loss than theirs
    loss_name, loss = "minimax", staticmethod(Gan.loss)
    spec = {field: x for field, x in losses.Began.spec.items() if not field.startswith("loss.")}

    def kept(self):
        return {}

    def players_loss(self, who, c_real, c_fake, m):
        return Gan.players_loss(self, who, c_real, c_fake, m)


network("autoencoder", Autoencoder)


def attention(p, who, x):
    """Zhang et al. (2019), section 3, without its pooling."""
    part = lambda name, of: of @ p[f"{who}.attention.{name}"]
    n, h, w, c = x.shape
    pixels = x.reshape(n, h * w, c)
    look = jax.nn.softmax(jnp.einsum("nik,njk->nij", part("query", pixels), part("key", pixels)), axis=2)
    seen = part("out", jnp.einsum("nij,njk->nik", look, part("value", pixels)))
    return x + p[f"{who}.attention.gamma"] * seen.reshape(n, h, w, c)


class Images(Built):
    batch, z_dims, kind, width = 3, 1, "", 1
    norm, act = {D: "batch", G: "batch"}, {D: "leaky-relu", G: "relu"}
    attends = {D: False, G: False}

    def the_spec(self):
        own = {}
        for who in (D, G):
            own |= {f"{who}.kind": self.kind, f"{who}.width": self.width, f"{who}.hidden": None, f"{who}.attention": self.attends[who]}
        return {field: x for field, x in (super().the_spec() | own).items() if x is not None}

    spec = {"data.kind": None}

    def items(self, i, turn):
        return start(f"real.{turn}", (self.batch, *self.shape))

    def attend(self, p, who, x):
        return attention(p, who, x) if self.attends[who] else x

    def weights(self):
        p = super().weights()
        for who in (D, G):
            if self.attends[who]:
                shapes = {"query": (2, 1), "key": (2, 1), "value": (2, 1), "out": (1, 2)}
                p |= {f"{who}.attention.{name}": start(f"{who}.attention.{name}", shape) for name, shape in shapes.items()}
                p |= {f"{who}.attention.gamma": 0.7}
        return p

    def bias(self, p, name, x):
        return x + p[f"{name}.bias"]

    def up(self, p, name, x, stride=2, pad=1):
        return deconv(x, p[f"{name}.weight"], stride, pad) + p[f"{name}.bias"]

    def down(self, p, name, x):
        return conv(x, p[f"{name}.weight"]) + p[f"{name}.bias"]


class Dcgan(Images):  # Radford et al. (2016), at 16 pixels
    kind, shape, batch = "dcgan", (16, 16, 1), 2
    norm = {D: "layer", G: "batch"}
    top = {"pictures": [16, 16, 1]}

    def shapes(self):
        window = lambda *channels: (4, 4, *channels)
        return {
            f"{G}.0": (window(2, 1), 2), f"{G}.1": (window(1, 2), 1), f"{G}.out": (window(1, 1), 1),
            f"{D}.0": (window(1, 1), 1), f"{D}.1": (window(1, 2), 2), f"{D}.out": ((32, 1), 1),
        }  # fmt: skip

    def normed(self):
        return {f"{G}.0": 2, f"{G}.1": 1, f"{D}.1": 2}

    def generator(self, p, z):
        h = self.finish(p, f"{G}.0", self.up(p, f"{G}.0", z.reshape(-1, 1, 1, 1), 1, 0))
        h = self.finish(p, f"{G}.1", self.up(p, f"{G}.1", h))
        return jnp.tanh(self.up(p, f"{G}.out", self.attend(p, G, h)))

    def features(self, p, x):
        h = self.attend(p, D, ACTIVATIONS[self.act[D]](self.down(p, f"{D}.0", x)))
        return self.finish(p, f"{D}.1", self.down(p, f"{D}.1", h)).reshape(len(x), -1)


class Infogan(Images):  # Chen et al. (2016), at 4 pixels, and self-attention (Zhang et al. 2019)
    kind, shape, width = "infogan", (4, 4, 1), 2
    top = {"pictures": [4, 4, 1]}
    spec = Images.spec | {"generator.dense": 2, "discriminator.dense": 3}
    norm = {D: "layer", G: "batch"}
    attends = {D: True, G: True}

    def shapes(self):
        window = lambda *channels: (4, 4, *channels)
        return {
            f"{G}.0": ((1, 2), 2), f"{G}.1": ((2, 4), 4), f"{G}.2": (window(2, 4), 2), f"{G}.out": (window(1, 2), 1),
            f"{D}.0": (window(1, 2), 2), f"{D}.1": (window(2, 4), 4), f"{D}.2": ((4, 3), 3), f"{D}.out": ((3, 1), 1),
        }  # fmt: skip

    def normed(self):
        return {f"{G}.0": 2, f"{G}.1": 4, f"{G}.2": 2, f"{D}.1": 4, f"{D}.2": 3}

    def generator(self, p, z):
        h = self.finish(p, f"{G}.0", dense(p, f"{G}.0", z))
        h = self.finish(p, f"{G}.1", dense(p, f"{G}.1", h)).reshape(-1, 1, 1, 4)
        h = self.finish(p, f"{G}.2", self.up(p, f"{G}.2", h))
        return jnp.tanh(self.up(p, f"{G}.out", self.attend(p, G, h)))

    def features(self, p, x):
        h = self.attend(p, D, ACTIVATIONS[self.act[D]](self.down(p, f"{D}.0", x)))
        h = self.finish(p, f"{D}.1", self.down(p, f"{D}.1", h)).reshape(len(x), -1)
        return self.finish(p, f"{D}.2", dense(p, f"{D}.2", h))


network("dcgan", Dcgan)
network("infogan", Infogan)
