-- Environment by a word of the name: the resource's own first, then the role's or namespace's
-- (docs/contract.md#which-environment).
SELECT
    resource_key, 'environment' AS dimension, environment AS value, always_from() AS valid_from,
    always_to() AS valid_to,
    'name' AS source, 'name' AS method,
    max(
        CASE
            WHEN place IN ('name', 'pod', 'tag given by a tool') THEN 0.9
            WHEN place IN ('namespace', 'role', 'caller') THEN 0.6
            ELSE 0.5 END
    ) AS confidence,
    place, [max({'text': text, 'record': record}).record] AS path,
    'its ' || place || ' ' || max(text) || ' says '
        || max({'text': text, 'record': record, 'word': word}).word AS statement
FROM (
    SELECT resource_key, place, text, record, word, spelling.environment,
        row_number() OVER (PARTITION BY resource_key, place, text, record ORDER BY position DESC) AS nth
    FROM (
        SELECT *, unnest(string_split(normal, '-')) AS word,
            generate_subscripts(string_split(normal, '-'), 1) AS position
        FROM names_carried
    )
    JOIN environment_words AS spelling USING (word)
    WHERE place IN ('name', 'pod', 'namespace', 'cluster', 'role', 'caller', 'target group', 'tag given by a tool')
)
WHERE nth = 1
GROUP BY resource_key, environment, place
