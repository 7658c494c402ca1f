-- Models that are registered under a code (MRM-0279, fkxr84): the name that stands on the same things, where nearly all
-- that people say of those things is one name, on two things or more, or on the registry's own entry. What the same
-- registry keeps under an entry of its own is another model. Reads the temporary table claimed.
WITH coded AS (
    SELECT resource_key, value AS code, bool_or(source = 'identity' AND len(path) = 1) AS is_entry FROM claimed
    WHERE dimension = 'model' AND source IN ('identity', 'lineage', 'cicd', 'name', 'kubernetes') AND is_code(value)
    GROUP BY ALL
),

entry AS (
    SELECT DISTINCT resource_key, value AS model, starts_with(resource_key, 'arn:') AS of_aws
    FROM claimed
    WHERE dimension = 'model' AND source = 'identity' AND len(path) = 1
),

apart AS (
    SELECT DISTINCT own.model AS code, other.model AS name
    FROM entry AS own
    JOIN entry AS other ON other.of_aws = own.of_aws AND other.resource_key <> own.resource_key
        AND other.model <> own.model
),

named AS (
    SELECT coded.code, said.value AS name, count(DISTINCT said.resource_key) AS things,
        bool_or(coded.is_entry) AS of_entry
    FROM coded
    JOIN claimed AS said ON said.resource_key = coded.resource_key AND said.dimension = 'model' AND len(said.path) = 1
        AND NOT is_code(said.value)
    ANTI JOIN apart ON apart.code = coded.code AND apart.name = said.value
    GROUP BY coded.code, said.value
),

serving AS (
    SELECT coded.code, array_to_string(list_slice(words, kept[1], kept[-1]), '-') AS name
    FROM (
        SELECT DISTINCT resource_key, value AS code FROM claimed
        WHERE dimension = 'model' AND source IN ('bill_tag', 'resource_tag') AND is_code(value)
            AND value NOT IN (SELECT code FROM named)
    ) AS coded
    JOIN (
        SELECT resource_key, string_split(normal, '-') AS words,
            list_filter(
                range(1, len(words) + 1), lambda turn: NOT (is_ordinary(words[turn]) OR is_code(words[turn]))
            ) AS kept
        FROM names_carried
        WHERE place = 'name'
            AND regexp_matches(resource_key, ':(function|stateMachine|endpoint|inference-component|pipeline|agent)[:/]')
    ) AS called ON called.resource_key = coded.resource_key AND len(kept) > 0
)

SELECT code, min(name) AS name, grade('seen once') AS share
FROM serving
GROUP BY code
HAVING count(DISTINCT name) = 1
UNION ALL
SELECT code, name, things / sum(things) OVER (PARTITION BY code) AS share
FROM named
QUALIFY (things >= 2 OR of_entry) AND share >= grade('majority')
