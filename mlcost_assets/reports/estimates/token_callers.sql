-- What tokens cost by who called them, where the bill tells it (x_iam_principal): a row of token_costs is divided as
-- the usage of its callers is. Where several models share one charge, nobody tells who called which: it has no caller.
-- A view, of which a month is asked: all partitions have the month, so that no other is read.
WITH caller AS (
    SELECT billing_period, charge_date, account_id, region_id, service_name, resource_id, usage_type, billing_currency,
        coalesce(caller_name(iam_principal), '') AS caller,
        CAST(sum(usage_quantity) AS DECIMAL(28,10)) AS quantity
    FROM daily_charges
    WHERE charge_category = 'Usage' AND token_direction(usage_type) IS NOT NULL
    GROUP BY ALL
),

cut AS (
    SELECT *, CAST(sum(quantity) OVER up_to_caller AS DECIMAL(28,10)) AS ends_at,
        ends_at - quantity AS begins_at, CAST(sum(quantity) OVER everybody AS DECIMAL(28,10)) AS whole,
        min(quantity) OVER everybody AS least
    FROM caller
    WINDOW everybody AS (
            PARTITION BY billing_period, charge_date, account_id, region_id, service_name, resource_id, usage_type,
                billing_currency
        ),
        up_to_caller AS (
            PARTITION BY billing_period, charge_date, account_id, region_id, service_name, resource_id, usage_type,
                billing_currency
            ORDER BY caller ROWS UNBOUNDED PRECEDING
        )
),

charged AS (
    SELECT *, count(*) OVER (
            PARTITION BY billing_period, charge_date, account_id, region_id, service_name, resource_id, usage_type,
                billing_currency
        ) AS models
    FROM token_costs
)

SELECT charged.billing_period, charged.charge_date, charged.model, charged.foundation_model, charged.direction,
    charged.is_batch,
    coalesce(cut.caller, '') AS caller, cut_between(tokens, begins_at, ends_at, whole) AS tokens,
    cut_between(billed_cost, begins_at, ends_at, whole) AS billed_cost,
    cut_between(effective_cost, begins_at, ends_at, whole) AS effective_cost,
    cut_between(list_cost, begins_at, ends_at, whole) AS list_cost, charged.billing_currency,
    charged.tokens_unknown_because
FROM charged
LEFT JOIN cut ON cut.billing_period = charged.billing_period AND cut.charge_date = charged.charge_date
    AND cut.account_id = charged.account_id
    AND cut.region_id IS NOT DISTINCT FROM charged.region_id AND cut.service_name = charged.service_name
    AND cut.resource_id = charged.resource_id AND cut.usage_type = charged.usage_type
    AND cut.billing_currency = charged.billing_currency AND models = 1 AND least >= 0 AND whole > 0
