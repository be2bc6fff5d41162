"""The losses, each as its paper has it, on logits of a real and of a generated batch: what D minimises, and what G."""

import jax
import jax.numpy as jnp
from jax.numpy import exp, mean

from game import D, G, Gan, minimax, non_saturating, softplus
from tables import table


def loss(name, **spec):
    def register(f):
        class Game(Gan):
            loss_name, loss = name, staticmethod(f)

        Game.spec = {f"loss.{field}": x for field, x in spec.items()}
        table("loss", name)(lambda: Game().play())
        return f

    return register


# Goodfellow et al. (2014), eq. 1 and section 3.
loss("minimax")(minimax)
loss("non-saturating")(non_saturating)


@loss("least-squares", a=-0.8, b=1.2, c=0.3)  # Mao et al. (2017), eq. 2
def least_squares(real, fake, a=-0.8, b=1.2, c=0.3):
    return mean((real - b) ** 2) / 2 + mean((fake - a) ** 2) / 2, mean((fake - c) ** 2) / 2


@loss("wasserstein")  # Arjovsky et al. (2017), algorithm 1, whose w climbs
def wasserstein(real, fake):
    return -(mean(real) - mean(fake)), -mean(fake)


@loss("hinge")  # Miyato et al. (2018), eq. 16 and 17
def hinge(real, fake):
    return -mean(jnp.minimum(0, -1 + real)) - mean(jnp.minimum(0, -1 - fake)), -mean(fake)


@loss("relativistic")  # Jolicoeur-Martineau (2019), RSGAN
def relativistic(real, fake):
    return -mean(jax.nn.log_sigmoid(real - fake)), -mean(jax.nn.log_sigmoid(fake - real))


@loss("relativistic-average")  # Jolicoeur-Martineau (2019), eq. 12 and 13, with the mean of both terms
def relativistic_average(real, fake):
    def of(real_like, fake_like):
        right = jax.nn.log_sigmoid(real_like - mean(fake_like))
        wrong = jax.nn.log_sigmoid(-(fake_like - mean(real_like)))
        return -(mean(right) + mean(wrong)) / 2

    return of(real, fake), of(fake, real)


class Began(Gan):
    """Berthelot et al. (2017), section 3.4: the losses are errors of an autoencoder with a code of two numbers."""

    loss_name = "began"
    gamma, pace = 0.7, 0.4
    spec = {
        "loss.gamma": gamma, "loss.lambda": pace, "discriminator.kind": "autoencoder", "discriminator.code": 2,
        "discriminator.hidden": [3],
    }  # fmt: skip

    def layers(self, who):
        if who == G:
            return super().layers(G)
        return {f"{D}.encoder.0": (2, 3), f"{D}.code": (3, 2), f"{D}.decoder.0": (2, 3), f"{D}.out": (3, 2)}

    def kept(self):
        return {"loss.k": 0.25}

    def judge(self, p, x):
        dense = lambda name, h: h @ p[f"{D}.{name}.weight"] + p[f"{D}.{name}.bias"]
        code = dense("code", jnp.tanh(dense("encoder.0", x)))
        return -mean(jnp.abs(x - dense("out", jnp.tanh(dense("decoder.0", code)))), axis=1)

    def players_loss(self, who, c_real, c_fake, m):
        of_real, of_fake, k = -mean(c_real), -mean(c_fake), m["loss.k"]
        if who == G:
            return of_fake, {}
        balance = self.gamma * of_real - of_fake
        k_next = jnp.clip(k + self.pace * balance, 0, 1)
        readings = {"loss/k": k_next, "loss/convergence": of_real + jnp.abs(balance)}
        return of_real - k * of_fake, {"loss.k": k_next, "readings": readings}


table("loss", "began")(lambda: Began().play())


# Nowozin et al. (2016), eq. 6: V = E g(C_real) - E f*(g(C_fake)), which D maximises and G minimises; table 2 has g and f*.
def f_divergence(name, activation, conjugate):
    def both(real, fake):
        value = mean(activation(real)) - mean(conjugate(activation(fake)))
        return -value, -mean(conjugate(activation(fake)))

    loss(name)(both)


f_divergence("f-kl", lambda v: v, lambda t: exp(t - 1))
f_divergence("f-reverse-kl", lambda v: -exp(-v), lambda t: -1 - jnp.log(-t))
f_divergence("f-pearson", lambda v: v, lambda t: t**2 / 4 + t)
f_divergence("f-hellinger", lambda v: 1 - exp(-v), lambda t: t / (1 - t))
f_divergence("f-jensen-shannon", lambda v: jnp.log(2.0) - softplus(-v), lambda t: -jnp.log(2 - exp(t)))
