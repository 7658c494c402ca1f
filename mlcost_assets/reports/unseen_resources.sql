-- Of the newest month: what the bill names and metadata never knew, by service; a share for a threshold.
--
-- Commitments and AWS's own inference profiles are no resources.
WITH billed AS (
    SELECT service_code, is_ml,
        resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key,
        sum(effective_cost) AS effective_cost
    FROM attributed_costs
    WHERE billing_period = (SELECT max(billing_period) FROM attributed_costs) AND resource_id <> ''
        AND stage <> 'commitment' AND resource_id NOT LIKE '%:inference-profile/%'
    GROUP BY ALL
)

SELECT
    (SELECT max(billing_period) FROM attributed_costs) AS billing_period, service_code, is_ml,
    count(DISTINCT resource_key) AS unseen_resources,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS unseen_cost,
    coalesce(
        sum(sum(effective_cost)) FILTER (is_ml) OVER () / nullif(
            (SELECT sum(effective_cost) FROM billed WHERE is_ml), 0
        ),
        0
    ) AS unseen_share_of_ml
FROM billed
ANTI JOIN resource_history USING (resource_key)
GROUP BY service_code, is_ml
ORDER BY is_ml DESC, unseen_cost DESC, service_code
