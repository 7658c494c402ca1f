"""What a bill line will roughly cost, before its rows exist."""

from mlcost_assets.demo.ledger import Line

_STEPS = {"hour": 3600, "day": 86400}


def estimate(line: Line) -> float:
    """Estimate what a line costs over its interval."""
    width = _STEPS.get(line.step)
    times = (line.end - line.start).total_seconds() / width if width else 1
    return float(line.quantity * line.rate) * times
