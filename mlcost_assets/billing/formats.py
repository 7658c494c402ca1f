"""The export formats: which columns each mapping reads, as what type, and which it cannot do without.

`cur2.sql` and `focus.sql` map an export to FOCUS; they read a view named `exported` that has every column
listed here, by this name and type. Columns are found by name whatever their case, `_` or `/`
(`lineItem/UsageAmount` is `line_item_usage_amount`); what an export lacks is NULL.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["text", "money", "time", "map"]
# What a value of each kind is, for a person.
KINDS: dict[Kind, str] = {"text": "text", "money": "number", "time": "time", "map": "JSON object"}


@dataclass(frozen=True)
class Format:
    """One export format.

    `flat_maps` are maps that an export may spread over columns: by the map the pattern of these columns' names, of
    which the group is the entry. `essential` maps a column to the setting of the export that brings it. `cost` is the
    exported cost that a period's total is made of, `net_cost` its twin net of discounts, `net_as_text` the SQL of
    what a row adds to a total of net costs, `currency` that of the currency of both, `identity` that of what tells a
    row from every other of its drop (NULL where nothing does), `likeness` that of what two tellings of a charge have
    in common, `is_split_cost` the condition of a row that tells money again. `sound` are the conditions of a readable
    row, each with the reason to give where it does not hold and the SQL of the value to show with it (`raw_cost` and
    `raw_net_cost` are the costs as text, `is_told_by_aws` says that the file is AWS's own). `payer` and `account` are
    the columns of whose bill and whose usage a row is, `period` is the column of a row's billing period, `starts`
    that of the charge's beginning.
    """

    name: Literal["cur", "cur2", "focus"]
    columns: dict[str, Kind]
    flat_maps: dict[str, str]
    essential: dict[str, str]
    cost: str
    net_cost: str | None
    net_as_text: str
    currency: str
    identity: str
    likeness: str
    payer: str
    account: str
    period: str
    starts: str
    is_split_cost: str
    sound: tuple[tuple[str, str, str | None], ...]


def column_key(name: str) -> str:
    """What all spellings of a column's name have in common."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def is_ours(column: Callable[[str], str] = str) -> str:
    """SQL for whether a row of FOCUS may be a charge of AWS, where `column` is the SQL of a column by its name: a name
    says so, or no provider is named and AWS's own columns, a service or an ARN say so; where nothing does, too."""
    names = f"concat_ws(' ', {', '.join(map(column, PROVIDER_NAMES))})"
    providers = f"concat_ws(' ', {', '.join(map(column, PROVIDER_NAMES[:-1]))})"
    told = f"({names} = '' OR regexp_matches({names}, '{_AWS_NAMES}', 'i')"
    return f"{told} OR {providers} = '' AND {_is_told_by_aws(column)})"


def _is_told_by_aws(column: Callable[[str], str]) -> str:
    own = " OR ".join(f"{column(name)} IS NOT NULL" for name in AWS_COLUMNS)
    return (
        f"({own} OR coalesce(regexp_matches({column('service_name')}, '^(Amazon|AWS)')"
        f" OR starts_with({column('resource_id')}, 'arn:aws'), false))"
    )


def _columns(text: str, money: str, time: str, maps: str) -> dict[str, Kind]:
    kinds: tuple[tuple[Kind, str], ...] = (("text", text), ("money", money), ("time", time), ("map", maps))
    return {name: kind for kind, names in kinds for name in names.split()}


# What AWS and those who run its regions in China call themselves.
_AWS_NAMES = r"\baws\b|amazon|\bsinnet\b|\bnwcd\b|western cloud data"
# Columns of FOCUS that only AWS's exports have.
AWS_COLUMNS = ("x_service_code", "x_operation", "x_usage_type")
# The beginning of the reason why a row of a multi-cloud bill is no charge here: no fault of the bill.
OTHER_PROVIDER = "not an AWS charge"
# The columns that tell whose a charge is.
TAGS = ("resource_tags", "tags", "cost_category", "x_cost_categories")
# Marketplace sellers bill through AWS, so any of the names may be the one that tells; the last is no provider's.
PROVIDER_NAMES = ("provider_name", "host_provider_name", "service_provider_name", "invoice_issuer_name")
_PROVIDERS = f"concat_ws(' ', {', '.join(PROVIDER_NAMES)})"
# An entry of a map as a column: resourceTags/user:Team, resource_tags_user_team.
_AS_COLUMNS = {
    "resource_tags": "resource_?tags(?:/|[^a-z0-9/]*)(.+)",
    "cost_category": "cost_?category(?:/|[^a-z0-9/]*)(.+)",
    "discount": "discount(?:/|[^a-z0-9/]*)(.+)",
}
_SELECT_IT = "add it to the SELECT of the data export's query"

# AWS uses an id again in another hour.
_IDENTITY = (
    "CASE WHEN identity_line_item_id IS NOT NULL"
    " THEN hash(identity_line_item_id, identity_time_interval, line_item_usage_start_date) END"
)

CUR2 = Format(
    name="cur2",
    columns=_columns(
        text="""
            bill_bill_type bill_invoice_id bill_invoicing_entity bill_payer_account_id bill_payer_account_name
            capacity_reservation_capacity_reservation_arn capacity_reservation_capacity_reservation_status
            identity_line_item_id identity_time_interval
            line_item_availability_zone line_item_currency_code line_item_iam_principal line_item_legal_entity
            line_item_line_item_description line_item_line_item_type line_item_operation line_item_product_code
            line_item_resource_id line_item_tax_type line_item_usage_account_id line_item_usage_account_name
            line_item_usage_type pricing_rate_code pricing_unit product_instance_type product_location
            product_product_name product_region product_region_code product_servicecode product_sku
            reservation_reservation_a_r_n
            savings_plan_savings_plan_a_r_n split_line_item_parent_resource_id""",
        money="""
            discount_total_discount
            line_item_net_unblended_cost line_item_unblended_cost line_item_unblended_rate line_item_usage_amount
            pricing_public_on_demand_cost pricing_public_on_demand_rate
            reservation_amortized_upfront_fee_for_billing_period reservation_effective_cost
            reservation_net_amortized_upfront_fee_for_billing_period reservation_net_effective_cost
            reservation_net_unused_amortized_upfront_fee_for_billing_period reservation_net_unused_recurring_fee
            reservation_total_reserved_units reservation_unused_amortized_upfront_fee_for_billing_period
            reservation_unused_quantity reservation_unused_recurring_fee
            savings_plan_amortized_upfront_commitment_for_billing_period
            savings_plan_net_amortized_upfront_commitment_for_billing_period
            savings_plan_net_recurring_commitment_for_billing_period savings_plan_net_savings_plan_effective_cost
            savings_plan_recurring_commitment_for_billing_period savings_plan_savings_plan_effective_cost
            savings_plan_total_commitment_to_date savings_plan_used_commitment
            split_line_item_net_split_cost split_line_item_net_unused_cost
            split_line_item_public_on_demand_split_cost split_line_item_split_cost split_line_item_unused_cost""",
        time="bill_billing_period_start_date line_item_usage_end_date line_item_usage_start_date",
        maps="cost_category discount product resource_tags tags",
    ),
    # Selected without a name for it, resource_tags.user_team is user_team.
    flat_maps=_AS_COLUMNS | {"resource_tags": f"{_AS_COLUMNS['resource_tags']}|((?:user|aws)[_:].+)"},
    essential={
        "bill_payer_account_id": _SELECT_IT,
        "line_item_line_item_type": _SELECT_IT,
        "line_item_unblended_cost": _SELECT_IT,
        "line_item_usage_account_id": _SELECT_IT,
        "line_item_usage_start_date": _SELECT_IT,
    },
    cost="line_item_unblended_cost",
    net_cost="line_item_net_unblended_cost",
    # A discount without a net cost is inside the net costs of others.
    net_as_text="CASE WHEN line_item_line_item_type LIKE '%Discount' THEN coalesce(raw_net_cost, '0')"
    " ELSE coalesce(raw_net_cost, raw_cost) END",
    currency="coalesce(line_item_currency_code, currency_of(product_region_code, bill_invoicing_entity,"
    " line_item_legal_entity, line_item_resource_id))",
    identity=_IDENTITY,
    likeness=f"coalesce({_IDENTITY}, hash(line_item_usage_account_id, line_item_line_item_type, line_item_resource_id,"
    " line_item_usage_type, line_item_operation, line_item_line_item_description, line_item_usage_start_date,"
    " line_item_usage_end_date, CAST(resource_tags AS VARCHAR)))",
    payer="bill_payer_account_id",
    account="line_item_usage_account_id",
    period="bill_billing_period_start_date",
    starts="line_item_usage_start_date",
    is_split_cost="coalesce(line_item_operation IN ('EKSPod-EC2', 'ECSTask-EC2'), false)",
    sound=(
        ("line_item_unblended_cost IS NOT NULL", "line_item_unblended_cost is no number", "raw_cost"),
        ("line_item_usage_start_date IS NOT NULL", "line_item_usage_start_date is no time", None),
        ("line_item_line_item_type IS NOT NULL", "line_item_line_item_type is empty", None),
    ),
)

# The legacy Cost and Usage Report: the same rows as CUR 2.0 under nearly the same names, so that one mapping
# (cur2.sql) serves both; but tags, cost categories and discounts are columns of their own, which come and go by month.
_REPORT_HAS_IT = "it is in every Cost and Usage Report: the file was cut down by another tool"
CUR = replace(
    CUR2,
    name="cur",
    flat_maps=_AS_COLUMNS,
    essential=dict.fromkeys(CUR2.essential, _REPORT_HAS_IT),
)

FOCUS = Format(
    name="focus",
    columns=_columns(
        text="""
            allocated_method_details allocated_method_id allocated_resource_id allocated_resource_name allocated_tags
            availability_zone billing_account_id billing_account_name billing_account_type billing_currency
            capacity_reservation_id capacity_reservation_status charge_category charge_class charge_description
            charge_frequency commitment_discount_category commitment_discount_id commitment_discount_name
            commitment_discount_status commitment_discount_type commitment_discount_unit consumed_unit
            contract_applied host_provider_name invoice_id invoice_issuer_name pricing_category pricing_currency
            pricing_unit provider_name publisher_name region_id region_name resource_id resource_name resource_type
            service_category service_name service_provider_name service_subcategory sku_id sku_meter
            sku_price_details sku_price_id sub_account_id sub_account_name sub_account_type
            x_operation x_service_code x_usage_type""",
        money="""
            billed_cost commitment_discount_quantity consumed_quantity contracted_cost contracted_unit_price
            effective_cost list_cost list_unit_price pricing_currency_contracted_unit_price
            pricing_currency_effective_cost pricing_currency_list_unit_price pricing_quantity""",
        time="billing_period_end billing_period_start charge_period_end charge_period_start",
        maps="tags x_cost_categories x_discounts",
    ),
    flat_maps={
        "tags": "tags[^a-z0-9]+(.+)",
        "x_cost_categories": "x_?costcategories[^a-z0-9]+(.+)",
        "x_discounts": "x_?discounts[^a-z0-9]+(.+)",
    },
    essential=dict.fromkeys(
        (
            "billed_cost",
            "billing_account_id",
            "billing_currency",
            "charge_category",
            "charge_period_start",
            "service_name",
        ),
        _SELECT_IT,
    ),
    cost="billed_cost",
    net_cost=None,
    net_as_text="CAST(NULL AS VARCHAR)",
    currency="billing_currency",
    identity="CAST(NULL AS UBIGINT)",
    likeness="hash(sub_account_id, charge_category, charge_description, resource_id, region_id, service_name, sku_id,"
    " sku_price_id, x_usage_type, x_operation, commitment_discount_id, charge_period_start, charge_period_end,"
    " CAST(tags AS VARCHAR))",
    payer="billing_account_id",
    account="sub_account_id",
    period="billing_period_start",
    starts="charge_period_start",
    is_split_cost="false",
    sound=(
        (is_ours(), OTHER_PROVIDER, f"coalesce({', '.join(PROVIDER_NAMES)})"),
        ("billed_cost IS NOT NULL", "BilledCost is no number", "raw_cost"),
        ("charge_period_start IS NOT NULL", "ChargePeriodStart is no time", None),
        ("billing_currency IS NOT NULL", "BillingCurrency is empty", None),
        (
            "charge_category IN ('Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment')",
            "ChargeCategory is none of FOCUS",
            "charge_category",
        ),
        (
            f"is_told_by_aws OR {_PROVIDERS} <> '' OR {_is_told_by_aws(str)}",
            f"no provider is named: where ProviderName is not in the file, {_SELECT_IT}",
            None,
        ),
    ),
)
