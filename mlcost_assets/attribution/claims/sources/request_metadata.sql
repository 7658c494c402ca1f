-- What callers wrote into their requests to Bedrock, read like labels: requestMetadata in the log of invocations
-- (Amazon Bedrock User Guide, "Monitor model invocation using CloudWatch Logs and Amazon S3").
--
-- The bill tells apart who called, not which request it is for. So what is said counts where all that the caller sent
-- on a day says it; of an application's inference profile, all that was sent through it.
WITH request AS (
    SELECT file || ':' || line AS record, body ->> '$.accountId' AS account_id, body ->> '$.region' AS region_id,
        body ->> '$.identity.arn' AS caller, body ->> '$.modelId' AS called,
        json_extract(body, '$.requestMetadata') AS written,
        CAST(time_from_text(body ->> '$.timestamp') AS DATE) AS day
    FROM metadata_records
    WHERE kind = 'bedrock:ModelInvocationLog'
),

-- Of what the bill names by itself, and of what it names by the caller alone.
thing AS (
    SELECT DISTINCT resource_key, account_id, region_id, iam_principal AS caller
    FROM billed_things
    WHERE starts_with(resource_key, 'charges:') AND iam_principal IS NOT NULL
),

sent AS (
    SELECT called AS resource_key, day, record, written
    FROM request
    WHERE regexp_matches(called, ':bedrock:[^:]+:[0-9]{12}:(application-inference-profile|provisioned-model)/')
    UNION ALL
    SELECT thing.resource_key, day, record, written
    FROM request
    JOIN thing USING (account_id, region_id, caller)
    WHERE NOT regexp_matches(coalesce(called, ''), ':(application-inference-profile|provisioned-model)/')
),

counted AS (
    SELECT resource_key, day, count(DISTINCT record) AS requests
    FROM sent
    GROUP BY resource_key, day
),

-- Also a key whose dimension only its values told.
spoken AS (
    SELECT normal_key, dimension FROM key_dimensions
    UNION
    SELECT normal_key, dimension FROM tag_keys WHERE how LIKE 'its values %'
),

meant AS (
    SELECT resource_key, day, record, spoken.dimension, key || ' = ' || said AS said,
        name_dictionary.name IS NOT NULL OR spoken.dimension = 'environment' AS is_known,
        CASE spoken.dimension
            WHEN 'environment' THEN environment_words.environment
            ELSE coalesce(name_dictionary.name, normal_form(said)) END AS value
    FROM (
        SELECT resource_key, day, record, key, member(written, key) AS said
        FROM (
            SELECT *, unnest(json_keys(written)) AS key FROM sent
        )
    )
    JOIN spoken ON spoken.normal_key = normal_form(key)
    LEFT JOIN name_dictionary ON name_dictionary.dimension = spoken.dimension
        AND name_dictionary.compact = replace(normal_form(said), '-', '')
    LEFT JOIN environment_words ON environment_words.word = normal_form(said)
    WHERE spoken.dimension IN ('model', 'team', 'agent', 'environment', 'project', 'business_function')
        AND why_nothing(said, spoken.dimension) IS NULL
)

SELECT resource_key, dimension, min(value) AS value, CAST(day AS TIMESTAMP) AS valid_from,
    CAST(day AS TIMESTAMP) + INTERVAL 1 DAY AS valid_to, 'label' AS source, 'lineage' AS method,
    'request_metadata' AS code, 'label' AS place, min(said) AS said,
    CASE WHEN bool_and(is_known) THEN [graded('request_metadata')]
         ELSE [graded('request_metadata'), graded('unknown name')] END AS factors,
    [min({'said': said, 'record': record}).record] AS path
FROM meant
JOIN counted USING (resource_key, day)
WHERE value IS NOT NULL
GROUP BY resource_key, day, dimension
HAVING count(DISTINCT value) = 1 AND count(DISTINCT record) = max(requests)
