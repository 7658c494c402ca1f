-- AWS cost categories: what the payer's rules say of the charges of a resource, and of an account all of whose
-- categorised charges have one value. They speak with the accounts, after all that is said of the resource itself.
WITH meant AS (
    SELECT account_id, resource_key, tag_values.dimension, canonical_value AS value,
        sum(cost_categories.effective_cost) AS cost, min(category || ' = ' || cost_categories.value) AS written
    FROM cost_categories
    JOIN tag_values ON tag_values.tag_key = 'costCategory/' || category AND tag_values.tag_value = cost_categories.value
    WHERE tag_values.dimension IN ('team', 'environment', 'project', 'business_function')
        AND canonical_value IS NOT NULL AND canonical_value <> 'nonprod'
    GROUP BY ALL
),

claim AS (
    SELECT resource_key, dimension, value, cost, written
    FROM meant
    WHERE resource_key IS NOT NULL
    UNION ALL
    SELECT 'account:' || account_id, dimension, min(value), sum(cost), min(written)
    FROM meant
    GROUP BY account_id, dimension
    HAVING count(DISTINCT value) = 1
)

-- Of several values of a resource the one with most dollars counts.
SELECT resource_key, dimension, value, always_from() AS valid_from, always_to() AS valid_to, 'account' AS source,
    'account' AS method, 'cost_category' AS code, 'account' AS place, min(written) AS said,
    [graded('cost_category')] AS factors, ['cost category ' || min(written)] AS path
FROM claim
GROUP BY resource_key, dimension, value
QUALIFY row_number() OVER (PARTITION BY resource_key, dimension ORDER BY sum(cost) DESC, value) = 1
