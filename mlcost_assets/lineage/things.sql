-- What is known of the things $keys, the latest life of each.
SELECT key, latest.kind AS kind, latest.name AS name, latest.account_id AS account_id, latest.region AS region,
    latest.life AS lives,
    latest.created_at AS created_at, latest.ended_at AS ended_at, effective_cost
FROM (
    SELECT resource_key AS key, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
        max(
            {
                'life': life, 'created_at': created_at, 'ended_at': ended_at, 'kind': kind, 'name': name,
                'account_id': account_id, 'region': region
            }
        ) AS latest
    FROM resources
    WHERE list_contains($keys, resource_key)
    GROUP BY resource_key
)
ORDER BY key
