-- What each party owes by section, in whole cents, and all of them together (`is_total`).
SELECT grouping(party, cost_centre) > 0 AS is_total, party, cost_centre,
    CAST(coalesce(sum(amount) FILTER (section = 'direct'), 0) AS DECIMAL(28,10)) AS direct,
    CAST(coalesce(sum(amount) FILTER (section = 'shared'), 0) AS DECIMAL(28,10)) AS shared,
    CAST(coalesce(sum(amount) FILTER (section = 'unattributed'), 0) AS DECIMAL(28,10)) AS unattributed,
    CAST(coalesce(sum(amount) FILTER (section = 'marketplace'), 0) AS DECIMAL(28,10)) AS marketplace,
    CAST(coalesce(sum(amount) FILTER (section = 'correction'), 0) AS DECIMAL(28,10)) AS correction,
    CAST(coalesce(sum(amount) FILTER (section = 'credit'), 0) AS DECIMAL(28,10)) AS credit,
    CAST(coalesce(sum(amount) FILTER (section = 'tax'), 0) AS DECIMAL(28,10)) AS tax,
    CAST(coalesce(sum(amount) FILTER (section = 'adjustment'), 0) AS DECIMAL(28,10)) AS adjustment,
    CAST(sum(amount) AS DECIMAL(28,10)) AS amount,
    CAST(sum(billed_cost) AS DECIMAL(28,10)) AS billed_cost,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost, billing_currency, max(decimals) AS decimals
FROM statement_lines
GROUP BY GROUPING SETS ((billing_currency, party, cost_centre), (billing_currency))
ORDER BY billing_currency, is_total, sum(amount) DESC, party, cost_centre
