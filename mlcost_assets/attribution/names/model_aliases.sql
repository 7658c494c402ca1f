-- Other names that a registry's entry gives its model, in tags such as codename or nickname: of one model alone, and of
-- no other that is registered. What rules.yaml knows is left to it.
WITH entry AS (
    SELECT normal_form(body ->> '$.name') AS model, unnest(entries_of(json_extract(body, '$.tags'))) AS tag
    FROM metadata_records
    WHERE kind = 'mlflow:RegisteredModel'
    UNION ALL
    SELECT normal_form(name), unnest(map_entries(tags))
    FROM resource_history
    WHERE kind = 'sagemaker:DescribeModelPackageGroup'
),

called AS (
    SELECT model, normal_form(tag.value) AS alias
    FROM entry
    WHERE regexp_full_match(normal_form(tag.key), concat(
        '((model|internal|product|project|former|old|previous)-)?(code-?name|alias|nick-?name|aka|also-known-as)',
        -- The same in other languages.
        '|(nombre|nome|nom)-(en-|em-|in-|de-)?(clave|codigo|codice|code)|code?i?nome|apodo|apelido|surnom|soprannome',
        '|(deck|spitz)name|(code|schuil|bij)naam'
    ))
        AND why_nothing(tag.value, 'model') IS NULL
)

SELECT alias, min(model) AS model
FROM called
WHERE alias <> model AND NOT regexp_full_match(alias, 'champion|challenger|candidate|latest|current|best|live|stable')
    AND len(list_filter(string_split(alias, '-'), lambda word: NOT is_ordinary(word))) > 0
    AND alias NOT IN (
        SELECT model FROM entry WHERE model IS NOT NULL
        UNION ALL
        SELECT normal_value FROM registry_names WHERE dimension = 'model'
    )
GROUP BY alias
HAVING count(DISTINCT model) = 1
