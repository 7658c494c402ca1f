-- Accounts: their tags, and the environment and the team that their name says. They speak last. Where no tag names a
-- team, the unit that an account is tagged with is the team.
WITH account AS (
    SELECT resource_key AS id, body, source FROM resource_history WHERE kind = 'organizations:DescribeAccount'
    QUALIFY row_number() OVER (PARTITION BY resource_key ORDER BY valid_from DESC, source) = 1
),

named AS (
    SELECT id, source, body ->> '$.Account.Name' AS account_name,
        string_split(normal_form(body ->> '$.Account.Name'), '-') AS words
    FROM account
),

told AS (
    SELECT account.id, tag_spans.* EXCLUDE (resource_key, confidence)
    FROM tag_spans
    JOIN account ON account.id = tag_spans.resource_key
),

billed AS (
    SELECT account_id AS id, tag_values.dimension, tag_values.canonical_value AS value,
        min(regexp_replace(tag.key, '^accountTag/', '') || ' = ' || tag.value) AS written
    FROM (
        SELECT DISTINCT account_id, unnest(map_entries(tags)) AS tag
        FROM billed_things
        JOIN bill_tag_sets USING (billing_period, tag_set)
    )
    JOIN tag_values
        ON regexp_replace(tag_values.tag_key, '^accountTag/', '') = regexp_replace(tag.key, '^accountTag/', '')
            AND tag_values.tag_value = tag.value
    WHERE starts_with(tag.key, 'accountTag/') AND tag_values.canonical_value IS NOT NULL
    GROUP BY ALL
),

-- What the organisation tells has dates; of the rest the bill tells.
tagged AS (
    FROM (
        FROM told
        UNION ALL BY NAME
        SELECT *, always_from() AS valid_from, always_to() AS valid_to, 'bill' AS record
        FROM billed
        WHERE (id, dimension) NOT IN (SELECT (id, dimension) FROM told)
    )
    WHERE dimension = 'environment' OR id NOT IN (FROM shared_accounts)
)

SELECT 'account:' || id AS resource_key, dimension, value, valid_from, valid_to,
    'account' AS source, 'account' AS method, 'account_tag' AS code, 'account' AS place,
    written AS said, [graded('account_tag')] AS factors, [record] AS path
FROM tagged
WHERE dimension IN ('environment', 'team', 'business_function') AND value <> 'nonprod'
UNION ALL
SELECT 'account:' || id, 'team', value, valid_from, valid_to, 'account', 'account', 'account_unit', 'account', written,
    [graded('account_unit')], [record]
FROM tagged
JOIN finest_unit USING (dimension)
WHERE dimension <> 'team'
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
    WHERE named.id NOT IN (FROM shared_accounts)
)
GROUP BY id
HAVING count(DISTINCT name) = 1
