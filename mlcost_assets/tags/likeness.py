"""How alike two names are as names: the same words, a short form, a slip of the fingers, or different things.

Nothing here knows who uses the names; whether an alike pair is one name is decided with evidence (`name_links.sql`).
"""

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import permutations, product
from pathlib import Path
from typing import NamedTuple

import spellchecker
from rapidfuzz.distance import OSA

from mlcost_assets.packaged import read_yaml

TOKEN_SET, SHORT_FORM, WORD_FORM, SPELLING = "token set", "short form", "word form", "spelling"


@dataclass(frozen=True)
class Likeness:
    """`score` is 1 for the same words and falls with every letter that differs; `stage` says what differs."""

    score: float
    stage: str
    what: str


class _Words(NamedTuple):
    fillers: frozenset[str]
    joining: frozenset[str]
    distinguishing: frozenset[str]
    short_forms: dict[str, str]
    task_roots: tuple[str, ...]


@cache
def _kinds_of_words() -> _Words:
    words = read_yaml(Path(__file__).with_name("words.yaml"))
    return _Words(
        frozenset(words["fillers"]),
        frozenset(words["joining"]),
        frozenset(word for group in words["distinguishing"].values() for word in group),
        words["short_forms"],
        tuple(sorted(words["task_roots"], key=len, reverse=True)),
    )


def english_file() -> str:
    """Some 160,000 words, inflected forms among them (pyspellchecker's list): the keys of one JSON object."""
    return str(Path(spellchecker.__file__).parent / "resources" / "en.json.gz")


@cache
def english_words() -> frozenset[str]:
    """The words of `english_file`."""
    with gzip.open(english_file(), "rt", encoding="utf-8") as file:
        return frozenset(json.load(file))


def likeness(one: str, other: str) -> Likeness | None:
    """How alike two normal forms are; None where they name different things as far as names can tell."""
    if _numbers(one) != _numbers(other):
        return None
    found = [
        alike
        for left, right in dict.fromkeys(product(_readings(one), _readings(other)))
        if (alike := _same_words(left, right) or _alike_words(left, right))
    ]
    if together := _run_together(one, other):
        found.append(together)
    return max(found, key=lambda alike: (alike.score, alike.stage), default=None)


def _numbers(name: str) -> list[str]:
    return sorted(re.findall(r"\d+", name))


@lru_cache(maxsize=100_000)
def _readings(name: str) -> tuple[tuple[str, ...], ...]:
    """The words of a name: as written, in base form, and with short forms of several words written out."""
    words = _kinds_of_words()
    written = tuple(word for word in name.split("-") if word not in words.fillers) or (name,)
    base = tuple(map(_base_form, written))
    long = tuple(part for word in base for part in _written_out(word, words.short_forms))
    return tuple(dict.fromkeys((written, base, long)))


def _written_out(word: str, short_forms: dict[str, str]) -> list[str]:
    long = short_forms.get(word, "")
    return [_base_form(part) for part in long.split("-")] if "-" in long else [word]


