-- What each commitment cost, wasted and saved, the largest first.
SELECT billing_period, commitment_category AS category, commitment_id, covers, term_years, payment_option, hours,
    committed_cost AS committed, used_cost AS used, unused_cost AS unused,
    round(100 * utilisation, 1) AS utilisation_percent, covered_list_cost AS covered_on_demand, savings,
    round(100 * effective_savings_rate, 1) AS savings_percent, eligible_list_cost AS eligible_on_demand,
    round(100 * coverage, 1) AS coverage_percent, billing_currency, unknown_because
FROM commitment_coverage
WHERE list_contains($periods, billing_period)
ORDER BY billing_period, billing_currency, commitment_category = 'Capacity', committed_cost DESC, commitment_id
