-- The names by which other names are read: models, teams and projects that somebody stated, with their spellings.
--
-- From the registry in rules.yaml, from tags (a word of four letters, a team or a project must stand on at least two
-- things), and from what model registries, MLflow and deployments call models. A registered name is another spelling of
-- a better known one when only ordinary words tell them apart, or when its words abbreviate those of exactly one
-- (eml-assst, email-assistant); so is an alias of its entry in a registry. compact: lower case, no separators.
WITH stated AS (
    SELECT dimension, canonical_value AS name, sum(resources) AS resources,
        bool_and(starts_with(tag_key, 'sagemaker:')) AS identity
    FROM tag_values
    WHERE dimension IN ('model', 'team', 'project') AND canonical_value IS NOT NULL
        -- What labels, MLflow and deployments say is weighed below.
        AND NOT regexp_matches(tag_key, '^(label/|mlflow[/:]|costCategory/|cicd:)')
    GROUP BY ALL
),

named AS (
    SELECT dimension, canonical AS name, replace(normal_value, '-', '') AS compact, rank_of('names', 'registry') AS rank
    FROM registry_names
    UNION ALL
    SELECT dimension, name, replace(name, '-', ''), rank_of('names', 'tag')
    FROM stated
    WHERE (resources >= 2 OR dimension = 'model' AND len(name) >= 5) AND NOT identity
    UNION ALL
    -- Teams and projects by the words of deployments, MLflow and Kubernetes.
    SELECT dimension, normal_form(value), replace(normal_form(value), '-', ''), rank_of('names', 'tool')
    FROM names_in_tools
    WHERE dimension <> 'model' AND normal_form(value) IS NOT NULL
    UNION ALL
    SELECT 'team', name, replace(name, '-', ''), rank_of('names', 'tool') FROM units
),

-- Where roles or accounts of several known teams are called alike (risk-ml-execution, growth-ml-execution), another
-- that is called so (mlops-ml-execution) has the name of a team, too.
built AS (
    SELECT DISTINCT normal_form(regexp_extract(to_id, '[^/]+$')) AS name FROM lineage_edges WHERE relation = 'runs_as'
    UNION
    SELECT normal_form(body ->> '$.Account.Name')
    FROM resource_history
    WHERE kind = 'organizations:DescribeAccount'
),

frame AS (
    SELECT trim(replace('-' || built.name || '-', '-' || team.name || '-', '-*-'), '-') AS frame,
        count(DISTINCT team.name) AS teams
    FROM built
    JOIN (
        SELECT DISTINCT name FROM named WHERE dimension = 'team'
    ) AS team ON contains('-' || built.name || '-', '-' || team.name || '-')
    GROUP BY frame
    HAVING frame <> '*' AND count(DISTINCT team.name) >= 2
),

built_alike AS (
    SELECT regexp_extract(built.name, '^' || replace(frame, '*', '([a-z0-9-]+)') || '$', 1) AS name
    FROM built
    JOIN frame ON regexp_matches(built.name, '^' || replace(frame, '*', '[a-z0-9-]+') || '$')
    QUALIFY frame.teams >= grade('called alike') * count(DISTINCT built.name) OVER (PARTITION BY frame)
),

known AS (
    FROM named
    UNION ALL
    SELECT 'team', name, replace(name, '-', ''), rank_of('names', 'tool')
    FROM built_alike
    WHERE name NOT IN (SELECT name FROM named WHERE dimension = 'model')
),

-- An application inference profile is made to tell whose tokens they are: its tag names the application, else it is
-- called after it, before it the team or the environment, behind it what is ordinary, and anywhere the model that it
-- stands for.
application AS (
    SELECT normal AS name
    FROM names_carried
    WHERE place = 'tag of the application'
    UNION
    SELECT array_to_string(list_slice(words, kept[1], kept[-1]), '-') AS name
    FROM (
        SELECT words, list_filter(range(1, len(words) + 1), lambda turn: NOT (
            is_ordinary(words[turn]) AND (turn > 1 OR list_contains(environments, words[turn]))
        )) AS kept
        FROM (
            SELECT coalesce(list(word), []) AS environments FROM environment_words
        ), (
            -- aip is short for what it is itself.
            SELECT list_filter(
                string_split(normal_form(name), '-'),
                lambda word: word <> 'aip' AND NOT coalesce(list_contains(
                    string_split(normal_form(array_to_string(body ->> '$.models[*].modelArn', '-')), '-'), word
                ), false)
            ) AS words
            FROM resource_history
            WHERE kind = 'bedrock:GetInferenceProfile' AND (body ->> '$.type') = 'APPLICATION'
                AND resource_key NOT IN (
                    SELECT tagged.resource_key FROM names_carried AS tagged WHERE place = 'tag of the application'
                )
        )
    )
    WHERE len(kept) > 0
),

