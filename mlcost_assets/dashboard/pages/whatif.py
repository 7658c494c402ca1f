"""What a model or a resource would cost another way: the questions of `mlcost whatif`, asked by a form."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from mlcost_assets.dashboard.page import Asked, Bar, Chart, Field, Figure, Page, statement
from mlcost_assets.dashboard.tables import Row, Rows, Source
from mlcost_assets.errors import MlcostError, UnknownNameError
from mlcost_assets.reports.answers import reports
from mlcost_assets.reports.whatif import ask
from mlcost_assets.reports.whatif.given import SCENARIOS, asked_for

PATH, MENU = "/whatif", "What-if"
_TOLD = ("current_cost", "cost_low", "cost_expected", "cost_high", "saving_low", "saving_expected", "saving_high")
_RESERVE = ("reserve_percent",)
# What each scenario can be told; all can be told what the change costs once.
OPTIONS: Mapping[str, Sequence[str]] = {
    "schedule": ("opens", "closes", "zone"),
    "autoscaling": _RESERVE,
    "serverless": ("memory_mb", "told_latency_ms", "rate"),
    "async": _RESERVE,
    "scale-to-zero": _RESERVE,
    "batch": _RESERVE,
    "spot": _RESERVE,
    "inference-components": _RESERVE,
    "instance-type": ("target_type", "latency_ratio", "rate"),
    "graviton": ("latency_ratio", "rate"),
    "distilled": ("size_ratio", "latency_ratio"),
    "savings-plan": ("discount", "coverage"),
    "storage-class": ("older_than_days", "read_ratio"),
    "log-retention": ("retention_days",),
}
_FIELDS = {
    one.name: one
    for one in (
        Field("opens", "On from", "8", "range", least="0", most="23", step="1", unit="o'clock, Monday to Friday"),
        Field("closes", "until", "18", "range", least="1", most="24", step="1", unit="o'clock"),
        Field(
            "zone",
            "Time zone",
            "UTC",
            offered=("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo"),
        ),
        Field("reserve_percent", "Kept free of each machine", "20", "range", least="0", most="90", step="1", unit="%"),
        Field("memory_mb", "Memory that it needs", kind="number", least="1", step="1", unit="MB"),
        Field("told_latency_ms", "A request computes", kind="number", least="0", unit="ms"),
        Field("size_ratio", "Size of the model", "0.5", "range", least="0.01", most="1", step="0.01", unit="of now"),
        Field("latency_ratio", "Time for a request", kind="number", least="0", unit="of now"),
        Field("target_type", "Instance type"),
        Field(
            "rate", "Price of an hour (serverless: of a second)", kind="number", least="0", unit="currency of the bill"
        ),
        Field("discount", "Discount of the plan", kind="number", least="0", most="0.99", step="0.01", unit="part of 1"),
        Field(
            "coverage", "Hours under the plan", "0.8", "range", least="0.05", most="1", step="0.05", unit="part of 1"
        ),
        Field(
            "older_than_days", "Nothing written for", "30", kind="number", least="1", most="9999", step="1", unit="days"
        ),
        Field(
            "read_ratio",
            "Read in a month",
            "0.1",
            "range",
            least="0.01",
            most="1",
            step="0.01",
            unit="of what is stored",
        ),
        Field("retention_days", "Kept for", "30", kind="number", least="1", most="9999", step="1", unit="days"),
        Field("one_off", "The change costs once", kind="number", least="0", unit="currency of the bill"),
    )
}


def page(asked: Asked) -> Page:
    """What `of` would cost, run as `to` says, or every way; without `of`, what can be asked about."""
    of, to = (asked.view.other.get(name, "").strip() for name in ("of", "to"))
    scenario = to.partition("=")[0]
    fields = _fields(asked, of, scenario)
    told = {one.name: asked.view.other.get(one.name) for one in fields[2:]}
    if scenario == "distilled":  # its slider always says a number
        told["size_ratio"] = told["size_ratio"] or _FIELDS["size_ratio"].value
    empty = Page("What-if", "What would it cost, run another way?", fields=fields, of_month=False)
    if not of:
        return replace(empty, tables=[_machines(asked)], said="Which model or resource? Name one, or follow one below.")
    try:
        wanted, options = asked_for(to, told, lambda name: _said(name))
        rows = ask.asked(asked.version, of, wanted, options)
    except UnknownNameError as error:
        near = [(name, asked.link("/whatif", **{**asked.view.other, "of": name})) for name in error.near]
        return replace(empty, said=error.said, near=near or [("What can be asked about", asked.link("/whatif"))])
    except MlcostError as error:
        return replace(empty, said=str(error), near=[(f"Every way to run {of}", asked.link("/whatif", of=of))])
    return replace(
        empty,
        title=f"What if {of} …" if not wanted else f"What if {of} ran another way: {wanted}",
        figures=_figures(rows) if wanted else [],
        charts=_charts(asked, rows, of) if wanted else [],
        tables=[_answers(asked, rows), *([_assumptions(rows)] if wanted else [])],
        sentences=reports()["scenarios"].assumes,
    )


def _fields(asked: Asked, of: str, scenario: str) -> list[Field]:
    """The form: whose cost, which way, and what that way can be told."""
    names = [row["name"] for row in asked.rows(__file__, "whatif_names")]
    ways = [("", "every way that applies"), *((one, one.replace("-", " ")) for one in SCENARIOS)]
    first = [
        Field("of", "Model or resource", of, offered=names),
        Field("to", "Run it as", scenario, "choice", choices=ways),
    ]
    rest = [_FIELDS[name] for name in (*OPTIONS.get(scenario, ()), "one_off")]
    types = [row["name"] for row in asked.rows(__file__, "whatif_types")] if scenario == "instance-type" else []
    return first + [
        replace(
            one,
            value=asked.view.other.get(one.name) or one.value,
            offered=types if one.name == "target_type" else one.offered,
        )
        for one in rest
    ]


def _said(name: str) -> str:
    return _FIELDS[name].label if name in _FIELDS else "Run it as"


def _machines(asked: Asked) -> Source:
    def ask_it(row: Row) -> str:
        return asked.link("/whatif", of=row["resource"])

    return Source(
        "What runs on machines of its own",
        statement(__file__, "whatif"),
        {},
        links={"resource": ask_it, "current_cost": ask_it, "team": asked.to_team, "environment": asked.to_environment},
        note="Effective cost of the last 30 full days of the bill, without credits, tax and what is shared.",
        empty="No endpoint and no notebook was billed in the last 30 full days.",
    )


def _answers(asked: Asked, rows: Sequence[Row]) -> Rows:
    left_out = {"assumptions"} | (
        {"one_off", "months_to_pay_back"} if not any(row["one_off"] for row in rows) else set()
    )
    assumed = [
        {name: value for name, value in row.items() if name not in left_out}
        | {"assumes": "; ".join(f"{one['what']}: {one['value']} ({one['source']})" for one in row["assumptions"])}
        for row in rows
    ]
    return Rows(
        "What it would cost",
        assumed,
        links={
            "resource": lambda row: asked.link("/explain", of=row["resource"]),
            "scenario": lambda row: asked.link("/whatif", of=row["resource"], to=row["scenario"]),
        },
        note="Estimates for the days from first_day to last_day. Costs recur every 30 days; one_off does not.",
    )


def _assumptions(rows: Sequence[Row]) -> Rows:
    return Rows(
        "What it assumes",
        [{"resource": row["resource"], **one} for row in rows for one in row["assumptions"]],
        note="An option is what you told; what is ours to assume says so.",
    )


def _figures(rows: Sequence[Row]) -> list[Figure]:
    """What recurs, what is paid once, and what waking costs, of all resources that may run that way, by currency."""
    figures = []
    for currency, own in _by_currency(rows).items():
        sums = {name: sum((row[name] for row in own), Decimal(0)) for name in _TOLD}
        days = f"{currency} in 30 days"
        refused = f"{len(own)} of {len(rows)} resources; the others are refused" if len(own) < len(rows) else ""
        low, high = (f"{sums[name]:,.2f}" for name in ("cost_low", "cost_high"))
        least, most = (f"{sums[name]:,.2f}" for name in ("saving_low", "saving_high"))
        figures += [
            Figure("Now", sums["current_cost"], days, note=refused),
            Figure("Then, as expected", sums["cost_expected"], days, note=f"low {low}, high {high}"),
            Figure("Saved, as expected", sums["saving_expected"], days, note=f"low {least}, high {most}"),
        ]
        if own[0]["scenario"] in ("async", "scale-to-zero"):
            waking = sums["cost_expected"] - sums["cost_low"]
            figures.append(Figure("of which waking costs", waking, days, note="half an hour of machines for each time"))
        if any(row["one_off"] for row in own):
            once, saved = own[0]["one_off"], sums["saving_expected"]
            paid = f"paid back in {once / saved:.1f} times 30 days" if saved > 0 else "never paid back"
            figures.append(Figure("Once", once, currency, note=paid))
    told = [row for row in rows if row["refused_because"] is None]
    for name, label in (("delayed_requests", "Requests that wait"), ("failed_requests", "Requests that are refused")):
        if all(row[name] is not None for row in told):
            figures.append(Figure(label, sum(row[name] for row in told), "in 30 days"))
    return figures


def _charts(asked: Asked, rows: Sequence[Row], of: str) -> list[Chart]:
    charts = []
    for currency, own in _by_currency(rows).items():
        bars = [
            Bar(label, sum((row[name] for row in own), Decimal(0)), asked.link("/whatif", of=of))
            for label, name in zip(("now", "low", "expected", "high"), _TOLD, strict=False)
        ]
        charts.append(Chart("What 30 days cost", currency, bars, "High is the dearest case, never more than now."))
    return charts


def _by_currency(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows that are not refused, by currency."""
    told = [row for row in rows if row["refused_because"] is None]
    return {one: [row for row in told if row["billing_currency"] == one] for one in dict.fromkeys(
        row["billing_currency"] for row in told
    )}  # fmt: skip
