-- What is to be mended about required tags in a month, the dearest first.
--
-- A tag that people set and nobody activated is one finding a key; what is missing or wrong is one a tag,
-- account, team and group of services. Money of a finding is what its resources cost. $confidence: from how
-- sure on a suggestion is written into files.
WITH gone AS (
    SELECT resource_key FROM resource_history GROUP BY resource_key HAVING bool_and(ended_at IS NOT NULL)
),

state AS (
    SELECT states.*, gone.resource_key IS NOT NULL AS ended,
        gone.resource_key IS NULL AND suggested_value IS NOT NULL AND suggested_confidence >= $confidence AS mendable
    FROM tag_states AS states
    LEFT JOIN gone USING (resource_key)
    WHERE billing_period = $period
),

found AS (
    SELECT 'not activated' AS finding, tag, NULL AS account_id, NULL AS team, NULL AS service_group, tag_key,
        count(*) AS resources, sum(effective_cost) AS effective_cost, 0 AS ended_resources, 0 AS mendable_resources,
        0 AS mendable_cost,
        CAST([] AS VARCHAR[]) AS suggestions, NULL AS confidence, billing_currency
    FROM state WHERE state = 'not in the bill'
    GROUP BY tag, tag_key, billing_currency
    UNION ALL
    SELECT state, tag, account_id, team, service_group, NULL,
        count(*), sum(effective_cost), count(*) FILTER (ended), count(*) FILTER (mendable),
        coalesce(sum(effective_cost) FILTER (mendable), 0),
        coalesce(list_sort(list(DISTINCT suggested_value) FILTER (suggested_value IS NOT NULL)), []),
        min(suggested_confidence) FILTER (suggested_value IS NOT NULL), billing_currency
    FROM state WHERE state IN ('missing', 'wrong')
    GROUP BY state, tag, account_id, team, service_group, billing_currency
)

SELECT
    CAST(
        row_number() OVER (
            ORDER BY found.effective_cost DESC, finding, found.tag, account_id, team, service_group, found.tag_key
        ) AS INTEGER
    ) AS rank,
    finding, found.tag, account_id, team, service_group, found.tag_key, found.resources,
    CAST(found.effective_cost AS DECIMAL(28,10)) AS effective_cost, billing_currency,
    mendable_resources, CAST(mendable_cost AS DECIMAL(28,10)) AS mendable_cost, suggestions,
    round(confidence, 2) AS confidence,
    CASE
        WHEN finding = 'not activated' AND keys.activated THEN found.tag_key || ' is activated since '
            || coalesce(strftime(keys.activation_changed, '%Y-%m-%d'), 'lately')
            || ': it shows from then on; the paying account may ask for a backfill'
        WHEN finding = 'not activated' THEN 'activate ' || found.tag_key || ' for cost allocation in the paying account'
        ELSE concat_ws('; ',
            CASE WHEN mendable_resources > 0 THEN 'tag ' || mendable_resources || ' with what attribution found' END,
            CASE WHEN ended_resources > 0
                THEN CASE ended_resources WHEN 1 THEN '1 has' ELSE ended_resources || ' have' END
                    || ' ended: add the tag where they are started' END,
            CASE found.resources - ended_resources - mendable_resources
                WHEN 0 THEN NULL
                WHEN found.resources
                    THEN CASE found.resources WHEN 1 THEN 'ask whose it is' ELSE 'ask whose they are' END
                WHEN 1 THEN 'ask whose the other one is'
                ELSE 'ask whose the other ' || (found.resources - ended_resources - mendable_resources) || ' are' END)
    END AS mend
FROM found
LEFT JOIN tag_keys AS keys ON keys.tag_key = found.tag_key
ORDER BY rank
