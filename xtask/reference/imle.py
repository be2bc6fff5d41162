"""Implicit maximum likelihood: every data point pulls the sample nearest to it (Li and Malik 2018)."""

import jax
import jax.numpy as jnp
import numpy as np

import philox
from game import D, G, POINTS, Gan
from tables import table

DRAW = 3 << 32


class Imle(Gan):
    batch, name = 4, "imle"
    spec = {
        f"{D}.hidden": None, f"{D}.update.kind": None, f"{D}.update.lr": None, "loss.kind": None,
        "scheme.kind": "alternating", "game.pool_factor": 3.0, "game.staleness": 1, "game.latent_noise": 0.2,
    }  # fmt: skip
    lr = {D: None, G: 0.05}

    def the_spec(self):
        return super().the_spec() | {"game.kind": self.name}

    def draw(self, n, *key):
        stream = philox.Keyed([self.seed, *key])
        return jnp.array([[stream.normal() for _ in range(self.z_dims)] for _ in range(n)])

    # Which points are matched anew, what their threshold then is, and which of the pool may be matched.

    def due(self, squared, threshold):
        return np.full(len(squared), True)

    def threshold(self, squared):
        return 0.0

    def allowed(self, nearest):
        return np.full(len(nearest), True)

    def match(self, p):
        apart = lambda a, b: np.array(jnp.sum((a[:, None] - b[None]) ** 2, axis=2))
        squared = np.array(jnp.sum((self.points - self.generator(p, self.latents)) ** 2, axis=1))
        due = self.due(squared, self.thresholds)
        pool = self.draw(30, philox.fnv1a("imle pool"), self.step)
        distances = apart(self.points, self.generator(p, pool))
        allowed = self.allowed(np.sqrt(distances.min(axis=0)))
        distances[:, ~allowed] = np.inf if allowed.any() else distances[:, ~allowed]
        for i in np.flatnonzero(due):
            best = int(np.argmin(distances[i]))
            self.latents = self.latents.at[i].set(pool[best])
            squared[i], self.thresholds[i] = distances[i, best], self.threshold(distances[i, best])
        distances = {"mean_distance": np.mean(np.sqrt(squared)), "largest_distance": np.sqrt(squared.max())}
        self.distances = {f"game{mark}{name}": x for name, x in distances.items() for mark in "./"}

    def play(self):
        p = {name: jnp.array(x) for name, x in self.weights().items() if name.startswith(G)}
        before, after, self.m = dict(p), [], {}
        self.points = jnp.array(POINTS)[jnp.array(philox.batch_items(10, self.seed, 0, DRAW, 10))]
        self.latents, self.thresholds = self.draw(10, philox.fnv1a("imle latents")), np.full(10, self.first)
        for self.step in range(self.steps):
            epoch = lambda step: step * self.batch // 10
            if self.step == 0 or epoch(self.step) != epoch(self.step - 1):
                self.match(p)
            batch = jnp.array(philox.batch_items(10, self.seed, self.step, DRAW, self.batch))
            z = self.latents[batch] + 0.2 * self.normal("g0.latent", (self.batch, self.z_dims))
            loss = lambda p: jnp.mean(jnp.sum((self.points[batch] - self.generator(p, z)) ** 2, axis=1))
            value, slope = jax.value_and_grad(loss)(p)
            p = self.apply(p, G, slope, {"running": {}})
            kept = {"game.latents": self.latents, "game.thresholds": self.thresholds.copy()}
            after.append(p | self.m | kept | self.distances | {"generator/loss": value})
        return self.the_spec(), before, after

    first = 0.0


class Adaptive(Imle):  # Aghabozorgi, Peng and Li (2023)
    name, spec, first = "adaptive-imle", Imle.spec | {"game.tau": 0.9, "game.threshold": 0.1}, 0.1

    def due(self, squared, threshold):
        return squared < 0.9 * threshold

    def threshold(self, squared):
        return 0.9 * squared


class Rejection(Imle):  # Vashist, Peng and Li (2024)
    name, spec = "rejection-imle", Imle.spec | {"game.epsilon": 0.15}

    def allowed(self, nearest):
        return nearest >= 0.15


for game in (Imle, Adaptive, Rejection):
    table("game", game.name)(lambda game=game: game().play())
