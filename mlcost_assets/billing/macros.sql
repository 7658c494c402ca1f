-- What both mappings need, as macros so that the mappings stay readable.

CREATE OR REPLACE TEMP MACRO without_prefix(tags MAP(VARCHAR, VARCHAR), prefix VARCHAR) AS
    map_from_entries(list_transform(
    list_filter(map_entries(tags), lambda e: starts_with(e.key, prefix)),
    lambda e: {'k': substr(e.key, length(prefix) + 1), 'v': e.value}));

CREATE OR REPLACE TEMP MACRO without_nothing(tags MAP(VARCHAR, VARCHAR)) AS
    map_from_entries(list_filter(map_entries(tags), lambda e: e.value IS NOT NULL));

-- Parquet lets a map have a key twice; DuckDB would read none of it then.
CREATE OR REPLACE TEMP MACRO first_of_each(tags MAP(VARCHAR, VARCHAR)) AS
    CASE
        WHEN cardinality(tags) > 1 AND len(list_distinct(map_keys(tags))) < cardinality(tags)
            THEN map_of(map_entries(tags))
        ELSE tags END;

-- The map that a JSON list of keys and values is, as Arrow, Spark, BigQuery and AWS's APIs write one, or of pairs.
CREATE OR REPLACE TEMP MACRO map_from_pairs(pairs) AS map_of(list_transform(
    list_transform(CAST(pairs AS JSON[]), lambda e: coalesce(json_extract(e, '$.element'), e)),
    lambda e: {
        'key': coalesce(e ->> '$.key', e ->> '$.Key', e ->> '$.k', e ->> '$.name', e ->> '$.Name', e ->> '$[0]'),
        'value': coalesce(e ->> '$.value', e ->> '$.Value', e ->> '$.v', e ->> '$[1]')
    }
));

-- BigQuery puts the list into an object of its own. (json_valid stands before TRY: see map_from_text.)
CREATE OR REPLACE TEMP MACRO tags_from_json(doc) AS CASE WHEN json_valid(doc) THEN TRY(CASE
    WHEN json_type(doc) = 'ARRAY' THEN map_from_pairs(doc)
    WHEN json_type(doc, '$.key_value') = 'ARRAY' THEN map_from_pairs(json_extract(doc, '$.key_value'))
    WHEN json_type(doc, '$.list') = 'ARRAY' THEN map_from_pairs(json_extract(doc, '$.list'))
    ELSE map_from_text(doc)
END) END;

-- The tags that a text tells: JSON, also in quotes once more, and as Python ({'team': 'growth'}), Athena and Spark
-- ({team=growth, model=ranker}) print a map; NULL when it is none, or can be read in two ways.
CREATE OR REPLACE TEMP MACRO tags_from_text(tags) AS coalesce(
    tags_from_json(CASE WHEN starts_with(tags, '"') THEN TRY(json_extract_string(tags, '$')) ELSE tags END),
    CASE
        WHEN tags LIKE '{''%' AND NOT contains(tags, '"')
            THEN tags_from_json(replace(replace(tags, '''', '"'), ': None', ': null'))
        WHEN tags LIKE '{%}'
            AND list_bool_and(list_transform(string_split(tags, ','), lambda entry: contains(entry, '=')))
            THEN TRY_CAST(tags AS MAP(VARCHAR, VARCHAR))
    END
);

-- What a reason may quote of a value: one line, cut, without control characters (errors.excerpt is its twin).
CREATE OR REPLACE TEMP MACRO excerpt(t) AS
    CASE
        WHEN length(CAST(t AS VARCHAR)) > 80
            THEN regexp_replace(left(CAST(t AS VARCHAR), 79), '(\x1b\[[0-9;]*[A-Za-z]|[\p{C}\p{Z}])+', ' ', 'g') || '…'
        ELSE regexp_replace(CAST(t AS VARCHAR), '(\x1b\[[0-9;]*[A-Za-z]|[\p{C}\p{Z}])+', ' ', 'g') END;

-- The tags of a charge: FOCUS wants user keys bare. CUR 2.0 writes user_team, AWS FOCUS exports user:team or team;
-- AWS's own keys (aws_…) and those of the newer tags column (accountTag/…, iamPrincipal/…) keep their prefix.
CREATE OR REPLACE TEMP MACRO bill_tags(resource_tags MAP(VARCHAR, VARCHAR), other_tags MAP(VARCHAR, VARCHAR)) AS
    CASE WHEN coalesce(cardinality(resource_tags), 0) = 0 AND coalesce(cardinality(other_tags), 0) = 0 THEN NULL
         ELSE map_concat(
            map_from_entries(
                list_filter(
                    map_entries(coalesce(resource_tags, MAP {})),
                    lambda e: NOT starts_with(e.key, 'user_') AND NOT starts_with(e.key, 'user:')
                )
            ),
            without_prefix(coalesce(resource_tags, MAP {}), 'user_'),
            without_prefix(coalesce(resource_tags, MAP {}), 'user:'),
            coalesce(other_tags, MAP {})) END;

-- A unit as FOCUS's UnitFormat and AWS's own FOCUS exports write it: Hrs is
-- Hours, GB-Mo GB-Months, 1K tokens 1000 Tokens.
CREATE OR REPLACE TEMP MACRO focus_unit(unit) AS
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(unit,
        '(^|-)(Hrs?|hrs?|[Hh]ours?)$', '\1Hours'
    ), '(^|-)(Mo|[Mm]onths?)$', '\1Months'), '(^|-)[Dd]ays?$', '\1Days'), '(^|-)[Ss]econds?$', '\1Seconds'),
        '^Terabytes?$', 'TB'), '^(\d+)K [Tt]okens?$', '\1000 Tokens'), '^(\d+)M [Tt]okens?$', '\1000000 Tokens');

-- The kind of resource that an id tells by itself; '' or NULL when it does not.
CREATE OR REPLACE TEMP MACRO resource_type_of(id) AS CASE
    -- The first word of an ARN's sixth part: split_part would make a list of every part of every id.
    WHEN id LIKE 'arn:%' THEN regexp_extract(id, '^arn:[^:]*:[^:]*:[^:]*:[^:]*:/*([^:/]*)', 1)
    WHEN id LIKE 'i-%' THEN 'instance'
    WHEN id LIKE 'vol-%' THEN 'volume' END;
