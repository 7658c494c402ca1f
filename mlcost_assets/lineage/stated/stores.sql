-- Who uses a table, a cache, a stream, a vector store: what names it among its environment variables or parameters. By
-- its address or ARN wherever they stand in a value, by its bare name only where the setting speaks of such a thing
-- (TABLE_NAME = features): a word alone may mean anything.
WITH setting AS (
    SELECT * EXCLUDE (pair, value), pair.name AS setting, pair.said AS said
    FROM (
        SELECT id, region, account_id, valid_from, valid_to, source, value,
            -- Kubernetes lists pairs of name and value.
            unnest(
                CASE json_type(value)
                    WHEN 'ARRAY' THEN list_transform(
                        json_extract(value, '$[*]'), lambda one: {'name': one ->> '$.name', 'said': one ->> '$.value'}
                    )
                    ELSE list_transform(
                        list_zip(json_keys(value), value ->> '$.*'), lambda one: {'name': one[1], 'said': one[2]}
                    )
                END
            ) AS pair
        FROM record_values
        WHERE meaning IN ('environment', 'parameters')
    )
    WHERE said <> ''
),

store AS (
    SELECT DISTINCT resource_key AS target, account_id, region, resource_history.name, named_in
    FROM resource_history
    JOIN kinds USING (kind)
    WHERE named_in IS NOT NULL
),

-- Hosts in addresses and in values, whatever port and protocol stand around them.
address AS (
    SELECT target, target AS address FROM store
    UNION
    SELECT id, unnest(list_append(regexp_extract_all(lower(text), '[a-z0-9-]+(?:\.[a-z0-9-]+){2,}'), text))
    FROM record_values
    WHERE meaning = 'addresses'
),

spoken AS (
    SELECT *,
        unnest(
            list_distinct(
                flatten(
                    [
                        [said], regexp_extract_all(lower(said), '[a-z0-9-]+(?:\.[a-z0-9-]+){2,}'),
                        regexp_extract_all(said, 'arn:[a-z-]+:[a-z]+:[a-z0-9-]+:[0-9]{12}:[^\s",;]+')
                    ]
                )
            )
        ) AS word
    FROM setting
)

SELECT id, region, account_id, valid_from, valid_to, source, 'uses' AS relation, target,
    CAST(json_object('setting', setting) AS VARCHAR) AS detail
FROM spoken
JOIN address ON address.address = spoken.word
UNION ALL
-- Amazon OpenSearch writes a domain's name and a collection's id into their hosts
-- (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html).
SELECT id, region, account_id, valid_from, valid_to, source, 'uses',
    CASE
        WHEN ends_with(word, '.es.amazonaws.com') THEN service_arn(
            'es', split_part(word, '.', 2), account_id,
            'domain/' || regexp_extract(word, '^(?:vpc|search)-(.+)-[a-z0-9]{8,}\.', 1)
        )
        ELSE service_arn('aoss', split_part(word, '.', 2), account_id, 'collection/' || split_part(word, '.', 1))
    END,
    CAST(json_object('setting', setting) AS VARCHAR)
FROM spoken
WHERE regexp_full_match(
    word,
    '(vpc|search)-[a-z0-9-]+-[a-z0-9]{8,}\.[a-z0-9-]+\.es\.amazonaws\.com'
    '|[a-z0-9]+\.[a-z0-9-]+\.aoss\.amazonaws\.com'
)
UNION ALL
SELECT setting.id, setting.region, setting.account_id, valid_from, valid_to, source, 'uses', target,
    CAST(json_object('setting', setting) AS VARCHAR)
FROM setting
JOIN store ON store.account_id = setting.account_id AND store.region = setting.region AND store.name = said
    AND contains(lower(setting), named_in)
