-- What each published month came to, and how much of its ML spend has an owner, by currency.
SELECT billing_period, billing_currency, CAST(sum(amount) AS DECIMAL(28,10)) AS bill,
    CAST(coalesce(sum(amount) FILTER (is_ml), 0) AS DECIMAL(28,10)) AS ml_spend,
    CAST(coalesce(sum(amount) FILTER (is_ml AND team IS NOT NULL), 0) AS DECIMAL(28,10)) AS with_a_team,
    CAST(coalesce(sum(amount) FILTER (is_ml AND team IS NULL), 0) AS DECIMAL(28,10)) AS of_no_known_team
FROM (
    SELECT *, cost_of_kind($cost, effective_cost, billed_cost, list_cost) AS amount
    FROM team_costs
)
GROUP BY billing_period, billing_currency
ORDER BY billing_period DESC, billing_currency
