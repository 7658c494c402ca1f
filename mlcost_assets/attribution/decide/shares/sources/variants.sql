-- An endpoint whose configuration serves several models: by the instances of each variant × the
-- list price of their type, shadow variants too. The bill has the instance type, so an hour is
-- divided among the variants that run on that type.
WITH hours AS (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key,
        regexp_extract(usage_type, 'ml\.[a-z0-9-]+\.[a-z0-9]+') AS instance_type, CAST(list_cost AS DOUBLE) AS cost,
        CAST(usage_quantity AS DOUBLE) AS hours
    FROM daily_charges WHERE regexp_matches(usage_type, '(Host|AsyncInf):ml\.') AND usage_quantity > 0 AND list_cost > 0
),

-- As the endpoint itself was billed, else as others were.
price AS (
    SELECT resource_key, instance_type, sum(cost) / sum(hours) AS price
    FROM hours
    GROUP BY GROUPING SETS ((resource_key, instance_type), (instance_type))
),

instances AS (
    SELECT resource_key, valid_from, valid_to, current ->> '$.VariantName' AS variant,
        told_count(current ->> '$.CurrentInstanceCount') AS instances
    FROM (
        SELECT resource_key, valid_from, valid_to,
            unnest(
                list_concat(
                    json_extract(body, '$.ProductionVariants[*]'), json_extract(body, '$.ShadowProductionVariants[*]')
                )
            ) AS current
        FROM resource_history WHERE kind = 'sagemaker:DescribeEndpoint'
    )
),

variant AS (
    SELECT DISTINCT
        endpoint.from_id AS resource_key,
        config.detail ->> '$.InstanceType' AS instance_type,
        config.to_id AS consumer_key,
        config.detail ->> '$.VariantName' AS variant,
        told_count(config.detail ->> '$.InitialInstanceCount') AS configured,
        endpoint.valid_from, endpoint.valid_to, config.source
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS config ON config.from_id = endpoint.to_id AND config.relation = 'serves'
    WHERE endpoint.relation = 'configured_by'
),

counted AS (
    SELECT variant.resource_key, instance_type, consumer_key, variant.valid_from, variant.valid_to,
        sum(greatest(coalesce(nullif(instances.instances, 0), configured, 1), 0)) AS instances,
        list(DISTINCT variant.source ORDER BY variant.source) AS sources
    FROM variant
    LEFT JOIN instances ON instances.resource_key = variant.resource_key AND instances.variant = variant.variant
        AND instances.valid_from = variant.valid_from AND instances.valid_to IS NOT DISTINCT FROM variant.valid_to
    GROUP BY ALL
)

SELECT resource_key, instance_type, consumer_key,
    -- Where the bill does not tell every type's price, all count alike.
    instances * CASE WHEN count(price) OVER whole = count(*) OVER whole THEN price ELSE 1.0 END AS weight,
    valid_from, coalesce(valid_to, always_to()) AS valid_to,
    'variants' AS kind, sources
FROM (
    SELECT counted.*, coalesce(own.price, usual.price) AS price
    FROM counted
    LEFT JOIN price AS own ON own.resource_key = counted.resource_key AND own.instance_type = counted.instance_type
    LEFT JOIN price AS usual ON usual.resource_key IS NULL AND usual.instance_type = counted.instance_type
)
WINDOW whole AS (PARTITION BY resource_key, valid_from, valid_to)
