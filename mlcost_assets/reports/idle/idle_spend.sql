-- What of a month runs for nobody, in each currency: the total, and the three dearest, a row each.
SELECT billing_currency, CAST(sum(saved_per_month) OVER of_currency AS DECIMAL(28,10)) AS total,
    count(*) OVER of_currency AS resources, kind, coalesce(name, short_name(resource_key)) AS name, team,
    saved_per_month
FROM idle_resources
WHERE saved_per_month > 0 AND still_exists AND NOT by_design
WINDOW of_currency AS (PARTITION BY billing_currency)
QUALIFY row_number() OVER (
    PARTITION BY billing_currency ORDER BY saved_per_month DESC, resource_key, kind, part NULLS FIRST
) <= 3
ORDER BY billing_currency, saved_per_month DESC, resource_key, kind, part NULLS FIRST