registered AS (
    SELECT name, min(rank) AS rank FROM (
        SELECT name, rank_of('names', 'package group') AS rank FROM stated WHERE identity AND dimension = 'model'
        UNION ALL
        SELECT normal_form(json_extract_string(body, '$.name')), rank_of('names', 'tool')
        FROM metadata_records
        WHERE kind IN ('mlflow:RegisteredModel', 'mlflow:ModelVersion')
        UNION ALL
        -- Also in a registry that nobody could read.
        SELECT normal_form(text), rank_of('names', 'tool') FROM model_arguments WHERE is_registered
        UNION ALL
        SELECT normal_form(json_extract_string(body, '$.model')), rank_of('names', 'tool')
        FROM metadata_records
        WHERE kind = 'cicd:Deployment'
        UNION ALL
        -- Bedrock keeps a custom model under a name that somebody gave it, or a tool; it counts where the folder of
        -- what it was made from says the same, but for the words of its base model and for numbers, or where somebody
        -- pays to serve it and it has two words that say something, or one that no dictionary and no team has.
        SELECT without_form(array_to_string(words, '-')), rank_of('names', 'tool')
        FROM (
            SELECT resource_key,
                list_filter(string_split(normal_form(name), '-'), lambda word: NOT regexp_matches(word, '[0-9]')
                    AND NOT list_contains(string_split(coalesce(
                        normal_form(regexp_extract(body ->> '$.baseModelArn', '[^/]*$')), ''), '-'), word)) AS words,
                normal_form(concat_ws(
                    '/', body ->> '$.trainingDataConfig.s3Uri', body ->> '$.outputDataConfig.s3Uri',
                    body ->> '$.modelDataSource.s3DataSource.s3Uri')) AS folders
            FROM resource_history
            WHERE kind IN ('bedrock:GetCustomModel', 'bedrock:GetImportedModel')
        )
        WHERE len(list_filter(words, lambda word: NOT is_ordinary(word))) > 0
            AND (
                contains('-' || folders || '-', '-' || array_to_string(words, '-') || '-')
                    OR resource_key IN (
                        SELECT to_id FROM lineage_edges WHERE relation = 'provisions'
                    ) AND (
                        len(list_filter(words, lambda word: NOT is_ordinary(word))) > 1
                            OR len(words) = 1 AND len(words[1]) >= 5 AND regexp_matches(words[1], '[aeiouy]')
                            AND words[1] NOT IN (
                                SELECT word FROM english
                                UNION
                                SELECT known.name FROM known WHERE known.dimension <> 'model'
                            )
                    )
            )
        UNION ALL
        SELECT name, rank_of('names', 'tool')
        FROM application
        WHERE NOT is_code(name) AND len(name) >= 4 AND name NOT IN (
            SELECT known.name FROM known WHERE known.dimension <> 'project' AND known.name IS NOT NULL
            UNION
            SELECT names_in_tools.value FROM names_in_tools WHERE names_in_tools.dimension = 'model'
            UNION
            SELECT resource_people.person FROM resource_people WHERE resource_people.person IS NOT NULL
        )
            -- What begins with a model's name is of that model, or of what is made from it.
            AND NOT EXISTS (
                FROM known WHERE known.dimension = 'model' AND starts_with(application.name, known.name || '-')
            )
        UNION ALL
        -- A folder or an image may be called after its team.
        SELECT value, rank_of('names', 'folder or image')
        FROM names_in_tools
        WHERE dimension = 'model' AND value NOT IN (SELECT name FROM known WHERE dimension = 'team')
    )
    WHERE name IS NOT NULL
    GROUP BY name
),

-- A registered name without the house's words (own), without ml before it (bare) and without a version
-- after it (plain) is how the model is called. Of a code (MRM-0279) every part tells it from others, and three letters
-- need the word model (ctr-model).
called AS (
    SELECT *, array_to_string(list_filter(string_split(plain, '-'), lambda word: NOT is_ordinary(word)), '') AS core
    FROM (
        SELECT *, CASE WHEN is_code(name) THEN name ELSE regexp_replace(own, '^((ml|ai)-)+', '') END AS bare,
            CASE
                WHEN is_code(name) THEN name
                WHEN len(without_kind(own)) <= 3 THEN regexp_replace(own, '^((ml|ai)-)+|(-v?[0-9]+)+$', '', 'g')
                ELSE without_kind(own)
            END AS plain
        FROM (
        SELECT registered.name, registered.rank, CASE
            WHEN is_code(registered.name) THEN registered.name
            ELSE array_to_string(list_filter(string_split(
                -- A team in front of a name says whose it is, not what.
                CASE WHEN team.name IS NULL THEN registered.name ELSE substr(registered.name, len(team.name) + 2) END,
                '-'), lambda word: NOT list_contains(getvariable('organisation_prefixes'), word)), '-')
            END AS own
        FROM registered
        LEFT JOIN (
            SELECT DISTINCT name FROM known WHERE dimension = 'team'
        ) AS team ON starts_with(registered.name, team.name || '-')
            -- A fraud team's fraud-score is not called score.
            AND len(
                list_filter(
                    string_split(substr(registered.name, len(team.name) + 2), '-'), lambda word: NOT is_ordinary(word)
                )
            ) > 0
        QUALIFY row_number() OVER (PARTITION BY registered.name ORDER BY len(team.name) DESC NULLS LAST) = 1
    ))
),

