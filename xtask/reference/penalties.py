"""The remedies that want D's slopes to be of some length, each as its paper has it."""

import jax
import jax.numpy as jnp
from jax.numpy import mean

from game import D, Gan
from remedies import Pictures, remedy


class OnD(Gan):
    """A penalty is added to what D minimises."""

    def added(self, p, who, turn, loss, scene, m):
        return (loss + self.penalty(p, turn, scene) if who == D else loss), {}

    def slopes(self, p, x):
        """The length of D's slope at each item."""
        slope = jax.vmap(jax.grad(lambda one: self.judge(p, one[None])[0]))(x)
        return jnp.sqrt(jnp.sum(slope.reshape(len(x), -1) ** 2, axis=1))


class Between(OnD):  # Gulrajani et al. (2017), eq. 3
    def penalty(self, p, turn, scene):
        u = self.uniform(f"{turn}.between", (self.batch, 1))
        return 2 * mean(self.off(self.slopes(p, u * scene.real + (1 - u) * scene.fake) - 0.6) ** 2)


@remedy("gradient-penalty", **{"lambda": 2.0, "target": 0.6})
class GradientPenalty(Between):
    off = staticmethod(lambda x: x)


@remedy("gradient-penalty--one-sided", **{"lambda": 2.0, "target": 0.6, "one_sided": True})
class OneSided(Between):  # Petzka et al. (2018)
    off = staticmethod(lambda x: jnp.maximum(x, 0))


@remedy("dragan", **{"lambda": 2.0, "target": 0.9, "scale": 0.7})
class Dragan(OnD):  # Kodali et al. (2017), and its authors' code
    def penalty(self, p, turn, scene):
        near = self.uniform(f"{turn}.near", (self.batch, 1)) * self.uniform(f"{turn}.noise", (self.batch, 2))
        return 2 * mean((self.slopes(p, scene.real + 0.7 * jnp.std(scene.real) * near) - 0.9) ** 2)


@remedy("r1", gamma=2.0)
class R1(OnD):  # Mescheder et al. (2018), eq. 9
    def penalty(self, p, turn, scene):
        return mean(self.slopes(p, scene.real) ** 2)


@remedy("r1--lazy", gamma=2.0, every_steps=2)
class Lazy(R1):  # Karras et al. (2020), appendix B
    def penalty(self, p, turn, scene):
        return 2 * super().penalty(p, turn, scene) if self.step % 2 == 0 else 0.0


@remedy("r2", gamma=2.0)
class R2(OnD):  # Mescheder et al. (2018), eq. 10
    def penalty(self, p, turn, scene):
        return mean(self.slopes(p, jax.lax.stop_gradient(scene.fake)) ** 2)


@remedy("r1--pictures", gamma=2.0)
class R1OfPictures(Pictures, R1):
    """The length of a slope is that over all pixels and channels."""
