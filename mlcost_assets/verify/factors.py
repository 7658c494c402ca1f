"""Whether the factors of confidences are those that the ladder and the relations say (ladder.yaml, flows.yaml), told as
organisations with known owners bore out (fitted.yaml)."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mlcost_assets.packaged import read_yaml

_RULES = Path(__file__).parents[1] / "attribution"
_TINY = 1e-9


def powers() -> dict[str, float]:
    """By what a factor is of the power to which it is told; `any other` stands for those that are not there."""
    return {what: one["power"] for what, one in read_yaml(_RULES / "decide" / "fitted.yaml")["powers"].items()}


def unladdered(counted: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with `counted` (rows of factors.sql): kinds that the ladder does not have, and other numbers."""
    ladder, flows = read_yaml(_RULES / "decide" / "ladder.yaml"), read_yaml(_RULES / "claims" / "flows.yaml")
    raised = powers()
    numbers = {name: one["factor"] for name, one in ladder["factors"].items()}
    numbers |= {name: one["start"] for name, one in ladder["measures"].items()}
    numbers |= {relation: how["keep"] for relation, how in flows.items()}
    for one in counted:
        code, what, factor = one["code"], one["what"], one["factor"]
        kind = ladder["kinds"].get(code)
        if kind is None:
            yield f"{code} is a kind of reason that the ladder does not have"
        elif what not in ladder["counted"]:  # these are looked at in confidence.sql
            known = ladder["kinds"].get(what)
            said = known["start"] if known else numbers.get(what)
            said = (known or {}).get("places", {}).get(one["place"], said)
            # What divides a charge is told as it is: it says nothing of an owner.
            if said is not None and one["of_owner"]:
                said **= raised.get(what, raised["any other"])
            if said is None or abs(said - factor) > _TINY:
                yield f"{code} counts {what} as {factor}, and the ladder says {said}"