def _base_form(word: str) -> str:
    """Singular and American: what a plural or a British spelling has in common with the other."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif (
        len(word) > 4
        and re.search(r"(s|x|z|ch|sh)es$", word)
        and not word.endswith(("ases", "uses", "nses", "rses", "ices"))
    ):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics", "ws")):
        word = word[:-1]
    word = re.sub(r"(?<=[a-z]{3})is(e|er|ed|ing|ation)$", r"iz\1", word) if len(word) > 6 else word
    return re.sub(r"(?<=[a-z]{2})our$", "or", word) if len(word) > 5 else word


def _same_words(left: tuple[str, ...], right: tuple[str, ...]) -> Likeness | None:
    if sorted(left) != sorted(right):
        return None
    if left == right:
        return Likeness(0.98, TOKEN_SET, "the same words")
    if _kinds_of_words().joining & set(left):
        return None  # text-to-speech and speech-to-text
    return Likeness(0.95, TOKEN_SET, "the same words in another order")


def _alike_words(left: tuple[str, ...], right: tuple[str, ...]) -> Likeness | None:
    """Words that differ, matched one to one; every pair must be alike."""
    rest_left, rest_right = _without(left, right), _without(right, left)
    if not rest_left or len(rest_left) != len(rest_right) or len(rest_left) > 3:
        return None
    best: Likeness | None = None
    for order in permutations(rest_right):
        pairs = [_alike(one, other) for one, other in zip(rest_left, order, strict=True)]
        sure = [pair for pair in pairs if pair]
        if len(sure) < len(pairs):
            continue
        # What the names have in common counts too: one slip in a long name leaves less doubt than in a short one.
        common = sum(map(len, left)) - sum(map(len, rest_left))
        doubt = sum((1 - pair.score) * len(word) for pair, word in zip(sure, rest_left, strict=True))
        moved = 0.03 if order != tuple(rest_right) else 0
        stage = SPELLING if any(pair.stage == SPELLING for pair in sure) else sure[0].stage
        score = 1 - doubt / max(common + sum(map(len, rest_left)), 1) - moved
        alike = Likeness(round(score, 4), stage, "; ".join(pair.what for pair in sure))
        best = alike if best is None or alike.score > best.score else best
    return best


def _without(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    left = list(words)
    for word in others:
        if word in left:
            left.remove(word)
    return left


def _alike(one: str, other: str) -> Likeness | None:
    """Two words: a short form of one another, another form of the same task, or a slip of the fingers."""
    words = _kinds_of_words()
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or (_tells_apart(short) and (len(short) < 5 or _tells_apart(long))):
        return None
    if _base_form(words.short_forms.get(short, "")) == long:
        return Likeness(0.93, SHORT_FORM, f"{short} is short for {long}")
    if _is_short_for(short, long):
        return Likeness(0.9, SHORT_FORM, f"{short} is short for {long}")
    if slip := _slip(one, other):
        return slip
    if (root := _task(one)) and root == _task(other):
        return Likeness(0.85, WORD_FORM, f"{one} and {other} are forms of one word")
    return None


def _tells_apart(word: str) -> bool:
    return word in _kinds_of_words().distinguishing


def _is_short_for(short: str, long: str) -> bool:
    if len(short) < 3 or len(long) - len(short) < 2 or short in english_words() or short[0] != long[0]:
        return False
    if long.startswith(short):
        return True
    letters = iter(long)
    in_order = all(letter in letters for letter in short)
    vowels = sum(letter in "aeiou" for letter in short[1:])
    return in_order and vowels * 4 <= len(short)


def _task(word: str) -> str | None:
    return next((root for root in _kinds_of_words().task_roots if word.startswith(root)), None)


def _slip(one: str, other: str) -> Likeness | None:
    """One letter too few, too many, another or swapped; two in long words. Two real words are no slip."""
    longest = max(len(one), len(other))
    allowed = 0 if longest < 5 else 1 if longest < 9 else 2
    edits = OSA.distance(one, other, score_cutoff=allowed)
    if edits > allowed or (sorted(one[:2]) != sorted(other[:2]) and one[0] != other[0]):
        return None
    if one in english_words() and other in english_words():
        return None
    letters = "one letter" if edits == 1 else f"{edits} letters"
    return Likeness(round(1 - edits / longest, 4), SPELLING, f"{letters} between {one} and {other}")


def _run_together(one: str, other: str) -> Likeness | None:
    """Names that differ in where their words end, and in a slip: frauddetecton and fraud-detection."""
    fewer, more = sorted((one.split("-"), other.split("-")), key=len)
    if len(fewer) == len(more):
        return None
    joined = "".join(fewer)
    for word in set(_without(tuple(more), tuple(fewer))) | set(_without(tuple(fewer), tuple(more))):
        short = len(word) < 2 or (len(word) < 5 and _tells_apart(word))
        # churnus may be churn-us; churns is not.
        kept = (word == more[-1] and joined.endswith(word)) or (word == more[0] and joined.startswith(word))
        if short and not (kept and len(word) > 1):
            return None
    return _slip(joined, "".join(more))
