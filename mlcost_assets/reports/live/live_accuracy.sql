-- What was estimated of each day that is billed now, beside what its bill says of the same hours.
--
-- Reads live_before, which is live_costs as it stood when the refresh began. A charge of several hours counts with the
-- part of its time that was estimated. A day is compared once, when its bill first is whole.
WITH span AS (
    SELECT billing_account_id, CAST(hour AS DATE) AS day, live_bill.billed_until, min(hour) AS estimated_from,
        least(max(hour) + INTERVAL 1 HOUR, max(live_before.as_of)) AS estimated_until,
        max(live_before.as_of) AS estimated_as_of
    FROM live_before
    JOIN live_bill USING (billing_account_id)
    WHERE hour < live_bill.billed_until
    GROUP BY billing_account_id, day, live_bill.billed_until
),

open_span AS (
    FROM span
    ANTI JOIN live_accuracy USING (billing_account_id, day)
),

charge AS (
    SELECT billing_account_id, day, x_service_code AS service_code, billing_currency, effective_cost,
        date_diff('second', charge_period_start, charge_period_end) AS seconds,
        date_diff(
            'second', greatest(charge_period_start, estimated_from), least(charge_period_end, estimated_until)
        ) AS estimated_seconds
    FROM line_items
    JOIN open_span USING (billing_account_id)
    WHERE charge_category = 'Usage' AND NOT is_split_cost
        AND billing_period >= (SELECT strftime(min(open_span.day), '%Y-%m') FROM open_span)
        AND charge_period_start < estimated_until AND charge_period_end > estimated_from
),

both_sides AS (
    SELECT billing_account_id, day, service_code, live_before.billing_currency, estimated_cost,
        CAST(0 AS DECIMAL(28,10)) AS billed_cost
    FROM live_before
    JOIN open_span USING (billing_account_id)
    WHERE CAST(hour AS DATE) = day AND estimated_cost IS NOT NULL
    UNION ALL
    SELECT billing_account_id, day, service_code, billing_currency, 0,
        scaled(effective_cost, estimated_seconds, seconds)
    FROM charge
    WHERE seconds BETWEEN 1 AND 86400
)

SELECT day, billing_account_id, service_code, estimated_from, estimated_until, estimated_as_of, billed_until,
    estimated_cost, billed_cost, estimated_cost - billed_cost AS error,
    CASE WHEN billed_cost > 0 THEN round(CAST(error AS DOUBLE) / CAST(billed_cost AS DOUBLE), 6) END AS error_ratio,
    billing_currency
FROM (
    SELECT day, billing_account_id, service_code, billing_currency,
        CAST(sum(estimated_cost) AS DECIMAL(28,10)) AS estimated_cost,
        CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost
    FROM both_sides
    GROUP BY ALL
)
JOIN open_span USING (billing_account_id, day)
