-- Differences that are not the sum of their parts, and days on which the rows of a source are not the bill of tokens.
WITH told AS (
    SELECT source, charge_date, billing_currency, sum(billed_cost) AS billed, sum(effective_cost) AS effective,
        sum(list_cost) AS listed,
        count(*) FILTER (difference <> coalesce(missing_calls, 0) + coalesce(retries, 0) + coalesce(cache_tokens, 0)
            + coalesce(price, 0) + coalesce(discount, 0) + rest) AS unequal
    FROM estimate_vs_bill
    WHERE list_contains($periods, billing_period)
    GROUP BY ALL
),

bill AS (
    SELECT source, token_costs.charge_date, billing_currency, sum(billed_cost) AS billed,
        sum(effective_cost) AS effective, sum(list_cost) AS listed
    FROM token_costs
    JOIN (
        SELECT DISTINCT source, charge_date FROM told
    ) AS days USING (charge_date)
    WHERE list_contains($periods, billing_period)
    GROUP BY ALL
)

SELECT source, charge_date, billing_currency, coalesce(unequal, 0) AS unequal,
    coalesce(told.effective, 0) - coalesce(bill.effective, 0) AS effective
FROM told
FULL JOIN bill USING (source, charge_date, billing_currency)
WHERE unequal > 0 OR coalesce(told.effective, 0) <> coalesce(bill.effective, 0)
    OR coalesce(told.billed, 0) <> coalesce(bill.billed, 0) OR coalesce(told.listed, 0) <> coalesce(bill.listed, 0)
ORDER BY ALL
