"""Randomness by seed and purpose, so that adding one generator does not disturb the others."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"


class Chance(random.Random):
    """A stream of random choices that depends on the seed and on what it is for, and on nothing else."""

    def maybe(self, probability: float) -> bool:
        """Tell whether something of this probability happens."""
        return self.random() < probability

    def one(self, options: Sequence[T]) -> T:
        """Choose one of the options."""
        return options[self.randrange(len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Choose several different options."""
        return self.sample(list(options), min(count, len(options)))

    def hex(self, length: int) -> str:
        """Make an id of hexadecimal digits, as EC2 does."""
        return "".join(self.one("0123456789abcdef") for _ in range(length))

    def code(self, length: int) -> str:
        """Make an id of lower-case letters and digits, as SageMaker does."""
        return "".join(self.one(_LOWER) for _ in range(length))

    def uuid(self) -> str:
        """Make a UUID."""
        digits = self.hex(32)
        return "-".join((digits[:8], digits[8:12], "4" + digits[13:16], "a" + digits[17:20], digits[20:]))

    def digits(self, length: int) -> str:
        """Make a number of this many digits that does not begin with zero."""
        return str(self.randrange(10 ** (length - 1), 10**length))


def stream(seed: int, *purpose: object) -> Chance:
    """Open the stream of a purpose."""
    return Chance(":".join(str(part) for part in (seed, *purpose)))
