-- What a thousand requests of each model cost on each day of the month.
SELECT $billing_period AS billing_period, day AS charge_date, model, requests, requests AS counted_requests,
    requests AS endpoint_requests, inference AS inference_cost, inference AS counted_cost,
    inference AS counted_billed_cost,
    inference AS counted_list_cost, total AS total_cost, total AS total_list_cost, 0 AS usage_priced_cost,
    per_thousand(inference, requests) AS cost_per_1000, per_thousand(total, requests) AS total_cost_per_1000,
    per_thousand(inference, requests) AS counted_cost_per_1000, false AS is_counted_in_front, 'USD' AS billing_currency
FROM (
    SELECT day, model, CAST(1000 + hash(day, model) % 1000000 AS BIGINT) AS requests,
        CAST(coalesce(sum(cost) FILTER (stage = 'inference'), 0) AS DECIMAL(28,10)) AS inference,
        CAST(sum(cost) AS DECIMAL(28,10)) AS total
    FROM thing_day
    WHERE month = $billing_period AND model IS NOT NULL
    GROUP BY ALL
)
