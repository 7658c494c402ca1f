-- What nobody counts, the dearest of a month first, and what would tell.
SELECT gap.billing_period, gap.model, served_by, unknown_because, would_be_told_by, resources, days, largest_resource,
    gap.effective_cost AS cost, round(CAST(gap.effective_cost AS DOUBLE) / CAST(inference AS DOUBLE), 3) AS share,
    gap.billing_currency
FROM unit_gaps AS gap
JOIN (
    SELECT billing_period, model, billing_currency, nullif(sum(inference_cost), 0) AS inference
    FROM unit_costs
    WHERE list_contains($periods, billing_period)
    GROUP BY ALL
) AS month ON month.billing_period = gap.billing_period AND month.model = gap.model
    AND month.billing_currency = gap.billing_currency
WHERE $model IS NULL OR gap.model = $model
ORDER BY gap.billing_period, gap.billing_currency, gap.effective_cost DESC, gap.model, served_by, unknown_because
