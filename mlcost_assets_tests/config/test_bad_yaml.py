"""A configuration that is broken, hostile or far too large: one line that says where, exit code 2, within bounds."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from mlcost_assets.config.files import read_yaml
from mlcost_assets_tests.cli.program import environment
from mlcost_assets_tests.world import World

MEMORY = 1024**3  # address space; importing what a query needs takes half of it
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)
GOOD = "billing: {exports: [{name: payer, uri: billing/payer}]}\n"

CONFIGURATIONS = {
    "a key twice": (f"home: a\n{GOOD}home: b\n", "mlcost.yaml, line 3: home: is given twice, first in line 1"),
    "a key twice inside": (
        "billing:\n  exports:\n    - name: payer\n      uri: a\n      uri: b\n",
        "mlcost.yaml, line 5: uri: is given twice, first in line 4",
    ),
    "aliases of aliases": (BOMB, "mlcost.yaml, line 5: more than 100,000 values, its aliases written out"),
    "an alias of itself": ("home: &a [*a]\n", "mlcost.yaml, line 1: an alias stands inside of what it names"),
    "many values": (f"home: [{'x,' * 120_000}]\n", "mlcost.yaml, line 1: more than 100,000 values"),
    "too large": (f"home: a # {'x' * 5 * 1024**2}\n", "mlcost.yaml has more than 5 MB"),
    "deep": (f"home: {'[' * 10_000}\n", "mlcost.yaml, line 1: nested more than 50 levels deep"),
    "a NUL": ("home: a\0b\n", "mlcost.yaml: special characters are not allowed"),
    "an escape": ("home: \x1b[2J\n", "mlcost.yaml: special characters are not allowed"),
    "a date": ("home: 2026-02-30\n", "mlcost.yaml, line 1: 2026-02-30 is no timestamp"),
    "a number": (f"home: {'9' * 5000}\n", "999 is no int"),
    "a tag": ("home: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
    "a wrong tag": ("home: !!bool maybe\n", "mlcost.yaml, line 1: maybe is no bool"),
    "a list as key": ("? [a, b]\n: c\n", "mlcost.yaml, line 1: found unhashable key"),
}


def run(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mlcost_assets", *arguments],
        cwd=world.folder, env=environment(), capture_output=True, text=True, check=False, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )  # fmt: skip


@pytest.mark.parametrize("case", CONFIGURATIONS)
def test_a_bad_configuration_is_refused_in_one_line(world: World, case: str) -> None:
    text, said = CONFIGURATIONS[case]
    (world.folder / "mlcost.yaml").write_text(text)
    done = run(world, "query", "SELECT 1")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("mlcost: ")
    assert said in line
    assert len(line) < 500


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("workloads:\n  - {model: a, valid: {from: 2026-02-30}}\n", "rules.yaml, line 2: 2026-02-30 is no timestamp"),
        ("workloads:\n  - {model: a, valid: {from: '2026-02-30'}}\n", "rules.yaml: workloads[0].valid.from: "),
        ("workloads:\n  - {model: a, team: b, team: c}\n", "rules.yaml, line 2: team: is given twice, first in line 2"),
        (BOMB, "rules.yaml, line 5: more than 100,000 values"),
    ],
    ids=["a date", "a date in quotes", "a key twice", "aliases of aliases"],
)
def test_bad_rules_are_refused_in_one_line_before_anything_is_touched(world: World, rules: str, said: str) -> None:
    world.rules(rules)
    done = run(world, "refresh")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert said in line
    assert not (world.folder / ".mlcost").exists()


def test_a_few_aliases_and_merged_keys_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "some.yaml"
    file.write_text("one: &one {a: 1, b: [1, 2]}\ntwo: {<<: *one, a: 3}\nthree: [*one, *one]\n")
    one = {"a": 1, "b": [1, 2]}
    assert read_yaml(file, "") == {"one": one, "two": one | {"a": 3}, "three": [one, one]}
