"""An audit as a page in Markdown, for the one who answers for the tags."""

from decimal import Decimal
from typing import Any

from mlcost_assets.reports.audit.audit import Audit, Rows
from mlcost_assets.text import markdown
from mlcost_assets.words import counted

_LISTED = 25  # findings on the page; --format csv has all


def as_markdown(audit: Audit) -> str:
    """The whole report: where it stands and where it goes, by group of services, the findings and how to mend them."""
    parts = [
        f"# Required tags, {audit.bill}\n",
        _summary(audit),
        "## Month by month\n",
        _table(
            ("tag", "month", "in scope", "compliant", "share", "wrong", "missing", "of which only not activated"),
            [
                (
                    row["tag"], row["billing_period"], _money(row["effective_cost"]), _money(row["compliant_cost"]),
                    _share(row), _money(row["wrong_cost"]), _money(row["missing_cost"]),
                    _money(row["unactivated_cost"]),
                )
                for row in audit.trend
            ],
        ),
        "## By service\n",
        _table(
            ("service", "tag", "resources", "cost", "compliant", "wrong", "missing"),
            [
                (
                    row["service_group"], row["tag"], f"{row['resources']:,}", _money(row["effective_cost"]),
                    _share(row), _money(row["wrong_cost"]), _money(row["missing_cost"]),
                )
                for row in audit.groups
            ],
        ),
        "## What to do, largest cost first\n",
        _table(
            ("", "finding", "where", "resources", "cost", "what attribution would write", "mend"),
            [
                (
                    row["rank"], f"{row['tag']} {row['finding']}", _where(row), f"{row['resources']:,}",
                    _money(row["effective_cost"]), _suggested(row), row["mend"],
                )
                for row in audit.findings[:_LISTED]
            ],
        ),
        _rest(audit),
        _HOW,
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


_HOW = """## How to mend it

`mlcost tags audit --output DIR` writes, and changes nothing itself:

- `resources.csv`: every resource behind these findings, what stands there, what attribution found, how surely and why.
- `tag-resources/<account>/<region>/<n>.json`: at most 20 resources each. Look at them, then, in that account:
  `aws resourcegroupstaggingapi tag-resources --region <region> --cli-input-json file://<n>.json`
- `activate-tags-<n>.json`: keys that stand on resources and not in the bill. In the paying account:
  `aws ce update-cost-allocation-tags-status --cli-input-json file://activate-tags-<n>.json`. A tag shows in the bill
  from the day on which it was set and activated; months before stay as they are unless AWS is asked for a backfill.
"""


def _summary(audit: Audit) -> str:
    now = [row for row in audit.trend if row["billing_period"] == audit.bill.period]
    lines = [
        f"- **{markdown(row['tag'])}** is right on {_share(row)} of {_money(row['effective_cost'])}"
        f" {markdown(row['billing_currency'])} of taggable cost{_before(audit, row)}."
        for row in now
    ]
    if now:
        lines.append(
            f"- {_money(now[0]['untaggable_cost'])} {markdown(now[0]['billing_currency'])} of ML spend cannot have"
            " tags: tax, support, data transfer, charges without a resource."
        )
    mendable = sum((row["mendable_cost"] for row in audit.findings), Decimal(0))
    lines.append(
        f"- {counted(len(audit.findings), 'finding')}; attribution suggests values (confidence {audit.confidence:.0%}"
        f" or more) for resources that cost {_money(mendable)} (counted for each tag)."
    )
    return "\n".join(lines) + "\n"


def _before(audit: Audit, row: dict[str, Any]) -> str:
    earlier = [
        other
        for other in audit.trend
        if other["tag"] == row["tag"]
        and other["billing_currency"] == row["billing_currency"]
        and other["billing_period"] < row["billing_period"]
    ]
    return f"; it was {_share(earlier[-1])} in {earlier[-1]['billing_period']}" if earlier else ""


def _where(row: dict[str, Any]) -> str:
    if row["finding"] == "not activated":
        return str(row["tag_key"])
    return f"{row['service_group']} of {row['team'] or 'no known team'} in {row['account_id']}"


def _suggested(row: dict[str, Any]) -> str:
    if not row["suggestions"]:
        return ""
    more = f" and {len(row['suggestions']) - 3} more" if len(row["suggestions"]) > 3 else ""
    return f"{', '.join(row['suggestions'][:3])}{more} (at least {row['confidence']:.2f} sure)"


def _rest(audit: Audit) -> str:
    left = audit.findings[_LISTED:]
    cost = sum((row["effective_cost"] for row in left), Decimal(0))
    return (
        f"And {counted(len(left), 'smaller one')}, {_money(cost)} together (`--format csv` has them all).\n"
        if left
        else ""
    )


def _table(names: tuple[str, ...], rows: Rows | list[tuple[Any, ...]]) -> str:
    if not rows:
        return "Nothing.\n"
    lines = [names, tuple("---" for _ in names), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines) + "\n"


def _cell(value: Any) -> str:
    return markdown(str(value))


def _share(row: dict[str, Any]) -> str:
    return f"{float(row['compliant_cost'] / row['effective_cost']):.0%}" if row["effective_cost"] else "–"


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"
