-- Texts of records and exports: times, maps and names.

-- Time as text in any of the ways exports and their copies write it; NULL when it is none. UTC.
CREATE OR REPLACE TEMP MACRO time_from_text(t) AS
    coalesce(
        TRY_CAST(t AS TIMESTAMPTZ),
        try_strptime(t, ['%Y-%m-%dT%H:%MZ', '%Y-%m-%dT%H:%M%z', '%Y-%m-%dT%H:%M'])::TIMESTAMPTZ
    ) AT TIME ZONE 'UTC';

-- The map of entries {key, value}: of a key that stands twice the first counts. (No lambda here names a parameter: DuckDB
-- does not find it where one macro calls another.)
CREATE OR REPLACE TEMP MACRO map_of(entries) AS list_reduce(
    list_transform(entries, lambda e: MAP {e.key: e.value}), lambda told, one: map_concat(one, told), MAP {}
);

-- A MAP column that CSV carries as JSON text; of a key that stands twice, the first. NULL when it is no object.
CREATE OR REPLACE TEMP MACRO map_from_text(t) AS TRY(CASE
    WHEN json_type(t) IS DISTINCT FROM 'OBJECT' THEN NULL
    WHEN len(list_distinct(json_keys(t))) = len(json_keys(t)) THEN map(json_keys(t), json_extract_string(t, '$.*'))
    ELSE map_of(list_transform(
        list_zip(json_keys(t), json_extract_string(t, '$.*')), lambda e: {'key': e[1], 'value': e[2]}
    ))
END);

-- What all spellings of one name have in common: lower case, words joined by single hyphens, no accents.
-- FraudDetection, fraud_detection and "Fraud Detection" are all fraud-detection; letters of any script are letters.
CREATE OR REPLACE TEMP MACRO normal_form(name) AS
    nullif(trim(regexp_replace(lower(strip_accents(
        regexp_replace(name, '([\p{Ll}0-9])(\p{Lu})', '\1-\2', 'g'))), '[^\p{L}\p{N}]+', '-', 'g'), '-'), '');

-- Time as an API's answer carries it: text, or milliseconds since 1970 (CloudWatch Logs).
CREATE OR REPLACE TEMP MACRO time_from_answer(t) AS
    CASE WHEN regexp_full_match(t, '\d{13}') THEN make_timestamp(CAST(t AS BIGINT) * 1000) ELSE time_from_text(t) END;

-- The first of the JSON `paths` under which `body` has a time.
CREATE OR REPLACE TEMP MACRO first_time(body, paths) AS
    list_filter(
        list_transform(CAST(paths AS VARCHAR[]), lambda path: time_from_answer(json_extract_string(body, path))),
        lambda t: t IS NOT NULL
    )[1];

-- The identity of a set of tags; NULL when there are none.
CREATE OR REPLACE TEMP MACRO tag_set(tags) AS
    CASE
        WHEN cardinality(CAST(tags AS MAP(VARCHAR, VARCHAR))) > 0
            THEN md5(CAST(CAST(tags AS MAP(VARCHAR, VARCHAR)) AS VARCHAR))
    END;
