-- Texts of records and exports: times, maps and names.

-- JSON without what is no character of a text: U+0000 and halves of surrogate pairs, which programs that cut texts
-- leave (\\ is an escaped backslash, whatever follows). JSON's parser refuses halves, and DuckLake finds no files
-- of a table for a comparison with a U+0000.
CREATE OR REPLACE TEMP MACRO only_characters(t) AS CASE
    WHEN contains(t, chr(0)) OR contains(t, '\u0000') OR contains(t, '\ud') OR contains(t, '\uD') THEN regexp_replace(
        replace(t, chr(0), ''),
        '(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2}',
        '\1', 'g'
    )
    ELSE t END;

-- Time as text in any of the ways exports and their copies write it; NULL when it is none, or of no year from 1900 to
-- 9999 (infinity, epoch, Go's zero time): no day could be counted to it. UTC.
CREATE OR REPLACE TEMP MACRO time_from_text(t) AS CASE WHEN regexp_matches(t, '^\s*(19|[2-9]\d)\d{2}[^\d(][^(]*$') THEN
    coalesce(
        TRY_CAST(t AS TIMESTAMPTZ),
        try_strptime(t, ['%Y-%m-%dT%H:%MZ', '%Y-%m-%dT%H:%M%z', '%Y-%m-%dT%H:%M'])::TIMESTAMPTZ
    ) AT TIME ZONE 'UTC'
END;

-- The map of entries {key, value}: of a key that stands twice the first counts. (No lambda here names a parameter:
-- DuckDB does not find it where one macro calls another.)
CREATE OR REPLACE TEMP MACRO map_of(entries) AS list_reduce(
    list_transform(entries, lambda e: MAP {e.key: e.value}), lambda told, one: map_concat(one, told), MAP {}
);

-- What an object has under a key, whatever letters the key has (a JSON pointer, RFC 6901); NULL without it.
CREATE OR REPLACE TEMP MACRO member(object, key) AS
    json_extract_string(object, '/' || replace(replace(key, '~', '~0'), '/', '~1'));

-- Keys and values in the ways that APIs and SDKs write them: {"team": "risk"}, [{"Key": "team", "Value": "risk"}],
-- [{"key": …, "value": …}], [{"TagKey": …, "TagValue": …}], [{"name": …, "value": …}]; [] when it is neither. Of a key
-- twice the first.
CREATE OR REPLACE TEMP MACRO entries_of(j) AS coalesce(CASE json_type(j)
    WHEN 'OBJECT' THEN list_transform(list_distinct(json_keys(j)), lambda k: {'key': k, 'value': member(j, k)})
    WHEN 'ARRAY' THEN list_filter(
        list_transform(
            json_extract(j, '$[*]'), lambda entry: {
                'key': coalesce(entry ->> '$.Key', entry ->> '$.key', entry ->> '$.TagKey', entry ->> '$.tagKey',
                    entry ->> '$.name'),
                'value': coalesce(
                    entry ->> '$.Value', entry ->> '$.value', entry ->> '$.TagValue', entry ->> '$.tagValue'
                )
            }
        ),
        lambda entry: entry.key IS NOT NULL
    )
END, []);

-- The same as a map, for tags as records tell them and for map columns that CSV carries as JSON text; NULL when it is
-- no JSON, or neither an object nor such a list. (A key that stands twice fails every cast to a map, in TRY as well.
-- And DuckDB takes what stands twice out of a TRY, so that json_valid guards it.)
CREATE OR REPLACE TEMP MACRO map_from_text(t) AS CASE WHEN json_valid(t) THEN TRY(CASE json_type(t)
    WHEN 'OBJECT' THEN map(
        list_distinct(json_keys(t)), list_transform(list_distinct(json_keys(t)), lambda k: member(t, k))
    )
    WHEN 'ARRAY' THEN CASE
        WHEN len(entries_of(t)) = json_array_length(t) THEN map(
            list_distinct(list_transform(entries_of(t), lambda entry: entry.key)),
            list_transform(
                list_distinct(list_transform(entries_of(t), lambda entry: entry.key)),
                lambda k: list_filter(entries_of(t), lambda entry: entry.key = k)[1].value
            )
        )
    END
END) END;

-- What all spellings of one name have in common: lower case, words joined by single hyphens, no accents.
-- FraudDetection, fraud_detection and "Fraud Detection" are all fraud-detection; letters of any script are letters,
-- with the marks that belong to them. The blocks are written out: \p{L} takes RE2 a millisecond to compile at every
-- use, and a statement has hundreds.
CREATE OR REPLACE TEMP MACRO normal_form(name) AS
    nullif(trim(regexp_replace(
        lower(regexp_replace(
            strip_accents(name),
            '([a-z0-9\x{DF}-\x{F6}\x{F8}-\x{FF}\x{111}\x{142}\x{153}\x{3B1}-\x{3C9}\x{430}-\x{45F}])'
            '([A-Z\x{C0}-\x{D6}\x{D8}-\x{DE}\x{110}\x{141}\x{152}\x{391}-\x{3A9}\x{400}-\x{42F}])',
            '\1-\2', 'g'
        )),
        '[^0-9a-zA-Z\x{AA}\x{B2}\x{B3}\x{B5}\x{B9}\x{BA}\x{BC}-\x{BE}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2C1}'
        '\x{370}-\x{1FFF}\x{2C00}-\x{2DFF}\x{3005}-\x{3007}\x{3021}-\x{D7FF}\x{F900}-\x{FDFF}\x{FE70}-\x{FEFC}'
        '\x{FF10}-\x{FF19}\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{FF66}-\x{FFDC}'
        '\x{10000}-\x{1CFFF}\x{1E000}-\x{1EFFF}\x{20000}-\x{3FFFF}]+',
        '-', 'g'
    ), '-'), '');

-- Time as an API's answer carries it: text, or a number since 1970 in the unit that its size tells: seconds with
-- fractions (AWS on the wire, and what CLIs pass on), milliseconds (CloudWatch Logs, MLflow), micro- or nanoseconds.
CREATE OR REPLACE TEMP MACRO time_from_answer(t) AS
    CASE WHEN regexp_full_match(t, '\d{9,19}(\.\d+)?|\d(\.\d+)?[eE]\+?(9|1[0-8])') THEN make_timestamp(
        CAST(round(CAST(t AS DOUBLE) * CASE
            WHEN CAST(t AS DOUBLE) < 1e11 THEN 1e6
            WHEN CAST(t AS DOUBLE) < 1e14 THEN 1e3
            WHEN CAST(t AS DOUBLE) < 1e17 THEN 1
            ELSE 1e-3
        END) AS BIGINT))
    ELSE coalesce(time_from_text(t), try_strptime(t, ['%a, %d %b %Y %H:%M:%S GMT', '%Y%m%dT%H%M%SZ'])) END;

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
