-- What a new plan of each term, payment and size would have covered and saved.
SELECT billing_period, billing_account_id, term_years, payment_option, percentile, on_demand_per_hour,
    round(100 * coverage, 1) AS coverage_percent, round(100 * utilisation, 1) AS utilisation_percent,
    round(100 * break_even_discount, 1) AS break_even_discount_percent, round(100 * discount, 1) AS discount_percent,
    commitment_per_hour, unused_cost AS unused, savings, savings_per_month,
    round(break_even_months, 1) AS break_even_months, round(break_even_hours) AS break_even_hours,
    uncovered_list_cost, unsure_list_cost, first_day, last_day, basis, billing_currency, unknown_because
FROM commitment_ladder
WHERE list_contains($periods, billing_period)
ORDER BY billing_period, billing_currency, billing_account_id, term_years, payment_option DESC, percentile
