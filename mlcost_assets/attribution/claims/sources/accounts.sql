-- Accounts: their tags, and the environment and the team that their name says. They speak last.
WITH account AS (
    SELECT id, name, body, tags, source FROM resource_history WHERE kind = 'organizations:DescribeAccount'
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY valid_from DESC, source) = 1
),

named AS (
    SELECT id, source, coalesce(body ->> '$.Account.Name', body ->> '$.Name') AS account_name,
        string_split(normal_form(coalesce(body ->> '$.Account.Name', body ->> '$.Name')), '-') AS words
    FROM account
),

tagged AS (
    SELECT account.id, tag.key, tag.value, source
    FROM (
        SELECT id, source, unnest(map_entries(tags)) AS tag FROM account
    ) AS account
    UNION
    SELECT account_id, regexp_replace(tag.key, '^accountTag/', ''), tag.value, 'bill'
    FROM (
        SELECT DISTINCT account_id, unnest(map_entries(tags)) AS tag
        FROM billed_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
    )
    WHERE starts_with(tag.key, 'accountTag/')
)

SELECT 'account:' || tagged.id AS resource_key, tag_values.dimension, tag_values.canonical_value AS value,
    always_from() AS valid_from, always_to() AS valid_to,
    'account' AS source, 'account' AS method, 'account_tag' AS code, 'account' AS place,
    min(tagged.key || ' = ' || tagged.value) AS said, [graded('account_tag')] AS factors,
    [min({'written': tagged.key || ' = ' || tagged.value, 'source': tagged.source}).source] AS path
FROM tagged
JOIN tag_values ON regexp_replace(tag_values.tag_key, '^accountTag/', '') = tagged.key
    AND tag_values.tag_value = tagged.value
WHERE tag_values.canonical_value IS NOT NULL AND tag_values.dimension IN ('environment', 'team', 'business_function')
    AND tag_values.canonical_value <> 'nonprod'
GROUP BY ALL
UNION ALL
SELECT 'account:' || id, 'environment', environment, always_from(), always_to(), 'account', 'account', 'account_word',
    'account', account_name, [graded('account_word')], [source]
FROM (
    SELECT id, source, account_name, environment_words.environment,
        row_number() OVER (PARTITION BY id ORDER BY position DESC) AS nth
    FROM (
        SELECT id, source, account_name, unnest(words) AS word, generate_subscripts(words, 1) AS position FROM named
    )
    JOIN environment_words USING (word)
)
WHERE nth = 1
UNION ALL
-- A team's name stands among its words; of several teams' none does.
SELECT 'account:' || id, 'team', any_value(name), always_from(), always_to(), 'account', 'account', 'account_team',
    'account', any_value(account_name),
    CASE
        WHEN bool_or(alone) THEN [graded('account_team')]
        ELSE [graded('account_team'), graded('other words')] END,
    [any_value(source)]
FROM (
    SELECT named.id, named.source, account_name, team.name,
        team.compact = array_to_string(list_filter(words, lambda word: NOT is_ordinary(word)), '') AS alone
    FROM named
    JOIN (
        SELECT DISTINCT name, compact FROM name_dictionary WHERE dimension = 'team' AND len(compact) >= 4
    ) AS team
        ON contains('-' || array_to_string(words, '-') || '-', '-' || team.name || '-')
)
GROUP BY id
HAVING count(DISTINCT name) = 1
