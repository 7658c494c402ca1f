"""The landing zone: every good line is a record, every other is set aside with file, line and reason."""

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path

import pytest

from mlcost_assets.errors import StorageError
from mlcost_assets.lake.objects import LocalStore
from mlcost_assets_tests.metadata.conftest import Landing
from mlcost_assets_tests.world import arn, record

JOB = record("sagemaker:DescribeTrainingJob", arn("training-job/x"), {"TrainingJobName": "x"})


def test_a_copy_of_the_landing_zone_with_other_times_is_not_read_again(landing: Landing) -> None:
    landing.world.land(JOB, file="a.jsonl")
    landing.world.land(JOB, file="b.jsonl")
    assert landing.read().files == 2
    for file in landing.world.metadata.iterdir():
        os.utime(file, (1, 1))
    assert landing.read().files == 0
    (landing.world.metadata / "a.jsonl").write_text((landing.world.metadata / "b.jsonl").read_text().replace("x", "y"))
    assert landing.read().files == 1


def test_bad_lines_are_set_aside_and_the_rest_of_the_file_is_used(landing: Landing) -> None:
    lines: list[bytes] = [
        json.dumps(JOB).encode(),
        b"not json",
        b'{"kind": "a:b"',
        b"[1, 2]",
        b"",
        b"\xff\xfe\x00 binary",
        json.dumps(JOB | {"kind": ""}).encode(),
        json.dumps(JOB | {"id": None}).encode(),
        json.dumps(JOB | {"collected_at": "yesterday"}).encode(),
        json.dumps(JOB | {"collected_at": "2999-01-01T00:00:00Z"}).encode(),
        json.dumps(JOB | {"body": "text"}).encode(),
        b'{"pad": "' + b"x" * 50_000_000 + b'"}',
        json.dumps(JOB | {"id": "it's '; DROP TABLE x; -- 😀"}, ensure_ascii=False).encode() + b"\r",
    ]
    (landing.world.metadata / "a.jsonl").write_bytes(b"\n".join(lines))
    done = landing.read()
    assert (done.records, done.quarantined) == (2, 10)
    found = landing.tuples("SELECT line, reason FROM quarantined_records ORDER BY line")
    assert [line for line, _ in found] == [2, 3, 4, 6, 7, 8, 9, 10, 11, 12]
    reasons = dict(found)
    assert reasons[2] == "not a JSON object"
    assert reasons[6] == "not UTF-8 text"
    assert reasons[10].startswith("collected_at lies in the future")
    assert reasons[12].startswith("the line has 50000012 bytes")
    assert ("it's '; DROP TABLE x; -- 😀",) in landing.tuples("SELECT id FROM metadata_records")


def test_a_file_is_read_once_and_again_when_it_grew(landing: Landing) -> None:
    landing.world.land(JOB)
    assert landing.read().records == 1
    assert landing.read().files == 0
    landing.world.land(JOB, JOB | {"id": "y"})
    assert landing.read().records == 2
    assert landing.tuples("SELECT count(*) FROM metadata_records") == [(2,)]


def test_after_two_years_of_days_only_the_new_file_is_read(landing: Landing) -> None:
    for day in range(730):
        landing.world.land(JOB | {"id": f"job-{day}"}, file=f"222222222222/day-{day:03}/sagemaker.jsonl")
    assert landing.read().files == 730
    landing.world.land(JOB | {"id": "job-730"}, file="222222222222/day-730/sagemaker.jsonl")
    done = landing.read()
    assert (done.files, done.records) == (1, 1)
    assert landing.tuples("SELECT count(*) FROM metadata_records") == [(731,)]


