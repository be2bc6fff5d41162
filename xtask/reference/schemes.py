"""The schemes: who moves when, and along which gradient."""

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from game import D, G, Gan, plus
from tables import table


def scheme(name, **fields):
    def register(game):
        kind = name.split("--")[0]
        game.scheme_name = kind
        game.spec = game.spec | {f"scheme.{field}": x for field, x in fields.items()}
        table("scheme", name)(lambda: game().play())
        return game

    return register


@scheme("simultaneous")
class Simultaneous(Gan):
    pass


class Alternating(Gan):
    d_steps, g_steps, g_first = 1, 1, False
    turns = ("d0", "g0")

    def scheme(self, p):
        order = [(D, "d", self.d_steps), (G, "g", self.g_steps)]
        for who, letter, n in reversed(order) if self.g_first else order:
            for i in range(n):
                p = self.apply(p, who, *self.turn(p, who, f"{letter}{i}"))
        return p


@scheme("alternating", d_steps=3, g_steps=2)
class Often(Alternating):
    d_steps, g_steps = 3, 2
    turns = ("d0", "d1", "d2", "g0", "g1")


@scheme("alternating--g-first", g_first=True)
class GFirst(Alternating):
    g_first = True


@scheme("extragradient")
class Extragradient(Gan):  # Korpelevich (1976); Gidel et al. (2019), algorithm 2
    turns = ("b0", "b1")

    def scheme(self, p):
        before = self.m
        ahead = self.apply_all(p, self.field(p, "b0"))
        learned = [who for who in (D, G) if getattr(self.update[who], "learns", False)]
        self.m = before | {
            name: x for name, x in self.m.items() if name.startswith(tuple(f"update.{who}" for who in learned))
        }
        return self.apply_all(p, self.field(ahead, "b1"))


@scheme("past-extragradient")
class PastExtragradient(Gan):  # Popov (1980); Gidel et al. (2019), algorithm 3. (The batch b0 is the one not looked at.)
    turns = ("b1",)

    def scheme(self, p):
        past = lambda name: self.m.get(f"scheme.past.{name}", jnp.zeros_like(p[name]))
        ahead = p | {name: p[name] - self.lr[who] * past(name) for who in (D, G) for name in self.own(p, who)}
        gradients = self.field(ahead, "b1")
        for g, _ in gradients.values():
            self.m = self.m | {f"scheme.past.{name}": x for name, x in g.items()}
        return self.apply_all(p, gradients)


@scheme("optimistic")
class Optimistic(Gan):  # Daskalakis et al. (2018), eq. 4
    def scheme(self, p):
        past, gradients = self.m, self.field(p, "b0")
        self.m = self.m | {"scheme.has_past_gradient": 1.0}
        for who, (g, notes) in gradients.items():
            twice = {name: 2 * x - past.get(f"scheme.past.{name}", x) for name, x in g.items()}
            self.m = self.m | {f"scheme.past.{name}": x for name, x in g.items()}
            gradients[who] = twice, notes
        return self.apply_all(p, gradients)


class OnField(Gan):
    """A scheme of the field as one vector and its Jacobian as one matrix."""

    def scheme(self, p):
        gradients = self.field(p, "b0")
        point, back = ravel_pytree({who: self.own(p, who) for who in (D, G)})

        def field(flat):
            at = p | {name: x for of in back(flat).values() for name, x in of.items()}
            return ravel_pytree({who: self.slope(at, who, "b0", self.m)[0] for who in (D, G)})[0]

        xi = field(point)
        of_d = len(ravel_pytree(self.own(p, D))[0])
        joint = back(self.joint(xi, jax.jacfwd(field)(point), of_d))
        return self.apply_all(p, {who: (joint[who], gradients[who][1]) for who in (D, G)})


@scheme("consensus", gamma=0.8)
class Consensus(OnField):  # Mescheder et al. (2017), algorithm 2
    def joint(self, xi, h, _):
        return xi + 0.8 * h.T @ xi


