"""Damages of files, each reproducible by its seed: what disks, networks, tools and people do to them."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

Damage = Callable[[random.Random, bytes], bytes]


def flip(chance: random.Random, content: bytes) -> bytes:
    """Some bytes are others."""
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 8, 64])):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut(chance: random.Random, content: bytes) -> bytes:
    """The end is missing, or the beginning."""
    place = chance.randrange(len(content))
    return content[:place] if chance.random() < 0.7 else content[place:]


def insert(chance: random.Random, content: bytes) -> bytes:
    """Something stands in the middle that was not there."""
    place = chance.randrange(len(content))
    return content[:place] + chance.randbytes(chance.choice([1, 3, 100])) + content[place:]


def duplicate(chance: random.Random, content: bytes) -> bytes:
    """A block is there twice."""
    start = chance.randrange(len(content))
    block = content[start : start + chance.choice([1, 16, 512])]
    place = chance.randrange(len(content))
    return content[:place] + block + content[place:]


def zeros(chance: random.Random, content: bytes) -> bytes:
    """A block was never written: zeros stand there."""
    start = chance.randrange(len(content))
    block = content[start : start + chance.choice([4, 64, 4096])]
    return content[:start] + bytes(len(block)) + content[start + len(block) :]


def at_the_end(chance: random.Random, content: bytes) -> bytes:
    """Near the end, where Parquet and ZIP keep what describes the rest, bytes are others."""
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 4])):
        damaged[-1 - chance.randrange(min(len(damaged), 400))] = chance.randrange(256)
    return bytes(damaged)


def at_the_beginning(chance: random.Random, content: bytes) -> bytes:
    """In the header bytes are others."""
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 4])):
        damaged[chance.randrange(min(len(damaged), 40))] = chance.randrange(256)
    return bytes(damaged)


def noise(chance: random.Random, content: bytes) -> bytes:
    """It is something else."""
    return chance.choice(
        [
            b"",
            b"\x00" * len(content),
            chance.randbytes(chance.choice([1, 40, 4000])),
            "".join(chance.choices('ab,"\r\n{}[]:0é\x1b', k=300)).encode(),
            b"PAR1" + chance.randbytes(60) + b"PAR1",
            b"\x1f\x8b" + chance.randbytes(60),
            b"PK\x03\x04" + chance.randbytes(60),
        ]
    )


BYTES: tuple[Damage, ...] = (flip, cut, insert, duplicate, zeros, at_the_end, at_the_beginning, noise)


def rewritten(chance: random.Random, content: bytes) -> bytes:
    """JSON with a value of another kind, a key gone or another."""
    value = json.loads(content)
    for _ in range(chance.choice([1, 1, 3])):
        value = _edited(chance, value)
    return json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


_ODD: list[Any] = [
    None, True, -1, 0, 10**400, 1e308, float("nan"), "", "x" * 5000, "\x1b[31mred\x1b[0m", "\ud800", "\x00", "../../etc/passwd",
    "/etc/passwd", "s3://b/data/BILLING_PERIOD=2026-10/../../x", "2026-10-05T06:00:00Z", [], {}, [[]], {"a": {"b": None}},
]  # fmt: skip


def _edited(chance: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        edited = {name: _edited(chance, inner) if name == key else inner for name, inner in value.items()}
        if chance.random() < 0.2:
            edited[str(chance.choice(_ODD))] = edited.pop(key)
        return edited
    if isinstance(value, list) and value and chance.random() < 0.8:
        place = chance.randrange(len(value))
        return [*value[:place], _edited(chance, value[place]), *value[place + 1 :], *chance.choice([[], value])]
    return chance.choice(_ODD)


def repacked(pack: Callable[[bytes], bytes], unpack: Callable[[bytes], bytes], damages: tuple[Damage, ...]) -> Damage:
    """A damage of what is packed: the packing itself is sound."""

    def damage(chance: random.Random, content: bytes) -> bytes:
        return pack(chance.choice(damages)(chance, unpack(content)))

    return damage


def zipped(content: bytes, name: str = "bill.csv") -> bytes:
    """`content` as the only file of a ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def unzipped(content: bytes) -> bytes:
    """The only file of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(archive.namelist()[0])


IN_GZIP = repacked(gzip.compress, gzip.decompress, BYTES)
IN_ZIP = repacked(zipped, unzipped, BYTES)
