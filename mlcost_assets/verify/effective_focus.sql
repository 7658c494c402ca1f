-- Effective cost as a FOCUS export tells it, or what is billed where it does not.
SELECT row_currency AS currency, charge_category AS type,
    CAST(sum(coalesce(effective_cost, billed_cost)) AS DECIMAL(28,10)) AS cost
FROM exported
GROUP BY ALL
