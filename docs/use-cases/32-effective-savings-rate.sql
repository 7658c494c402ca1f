-- What do our commitments save, all in all?
-- What is committed and not used counts as cost, as it should.
SELECT billing_period, sum(contracted_cost) AS contracted_cost, sum(effective_cost) AS effective_cost,
    round(100 * (1 - sum(effective_cost) / sum(contracted_cost)), 1) AS over_contracted_percent,
    round(100 * (1 - sum(effective_cost) / sum(list_cost)), 1) AS over_list_percent, billing_currency
FROM line_items
WHERE charge_category = 'Usage' AND NOT is_split_cost
GROUP BY ALL
ORDER BY billing_period, billing_currency DESC
