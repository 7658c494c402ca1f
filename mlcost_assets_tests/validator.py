"""The official FOCUS validator, in an environment of its own: it wants Python 3.12 and versions that this product does not.

https://github.com/finopsfoundation/focus-spec-validator, release 2.2.1: the rules of FOCUS 1.2, shipped with it, so that
nothing is fetched while it runs. Its exit code is 0 whatever fails; what failed stands in its report.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from filelock import FileLock

LOCK = Path(__file__).parents[1] / "deploy" / "requirements-focus-validator.txt"
# What AWS has, so that the rules about it apply. It bills and prices in one currency, and has no virtual one.
CRITERIA = ",".join(
    f"{name}_SUPPORTED"
    for name in (
        "ACCOUNT_NAMING", "AVAILABILITY_ZONE", "BILLING_BASED_ON_PROVISIONED_RESOURCES", "CAPACITY_RESERVATION",
        "COMMITMENT_DISCOUNT", "MULTIPLE_BILLING_ACCOUNT_TYPES", "MULTIPLE_PRICING_CATEGORIES",
        "MULTIPLE_SUB_ACCOUNT_TYPES", "NEGOTIATED_PRICING", "PUBLIC_PRICE_LIST", "REGION", "RESOURCE_TYPE_ASSIGNMENT",
        "SUB_ACCOUNT", "TAGGING", "UNIT_PRICING", "USAGE_MEASUREMENT",
    )
)  # fmt: skip
RULES_RUN = 578


class NoValidatorError(Exception):
    """Why the validator cannot be had here."""


def install(folder: Path) -> Path:
    """The validator's environment below `folder`, made once for each version of its lock (15 s, 620 MB).

    Raises NoValidatorError where there is no Python 3.12 or the packages cannot be had.
    """
    home = folder / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    with FileLock(f"{home}.lock"):
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            _run(_python(), "-m", "venv", str(home))
            # Two of its packages come as source only; they are pure Python.
            only = ("--only-binary", ":all:", "--no-binary", "focus-validator,pandasql")
            pip = (str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
            _run(*pip, *only, "--require-hashes", "--no-deps", "--no-compile", "-r", str(LOCK))
            (home / "ready").touch()
    return home


def failed_rules(home: Path, file: Path) -> dict[str, str]:
    """The rules of FOCUS 1.2 that the Parquet `file` breaks, each with what it says; rules that only sum others up left out."""
    (packages,) = (home / "lib").glob("python3*/site-packages")
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        _run(
            str(home / "bin" / "focus-validator"), "--data-file", str(file), "--validate-version", "1.2", "--block-download",
            "--applicability-criteria", CRITERIA, "--output-type", "unittest", "--output-destination", report.name,
            cwd=packages,  # it reads files of its own relative to here
        )  # fmt: skip
        suites = ElementTree.parse(report.name).getroot()  # noqa: S314  written a moment ago, by the validator
    assert (suites.get("tests"), suites.get("errors")) == (str(RULES_RUN), "0")
    failed = {}
    texts = _texts(packages)
    for case in suites.iter("testcase"):
        rule, _, kind = str(case.get("name")).partition(" :: ")
        if case.find("failure") is not None and kind != "Composite":
            failed[rule] = texts[rule]
    return failed


def _texts(packages: Path) -> dict[str, str]:
    (model,) = (packages / "focus_validator" / "rules").glob("model-1.2*.json")
    rules = json.loads(model.read_text(encoding="utf-8"))["ModelRules"]
    return {rule: entry["ValidationCriteria"]["MustSatisfy"] for rule, entry in rules.items()}


def _python() -> str:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which("python3.12"), *map(str, pyenv.glob("3.12.*/bin/python"))]
    for python in filter(None, candidates):
        if subprocess.run([python, "-c", "import venv"], capture_output=True, check=False).returncode == 0:
            return str(python)
    raise NoValidatorError("the FOCUS validator needs Python 3.12, and there is none here")


def _run(*command: str, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NoValidatorError(f"{Path(command[0]).name}: {said[-1] if said else done.returncode}")
