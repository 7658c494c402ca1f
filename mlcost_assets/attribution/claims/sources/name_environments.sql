-- Environment by a word of the name: the resource's own first, then the role's or namespace's
-- (docs/contract.md#which-environment).
SELECT
    resource_key, 'environment' AS dimension, environment AS value, always_from() AS valid_from,
    always_to() AS valid_to,
    'name' AS source, 'name' AS method,
    'environment_word' AS code, place, max(text) AS said, [started('environment_word', place)] AS factors,
    [max({'text': text, 'record': record}).record] AS path
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
