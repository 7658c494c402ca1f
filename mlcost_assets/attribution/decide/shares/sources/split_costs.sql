-- An instance under Kubernetes or ECS whose cost AWS itself divided: by
-- split-cost rows, idle part included, day by day.
SELECT instance_id AS resource_key, NULL AS instance_type,
    resource_key(resource_id, NULL, NULL, region_id, account_id) AS consumer_key,
    CAST(sum(cost) AS DOUBLE) AS weight,
    CAST(charge_date AS TIMESTAMP) AS valid_from, CAST(charge_date AS TIMESTAMP) + INTERVAL 1 DAY AS valid_to,
    'split cost' AS kind, ['split-cost rows of ' || instance_id || ' on ' || charge_date] AS sources
FROM split_costs
-- Some exports tell what no pod used by a row of its own, besides each pod's part of it.
WHERE resource_id <> '' AND NOT regexp_matches(resource_id, '(?i)/unused(/|$)')
GROUP BY ALL
