-- A delivery a month.
SELECT 'payer' AS export_name, billing_period, md5(billing_period) AS drop_id, 'loaded' AS state, 'cur2' AS format,
    1 AS files,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost, 'USD' AS billing_currency, true AS is_final
FROM team_costs
GROUP BY billing_period
