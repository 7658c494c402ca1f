-- How far each method's dollars were replayed: of ML effective cost, what names records that were read again, what
-- weights or rules that were calculated again, and what has only its statement.
SELECT method, billing_currency, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(coalesce(sum(effective_cost) FILTER (records > 0), 0) AS DECIMAL(28,10)) AS by_records
FROM attributed_costs
LEFT JOIN (
    SELECT billing_period, evidence_id, count(*) FILTER (len(sources) > 0) AS records
    FROM attribution_evidence
    GROUP BY ALL
) AS told USING (billing_period, evidence_id)
WHERE is_ml AND ($period IS NULL OR attributed_costs.billing_period = $period)
GROUP BY ALL
ORDER BY 2, 3 DESC
