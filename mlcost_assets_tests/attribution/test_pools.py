"""Money without a resource: commitments, discounts, credits, refunds, tax and support, each in an account of its own."""

from decimal import Decimal

from mlcost_assets_tests.attribution.scenarios import Paid, billed, given
from mlcost_assets_tests.exports import Row, charge, sagemaker
from mlcost_assets_tests.world import record

PLAN = "arn:aws:savingsplans::222222226001:savingsplan/6001"
RESERVATION = "arn:aws:ec2:us-east-1:222222226002:reserved-instances/6002"


def without_resource(type_: str, account: str, cost: float, code: str = "AmazonSageMaker", **more: object) -> Row:
    named: Row = {
        "line_item_usage_account_id": account, "line_item_resource_id": "", "line_item_usage_type": None, "line_item_operation": None,
        "line_item_product_code": code, "product_servicecode": code, "product": {"product_name": code}, "pricing_public_on_demand_cost": None,
    }  # fmt: skip
    return charge(type_, cost, **(named | more))


def hosted(account: str, name: str, cost: float, model: str = "", **more: object) -> Row:
    row = sagemaker(
        "Host:ml.m5.large",
        f"endpoint/{name}",
        cost,
        account=account,
        resource_tags={"user_model": model} if model else {},
    )
    return row | more


given(rules="workloads: [{model: ledger, team: books}, {model: abacus, team: books}]")

# A savings plan: covered use at its effective cost, the negation nothing, the fee what nobody used.
given(
    billed=[
        hosted("222222226001", "ep-6001", 10.0, "ledger", line_item_line_item_type="SavingsPlanCoveredUsage", savings_plan_savings_plan_a_r_n=PLAN, savings_plan_savings_plan_effective_cost=6.0),
        hosted("222222226001", "ep-6002", 5.0, "abacus", line_item_line_item_type="SavingsPlanCoveredUsage", savings_plan_savings_plan_a_r_n=PLAN, savings_plan_savings_plan_effective_cost=3.0),
        without_resource("SavingsPlanNegation", "222222226001", -15.0, savings_plan_savings_plan_a_r_n=PLAN, line_item_usage_type="USE1-Host:ml.m5.large"),
        without_resource("SavingsPlanRecurringFee", "222222226001", 12.0, "MachineLearningSavingsPlans", savings_plan_savings_plan_a_r_n=PLAN, line_item_usage_type="SageMakerSP:1yrNoUpfront",
                         savings_plan_total_commitment_to_date=12.0, savings_plan_used_commitment=9.0),
    ],
)  # fmt: skip


def test_covered_use_stays_with_its_user_at_effective_cost(paid: Paid) -> None:
    assert paid("ep-6001") == {"ledger": 6}
    assert paid("ep-6002") == {"abacus": 3}


def test_what_a_plan_did_not_use_is_commitment_of_those_it_covers(paid: Paid) -> None:
    unused = "account_id = '222222226001' AND stage = 'commitment' AND effective_cost <> 0"
    assert paid.of(unused, "model, is_ml, method") == {
        ("ledger", True, "proportional"): 2,
        ("abacus", True, "proportional"): 1,
    }


def test_nothing_of_a_plan_counts_twice(paid: Paid) -> None:
    sums = "SELECT round(sum(billed_cost), 2), round(sum(effective_cost), 2) FROM attributed_costs WHERE account_id = '222222226001'"
    assert paid.query(sums) == [(12, 12)]


# A reserved instance, partly unused.
given(
    billed=[
        charge("DiscountedUsage", 0.0, line_item_usage_account_id="222222226002", line_item_resource_id="i-06000000006002", reservation_reservation_a_r_n=RESERVATION,
               reservation_effective_cost=4.0, resource_tags={"user_model": "ledger"}),
        without_resource("RIFee", "222222226002", 6.0, "AmazonEC2", reservation_reservation_a_r_n=RESERVATION, line_item_usage_type="HeavyUsage:m5.large",
                         reservation_unused_recurring_fee=2.0),
    ],
)  # fmt: skip


def test_a_reservations_use_and_its_unused_part_are_lines_of_their_own(paid: Paid) -> None:
    assert paid.of("account_id = '222222226002' AND effective_cost <> 0", "model, usage_type LIKE 'Box%', stage = 'commitment'") == {
        ("ledger", True, False): 4, ("ledger", False, True): 2,
    }  # fmt: skip


# A plan that covered nothing in the month has nobody to pay for it.
given(
    billed=[
        without_resource("SavingsPlanRecurringFee", "222222226003", 7.0, "ComputeSavingsPlans", savings_plan_savings_plan_a_r_n="arn:aws:savingsplans::222222226003:savingsplan/idle",
                         line_item_usage_type="ComputeSP:1yrNoUpfront", savings_plan_total_commitment_to_date=7.0, savings_plan_used_commitment=0.0, bill_payer_account_id="222222226003"),
    ],
)  # fmt: skip