target AS (
    SELECT DISTINCT name, compact,
        array_to_string(list_filter(string_split(name, '-'), lambda word: NOT is_ordinary(word)), '') AS core, rank
    FROM known WHERE dimension = 'model'
    UNION
    SELECT plain, replace(plain, '-', ''), core, rank FROM called WHERE plain <> ''
    UNION
    -- A version that a registry keeps beside the plain name is a part of the name.
    SELECT bare, replace(bare, '-', ''), core, rank
    FROM called
    WHERE rank <= rank_of('names', 'package group') AND regexp_matches(bare, '-v?[0-9]+$')
        AND plain IN (SELECT bare FROM called WHERE rank <= rank_of('names', 'package group'))
),

spelling AS (
    SELECT DISTINCT *,
        unnest([name, own, bare, plain, CASE WHEN is_code(name) THEN plain ELSE without_kind(plain) END]) AS spelling
    FROM called
),

-- Each word of the short name begins like, and is contained in order in, the word of the long one.
abbreviated AS (
    SELECT spelling, min(long.name) AS long
    FROM (
        SELECT DISTINCT spelling FROM spelling
    ) AS short
    JOIN target AS long
        ON len(string_split(spelling, '-')) = len(string_split(long.name, '-')) AND len(spelling) < len(long.name)
            AND long.rank <= rank_of('names', 'tool')
        AND len(list_filter(list_zip(string_split(spelling, '-'), string_split(long.name, '-')),
            lambda pair: NOT regexp_matches(pair[2], '^' || regexp_replace(pair[1], '(.)', '\1.*', 'g') || '$'))) = 0
    GROUP BY spelling
    HAVING count(DISTINCT long.name) = 1
),

-- A version may be a part of the name (geo-matching-v2 beside geo-matching), else it is left off.
spelled AS (
    SELECT called.name, called.spelling,
        arg_min(
            target.name,
            (
                called.rank < rank_of('names', 'folder or image')
                    AND target.compact NOT IN (
                        replace(called.spelling, '-', ''), replace(called.own, '-', ''), replace(called.bare, '-', '')
                    ),
            target.rank, len(target.name), target.name)) AS meant
    FROM spelling AS called
    JOIN target ON target.compact IN (replace(called.spelling, '-', ''), replace(called.plain, '-', ''))
        OR (
            target.compact IN (replace(called.own, '-', ''), replace(called.bare, '-', ''))
                AND called.spelling <> called.plain
        )
        OR (target.core = called.core AND called.core <> '' AND CASE
            -- What an image or a workload is called may say what it does besides:
            -- fraud-detection-predictor, churn-features.
            WHEN called.rank = rank_of('names', 'folder or image')
                THEN contains('-' || called.plain || '-', '-' || target.name || '-')
            ELSE target.rank <= rank_of('names', 'tag')
        END)
    GROUP BY called.name, called.spelling
),

meant AS (
    SELECT dimension, compact, arg_min(name, (rank, name)) AS name
    FROM (
        FROM known
        UNION ALL
        SELECT 'model',
            coalesce(itself.name, whole.long, house.long, without.long, spelled.meant, spelling.plain, spelling.name),
            replace(spelling.spelling, '-', ''), rank_of('names', 'tool')
        FROM spelling
        -- What people call so in full (search-ranking of the team search) keeps its name
        -- when only its team or house is left off.
        LEFT JOIN (
            SELECT DISTINCT name FROM known WHERE dimension = 'model'
        ) AS itself ON itself.name = spelling.name
            AND spelling.plain = spelling.own
        LEFT JOIN abbreviated AS whole USING (spelling)
        LEFT JOIN abbreviated AS house ON house.spelling = spelling.own AND spelling.spelling <> spelling.plain
        LEFT JOIN abbreviated AS without ON without.spelling = spelling.plain
        LEFT JOIN spelled ON spelled.name = spelling.name AND spelled.spelling = spelling.spelling
    )
    WHERE len(compact) >= 3 AND NOT is_ordinary(compact)
    GROUP BY dimension, compact
)

FROM meant
WHERE dimension <> 'model' OR compact NOT IN (SELECT replace(alias, '-', '') FROM model_aliases)
UNION ALL
SELECT 'model', replace(alias, '-', ''), coalesce(meant.name, model)
FROM model_aliases
LEFT JOIN meant ON meant.dimension = 'model' AND meant.compact = replace(model, '-', '')
