-- What several models use alike (an image, a prefix, a file system, a feature group) and nobody claims as a
-- whole: evenly over them (docs/contract.md#shared-images-and-files).
WITH claim AS (
    SELECT resource_key, value, max(confidence) AS confidence, min(path[1]) AS record
    FROM claims AS claim
    WHERE dimension = 'model' AND source = 'lineage'
        AND regexp_matches(resource_key, '^s3://|:repository/|:file-system/|:feature-group/')
        AND NOT EXISTS (
            FROM claims AS firm WHERE firm.resource_key = claim.resource_key AND firm.dimension = 'model'
            AND firm.source IN ('rule', 'identity', 'bill_tag', 'resource_tag'))
    GROUP BY ALL
)

SELECT resource_key, NULL AS instance_type, 'model:' || value AS consumer_key, 1.0 AS weight,
    always_from() AS valid_from, always_to() AS valid_to,
    'users evenly' AS kind, [record] AS sources
FROM claim
QUALIFY count(*) OVER (PARTITION BY resource_key) > 1
    AND confidence >= grade('uses alike') * max(confidence) OVER (PARTITION BY resource_key)