class Symplectic(OnField):  # Balduzzi et al. (2018); Letcher et al. (2019), algorithm 1
    align = True

    def joint(self, xi, h, _):
        turn = ((h - h.T) / 2).T @ xi
        sign = jnp.sign((xi @ h.T @ xi) * (turn @ h.T @ xi) / len(xi) + 0.1) if self.align else 1
        return xi + 0.7 * sign * turn


@scheme("symplectic", **{"lambda": 0.7})
class Aligned(Symplectic):
    pass


@scheme("symplectic--plain", **{"lambda": 0.7, "align": False})
class Plain(Symplectic):
    align = False


@scheme("competitive", iterations=8)
class Competitive(OnField):  # Schaefer and Anandkumar (2019), eq. 3, with a step of its own for each player
    def joint(self, xi, h, n):
        (a, b), (f, g) = (self.lr[D], self.lr[G]), (xi[:n], xi[n:])
        fxy, gyx = h[:n, n:], h[n:, :n]
        of_d = jnp.linalg.solve(jnp.eye(n) - a * b * fxy @ gyx, f - b * fxy @ g)
        of_g = jnp.linalg.solve(jnp.eye(len(g)) - a * b * gyx @ fxy, g - a * gyx @ f)
        return jnp.concatenate([of_d, of_g])


class Lola(Gan):
    alpha, shape_others = 0.6, True

    def scheme(self, p):
        gradients = {}
        for who, other in ((D, G), (G, D)):

            def expected(own):
                at = p | own
                step = self.slope(at, other, "b0", self.m)[0]
                step = step if self.shape_others else jax.lax.stop_gradient(step)
                return self.objective(at | plus(self.own(at, other), step, -self.alpha), who, "b0", self.m)

            g, notes = jax.grad(expected, has_aux=True)(self.own(p, who))
            self.readings |= notes["readings"]
            gradients[who] = g, notes
        return self.apply_all(p, gradients)


@scheme("lola", alpha=0.6)
class Shaping(Lola):  # Foerster et al. (2018)
    pass


@scheme("lola--given", alpha=0.6, shape=False)
class Given(Lola):  # Letcher et al. (2019), LookAhead
    shape_others = False


@scheme("lookahead-minimax", k=2, alpha=0.3)
class LookaheadMinimax(Alternating):  # Chavdarova et al. (2021), algorithm 1
    def moves_of_step(self, p):
        return super().scheme(p)

    def scheme(self, p):
        since, slow = self.m.get("scheme.since_backtrack", 0.0), p
        if since > 0:
            slow = {name: self.m[f"scheme.slow.{name}"] for name in p}
        p = self.moves_of_step(p)
        if since + 1 == 2:
            p = slow = plus(slow, plus(p, slow, -1), 0.3)
        self.m = self.m | {f"scheme.slow.{name}": x for name, x in slow.items()}
        self.m = self.m | {"scheme.since_backtrack": (since + 1) % 2}
        return p


@scheme("lookahead-minimax--simultaneous", k=2, alpha=0.3, inner="simultaneous")
class LookaheadSimultaneous(LookaheadMinimax):
    turns = ("b0",)

    def moves_of_step(self, p):
        return Gan.scheme(self, p)


class Unrolled(Gan):  # Metz et al. (2017), eq. 2 to 6
    k, through = 3, True

    def scheme(self, p):
        start = self.m
        first, moved = self.apply(p, D, *self.turn(p, D, "b0")), self.m

        def later(own):
            at, self.m = p | own, start
            for _ in range(self.k):
                g, notes = self.slope(at, D, "b0", self.m)
                at = self.apply(at, D, g, notes)
            if not self.through:
                at = {name: x if name.startswith(G) else jax.lax.stop_gradient(x) for name, x in at.items()}
            loss, of_g = self.objective(at, G, "b0", self.m)
            return loss, of_g | {"readings": notes["readings"] | of_g["readings"]}

        g, notes = jax.grad(later, has_aux=True)(self.own(p, G))
        self.m = moved
        self.readings |= notes["readings"]
        return self.apply(first, G, g, notes)


@scheme("unrolled--sgd", k=3)
class UnrolledSgd(Unrolled):
    pass


@scheme("unrolled--shortcut", k=3, stop_gradient=True)
class Shortcut(Unrolled):
    through = False