def test_a_truncated_gzip_gives_what_stands_before_its_end(landing: Landing) -> None:
    lines = "".join(json.dumps(JOB | {"id": f"job-{number}"}) + "\n" for number in range(2000))
    packed = gzip.compress(lines.encode())
    (landing.world.metadata / "a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    done = landing.read()
    assert 0 < done.records < 2000
    assert "ends early" in done.unreadable[0]


def test_unknown_kinds_are_kept_and_counted(landing: Landing) -> None:
    landing.world.land(JOB, JOB | {"kind": "newservice:DescribeThing", "id": "t"})
    assert landing.read().quarantined == 0
    assert landing.tuples("SELECT kind, count(*) FROM metadata_records GROUP BY 1 ORDER BY 1") == [
        ("newservice:DescribeThing", 1),
        ("sagemaker:DescribeTrainingJob", 1),
    ]
    assert landing.tuples("SELECT kind FROM resource_history") == [("sagemaker:DescribeTrainingJob",)]


def test_a_line_that_nests_too_deep_is_set_aside(landing: Landing) -> None:
    deep = b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    brackets = json.dumps(JOB | {"id": "text", "body": {"Description": "[{" * 10_000}}).encode()
    (landing.world.metadata / "a.jsonl").write_bytes(b"\n".join([json.dumps(JOB).encode(), deep, brackets]))
    done = landing.read()
    assert (done.records, done.quarantined) == (2, 1)
    assert landing.tuples("SELECT line, reason FROM quarantined_records") == [
        (2, "the line nests more than 200 levels; no API answer does")
    ]


def test_a_file_that_the_store_breaks_off_is_read_again(landing: Landing, monkeypatch: pytest.MonkeyPatch) -> None:
    landing.world.land(JOB, JOB | {"id": "y"})
    genuine = LocalStore.open

    @contextmanager
    def breaking_off(store: LocalStore, key: str) -> Iterator[BufferedReader]:
        with genuine(store, key) as file:
            yield BufferedReader(BrokenOff(file.read()))  # type: ignore[arg-type]

    monkeypatch.setattr(LocalStore, "open", breaking_off)
    done = landing.read()
    assert (done.records, done.unreadable) == (1, ("records.jsonl: S3 broke off in the middle.",))
    monkeypatch.undo()
    assert landing.read().records == 2
    assert landing.tuples("SELECT count(*), any_value(error) FROM metadata_files") == [(1, None)]


class BrokenOff(RawIOBase):
    """The first line of a content, and then no more, as a connection that is lost."""

    def __init__(self, content: bytes) -> None:
        self._left = content[: content.index(b"\n") + 1]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if not self._left:
            raise StorageError("S3 broke off in the middle.")
        given, self._left = self._left, b""
        buffer[: len(given)] = given
        return len(given)


# Reads a small good file, then another; says what came of it and what memory it took.
MEASURED = """
import resource, sys
from pathlib import Path
from mlcost_assets.lake.contents import Contents
from mlcost_assets.lake.stores import open_store
from mlcost_assets.metadata.landing import new_files
from mlcost_assets.metadata.records import read_files
from mlcost_assets_tests.metadata.conftest import MemoryLake
lake, store = MemoryLake(), open_store(sys.argv[1])
good, other = new_files(store, lake.connection, Contents(Path(sys.argv[1])))
assert read_files(lake, store, [good]).records == 1
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
done = read_files(lake, store, [other])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1000, done.records, done.quarantined, *done.unreadable)
"""
LINE = json.dumps(JOB).encode() + b"\n"
LARGE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb": (lambda: gzip.compress((b" " * 999 + b"\n") * 110_000 + LINE * 10), r"0 0 other\.jsonl: ends early: it unpacks to more than"),
    "a line of 100 MB": (lambda: LINE + b"x" * 100_000_000 + b"\n" + LINE, r"2 1"),
    "a packed line of 100 MB": (lambda: gzip.compress(LINE + b"x" * 90_000_000 + b"\n" + LINE), r"2 1"),
    "a long file": (lambda: LINE * 200_000, r"200000 0"),
    "long lines": (lambda: b"".join(LINE.replace(b'"x"', b'"%s"' % (b"x" * 3_500_000)) for _ in range(10)), r"10 0"),
}  # fmt: skip


@pytest.mark.parametrize("what", LARGE)
def test_a_file_is_read_within_200_megabytes(tmp_path: Path, what: str) -> None:
    made, expected = LARGE[what]
    (tmp_path / "good.jsonl").write_bytes(LINE)
    (tmp_path / "other.jsonl").write_bytes(made())
    run = [sys.executable, "-c", MEASURED, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    megabytes, said = done.stdout.strip().split(" ", 1)
    assert re.match(expected, said), said
    assert int(megabytes) < 200
