-- An endpoint whose configuration serves several models: by the instances of each variant, shadow variants too. The bill has
-- the instance type, so a charge is divided among the variants that run on that type.
WITH instances AS (
    SELECT resource_key, valid_from, valid_to, current ->> '$.VariantName' AS variant, CAST(current ->> '$.CurrentInstanceCount' AS BIGINT) AS instances
    FROM (
        SELECT resource_key, valid_from, valid_to,
            unnest(list_concat(json_extract(body, '$.ProductionVariants[*]'), json_extract(body, '$.ShadowProductionVariants[*]'))) AS current
        FROM resource_history WHERE kind = 'sagemaker:DescribeEndpoint'
    )
),

variant AS (
    SELECT DISTINCT
        endpoint.from_id AS resource_key,
        config.detail ->> '$.InstanceType' AS instance_type,
        config.to_id AS consumer_key,
        config.detail ->> '$.VariantName' AS variant,
        CAST(config.detail ->> '$.InitialInstanceCount' AS BIGINT) AS configured,
        endpoint.valid_from, endpoint.valid_to, config.source
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS config ON config.from_id = endpoint.to_id AND config.relation = 'serves'
    WHERE endpoint.relation = 'configured_by'
)

SELECT variant.resource_key, instance_type, consumer_key,
    CAST(sum(greatest(coalesce(nullif(instances.instances, 0), configured, 1), 0)) AS DOUBLE) AS weight,
    variant.valid_from, coalesce(variant.valid_to, always_to()) AS valid_to,
    2 AS rank, 'telemetry' AS method, 0.95 AS confidence, list(DISTINCT variant.source ORDER BY variant.source) AS sources,
    'instances of the variants' AS measure
FROM variant
LEFT JOIN instances ON instances.resource_key = variant.resource_key AND instances.variant = variant.variant
    AND instances.valid_from = variant.valid_from AND instances.valid_to IS NOT DISTINCT FROM variant.valid_to
GROUP BY variant.resource_key, instance_type, consumer_key, variant.valid_from, variant.valid_to
