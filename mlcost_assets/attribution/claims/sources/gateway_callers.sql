-- Who calls foundation models through a gateway: the team of the key, and what the request says of itself, read like
-- labels (LiteLLM: "Spend Tracking", spend_logs_metadata and requester_metadata; litellm/proxy/schema.prisma).
WITH said AS (
    SELECT gateway_caller(account_id, body) AS resource_key, file || ':' || line AS record, unnest(list_concat(
        gateway_words(body),
        [{'key': 'team', 'value': coalesce(nullif(body ->> '$.metadata.user_api_key_team_alias', ''),
            body ->> '$.team_id')}]
    )) AS entry
    FROM metadata_records
    WHERE kind = 'litellm:SpendLog'
),

-- Also a key whose dimension only its values told.
spoken AS (
    SELECT normal_key, dimension FROM key_dimensions
    UNION
    SELECT normal_key, dimension FROM tag_keys WHERE how LIKE 'its values %'
),

meant AS (
    SELECT resource_key, spoken.dimension, record, entry.key || ' = ' || entry.value AS said,
        name_dictionary.name IS NOT NULL OR spoken.dimension = 'environment' AS is_known,
        CASE spoken.dimension
            WHEN 'environment' THEN environment_words.environment
            ELSE coalesce(name_dictionary.name, normal_form(entry.value)) END AS value
    FROM said
    JOIN spoken ON spoken.normal_key = normal_form(entry.key)
    LEFT JOIN name_dictionary ON name_dictionary.dimension = spoken.dimension
        AND name_dictionary.compact = replace(normal_form(entry.value), '-', '')
    LEFT JOIN environment_words ON environment_words.word = normal_form(entry.value)
    WHERE spoken.dimension IN ('model', 'team', 'agent', 'environment', 'project', 'business_function')
        AND why_nothing(entry.value, spoken.dimension) IS NULL
)

SELECT resource_key, dimension, value, always_from() AS valid_from, always_to() AS valid_to, 'label' AS source,
    'lineage' AS method, 'request_metadata' AS code, 'label' AS place, min(said) AS said,
    CASE WHEN bool_and(is_known) THEN [graded('request_metadata')]
         ELSE [graded('request_metadata'), graded('unknown name')] END AS factors,
    [min({'said': said, 'record': record}).record] AS path
FROM meant
WHERE value IS NOT NULL
GROUP BY resource_key, dimension, value