def test_a_plan_that_covered_nothing_is_nobodys_commitment(paid: Paid) -> None:
    assert paid.of("account_id = '222222226003' AND effective_cost <> 0", "model, team, stage, method") == {
        (None, None, "commitment", "none"): 7
    }


# Tax, credits, discounts and refunds of a product in an account: by what each used of that product there.
given(
    billed=[
        hosted("222222226004", "ep-6041", 30.0, "ledger"), hosted("222222226004", "ep-6042", 10.0, "abacus"), hosted("222222226004", "ep-6043", 20.0),
        billed("AmazonRDS", "InstanceUsage:db.r5.large", "arn:aws:rds:us-east-1:222222226004:db:shop", 40.0, line_item_usage_account_id="222222226004", resource_tags={"user_team": "shop"}),
        without_resource("Tax", "222222226004", 6.0),
        without_resource("Tax", "222222226004", 4.0, "AmazonRDS"),
        without_resource("Credit", "222222226004", -3.0),
        without_resource("EdpDiscount", "222222226004", -1.2),
        without_resource("Refund", "222222226004", -0.6),
    ],
)  # fmt: skip


def shares(paid: Paid, condition: str) -> dict[object, Decimal]:
    return paid.of(f"account_id = '222222226004' AND resource_id = '' AND {condition}", "model, team, is_ml")


def test_tax_is_shared_by_what_was_taxed_and_nobody_pays_for_the_unknown(paid: Paid) -> None:
    assert shares(paid, "charge_category = 'Tax' AND service_code = 'AmazonSageMaker'") == {
        ("ledger", "books", True): 3,
        ("abacus", "books", True): 1,
        (None, None, True): 2,
    }


def test_tax_on_what_is_not_ml_stays_not_ml(paid: Paid) -> None:
    assert shares(paid, "charge_category = 'Tax' AND service_code = 'AmazonRDS'") == {(None, "shop", False): 4}


def test_credits_discounts_and_refunds_lower_what_they_were_given_for(paid: Paid) -> None:
    back = {
        ("ledger", "books", True): Decimal("-0.3"),
        ("abacus", "books", True): Decimal("-0.1"),
        (None, None, True): Decimal("-0.2"),
    }
    assert shares(paid, "charge_category = 'Credit'") == {owner: 5 * cost for owner, cost in back.items()}
    assert shares(paid, "charge_category = 'Usage'") == {owner: 2 * cost for owner, cost in back.items()}
    assert shares(paid, "charge_category = 'Adjustment'") == back


# Support of a payer is for everybody that it pays for; to the last digit.
given(
    billed=[
        hosted("222222226005", "ep-6051", 1.0, "ledger", bill_payer_account_id="222222226009"), hosted("222222226006", "ep-6052", 2.0, "abacus", bill_payer_account_id="222222226009"),
        without_resource("Fee", "222222226009", 100.0, "AWSSupportBusiness", bill_payer_account_id="222222226009", line_item_usage_type="Dollar"),
    ],
)  # fmt: skip


def test_support_is_shared_by_all_that_the_payer_pays_for_to_the_last_digit(paid: Paid) -> None:
    support = "SELECT model, effective_cost FROM attributed_costs WHERE service_code LIKE '%Support%' AND billing_account_id = '222222226009' ORDER BY 1"
    assert paid.query(support) == [("abacus", Decimal("66.6666666667")), ("ledger", Decimal("33.3333333333"))]


# Software of the Marketplace that names no resource: its account's.
given(
    billed=[
        hosted("222222226007", "ep-6071", 9.0, "ledger"), hosted("222222226007", "ep-6072", 3.0, "abacus"),
        without_resource("Usage", "222222226007", 3.0, "4kzoeaihsdf8s9df7asd5sadf", product={"product_name": "Labelling tool"}, line_item_usage_type="MP:seats"),
    ],
)  # fmt: skip


def test_software_of_the_marketplace_is_shared_by_what_its_account_costs(paid: Paid) -> None:
    assert paid.of("account_id = '222222226007' AND resource_id = ''", "model, method") == {
        ("ledger", "proportional"): 2.25,
        ("abacus", "proportional"): 0.75,
    }


# An account is tagged with a cost centre; what the code means is told elsewhere. That is no claim on its tax.
given(
    record("organizations:DescribeAccount", "222222226090", {"Id": "222222226090", "Name": "account-6090"}, tags={"GL-Code": "6091"}),
    billed=[
        sagemaker("Host:ml.m5.large", "endpoint/ep-6091", 1.0, resource_tags={"user_gl_code": "6091", "user_team": "books"}),
        sagemaker("Host:ml.m5.large", "endpoint/ep-6092", 1.0, resource_tags={"user_gl_code": "6092", "user_team": "kites"}),
        hosted("222222226090", "ep-6093", 10.0, "ledger"),
        without_resource("Tax", "222222226090", 2.0),
    ],
)  # fmt: skip


def test_that_an_account_carries_a_teams_code_is_no_claim_on_what_is_shared_in_it(paid: Paid) -> None:
    shared = "account_id = '222222226090' AND resource_id = ''"
    assert paid.of(shared, "model, method") == {("ledger", "proportional"): 2}
