-- What a new plan of each size would have covered and saved, by term and payment; those of which nothing but use is
-- known stand together.
SELECT billing_period, billing_account_id,
    string_agg(
        term_years || ' yr ' || payment_option, ', ' ORDER BY term_years, payment_option DESC
    ) AS plans,
    percentile, on_demand_per_hour, round(100 * coverage, 1) AS coverage_percent,
    round(100 * utilisation, 1) AS utilisation_percent,
    round(100 * break_even_discount, 1) AS break_even_discount_percent, round(100 * discount, 1) AS discount_percent,
    commitment_per_hour, unused_cost AS unused, savings, savings_per_month,
    round(break_even_months, 1) AS break_even_months, round(break_even_hours) AS break_even_hours,
    uncovered_list_cost, unsure_list_cost, first_day, last_day, basis, billing_currency, unknown_because,
    discount_source
FROM commitment_ladder
WHERE list_contains($periods, billing_period)
GROUP BY ALL
ORDER BY billing_period, billing_currency, billing_account_id, unknown_because NULLS FIRST, plans, percentile
