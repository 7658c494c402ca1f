-- What divides a resource among several consumers, and by which weights; resources with one consumer are not here.
--
-- An endpoint whose configuration serves several models: by the instances of each variant. The bill has the instance type,
-- so a charge is divided only among the variants that run on that type.
WITH variant AS (
    SELECT
        endpoint.from_id AS resource_key,
        config.detail ->> '$.InstanceType' AS instance_type,
        config.to_id AS consumer_key,
        greatest(coalesce(CAST(config.detail ->> '$.InitialInstanceCount' AS BIGINT), 1), 0) AS weight,
        endpoint.valid_from, coalesce(endpoint.valid_to, always_to()) AS valid_to,
        config.source
    FROM lineage_edges AS endpoint
    JOIN lineage_edges AS config ON config.from_id = endpoint.to_id AND config.relation = 'serves'
    WHERE endpoint.relation = 'configured_by'
)

SELECT resource_key, instance_type, consumer_key, CAST(sum(weight) AS BIGINT) AS weight, valid_from, valid_to,
    'telemetry' AS method, 0.9 AS confidence, list(DISTINCT source ORDER BY source) AS sources,
    'instances of the variants' AS measure
FROM variant
GROUP BY resource_key, instance_type, consumer_key, valid_from, valid_to
QUALIFY count(*) OVER (PARTITION BY resource_key, instance_type, valid_from) > 1
