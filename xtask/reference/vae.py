"""The variational autoencoder of Kingma and Welling (2014): D's network encodes."""

import jax.numpy as jnp

from game import D, G, Gan, softplus
from remedies import Pictures
from tables import table


class Vae(Gan):
    spec = {"game.kind": "vae", "game.std": 0.7, "game.beta": 1.5, "loss.kind": None}
    z_dims = 3
    beta = 1.5
    lr = {D: 0.02, G: 0.01}

    def layers(self, who):
        layers = super().layers(who)
        if who == D:
            n_in, _ = layers["discriminator.out"]
            layers["discriminator.out"] = (n_in, 2 * self.z_dims)
        return layers

    def unlikely(self, x, made):
        """Minus the log-likelihood of each item, but for the constant of a normal one."""
        return jnp.sum((x - made) ** 2, axis=1) / (2 * 0.7**2)

    def objective(self, p, who, turn, m):
        x = self.real(turn)
        code = self.features(p, x) @ p["discriminator.out.weight"] + p["discriminator.out.bias"]
        mean, deviation = code[:, : self.z_dims], softplus(code[:, self.z_dims :]) + 1e-6
        z = mean + deviation * self.normal(f"{turn}.code", mean.shape)
        error = jnp.mean(self.unlikely(x.reshape(len(x), -1), self.generator(p, z).reshape(len(x), -1)))
        divergence = jnp.mean(jnp.sum((mean**2 + deviation**2 - 1) / 2 - jnp.log(deviation), axis=1))
        loss = error + self.beta * divergence
        readings = {f"{who}/loss": loss}
        if who == D:
            readings |= {"vae/reconstruction_error": error, "vae/divergence": divergence}
        return loss, {"readings": readings, "kept": {}, "running": {}}


@table("game", "vae")
def vae():
    return Vae().play()


class OfPictures(Pictures, Vae):
    """Pixels are white by chance."""

    spec = {"game.kind": "vae", "game.likelihood": "bernoulli", "loss.kind": None, "data.kind": None}
    z_dims = 2
    beta = 1.0

    def unlikely(self, x, made):
        y, p = (x + 1) / 2, 1e-6 + (1 - 2e-6) * (made + 1) / 2
        return -jnp.sum(y * jnp.log(p) + (1 - y) * jnp.log1p(-p), axis=1)


@table("game", "vae--pictures")
def of_pictures():
    return OfPictures().play()
