-- What is known of the things $keys, the latest life of each.
SELECT resource_key AS key, arg_max(kind, life) AS kind, arg_max(name, life) AS name,
    arg_max(account_id, life) AS account_id, arg_max(region, life) AS region,
    max(life) AS lives, arg_max(created_at, life) AS created_at,
    arg_max({'ended_at': ended_at}, life).ended_at AS ended_at,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
FROM resources
WHERE list_contains($keys, resource_key)
GROUP BY resource_key
ORDER BY resource_key
