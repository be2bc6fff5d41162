"""Random numbers of a (seed, purpose, step) and a place, written from their published descriptions.

Philox4x32-10 (Salmon et al. 2011), keyed by the finaliser of SplitMix64 (Steele, Lea and Flood 2014) of the seed and the
64-bit FNV-1a hash of the purpose's name; and SplitMix64 itself as a stream, for what is drawn on the host.
"""

import math

M32, M64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15


def fnv1a(name):
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = (value ^ byte) * 0x100000001B3 & M64
    return value


def finalise(z):
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & M64
    z = (z ^ z >> 27) * 0x94D049BB133111EB & M64
    return z ^ z >> 31


def mix(x):
    return finalise(x + GOLDEN & M64)


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b & M32, a >> 32 ^ c[3] ^ k[1], a & M32]
        k = [k[0] + 0x9E3779B9 & M32, k[1] + 0xBB67AE85 & M32]
    return c


def words(seed, purpose, step, place):
    """The two words from which the number at a place is made, and whether it is the second of their pair."""
    key = mix(seed ^ mix(fnv1a(purpose)))
    block, within, lane = place // 256, place % 64, place % 256 // 64
    counter = block * 64 + within
    four = philox([counter & M32, counter >> 32, step & M32, step >> 32], [key & M32, key >> 32])
    return four[lane & 2], four[lane | 1], lane % 2


def uniform(seed, purpose, step, n):
    def one(place):
        first, second, odd = words(seed, purpose, step, place)
        return ((second if odd else first) >> 8) / 2**24

    return [one(i) for i in range(n)]


def integer(seed, purpose, step, n, below):
    def one(place):
        first, second, odd = words(seed, purpose, step, place)
        return (second if odd else first) * below >> 32

    return [one(i) for i in range(n)]


def normal(seed, purpose, step, n):
    """Box and Muller's transform of pairs of words."""

    def one(place):
        first, second, odd = words(seed, purpose, step, place)
        radius = math.sqrt(-2 * math.log(((first >> 9) + 0.5) / 2**23))
        angle = 2 * math.pi * (second >> 8) / 2**24
        return radius * (math.sin(angle) if odd else math.cos(angle))

    return [one(i) for i in range(n)]


class Keyed:
    """The host's stream of a key: numbers, each chained through SplitMix64's finaliser."""

    def __init__(self, numbers):
        self.state, self.spare = GOLDEN, None
        for number in numbers:
            self.state = finalise((self.state + GOLDEN & M64) ^ mix(number))

    def bits(self):
        self.state = self.state + GOLDEN & M64
        return finalise(self.state)

    def uniform(self):
        return (self.bits() >> 40) / 2**24

    def normal(self):
        """Box and Muller's transform, of which the cosine comes first."""
        if self.spare is not None:
            spare, self.spare = self.spare, None
            return spare
        radius = math.sqrt(-2 * math.log(((self.bits() >> 11) + 1) / 2**53))
        angle = 2 * math.pi * self.uniform()
        self.spare = radius * math.sin(angle)
        return radius * math.cos(angle)


def permutation(n, numbers):
    """A permutation of 0..n of a key: a Feistel network of eight rounds, walked until it comes back below n."""
    stream = Keyed(numbers)
    keys = [stream.bits() for _ in range(8)]
    half = max(((n - 1).bit_length() + 1) // 2, 1)
    mask = (1 << half) - 1

    def once(i):
        left, right = i >> half, i & mask
        for key in keys:
            left, right = right, left ^ finalise(right ^ key) & mask
        return left << half | right

    def at(i):
        i = once(i)
        while i >= n:
            i = once(i)
        return i

    return [at(i) for i in range(n)]


def batch_items(n, seed, step, draw, batch):
    """Which items a batch holds: epochs, one after another, each a permutation of its own."""
    places = range(step * batch, (step + 1) * batch)
    return [permutation(n, [seed, fnv1a("epoch"), draw, place // n])[place % n] for place in places]
