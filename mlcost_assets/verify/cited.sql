-- Every landed line that evidence cites, with what is said of it, and the record
-- as the lake has it (NULL when it has none).
WITH cited AS (
    SELECT DISTINCT source, reason, regexp_extract(source, '([^\s()]+):([0-9]+)\)?$', 1) AS file,
        TRY_CAST(regexp_extract(source, ':([0-9]+)\)?$', 1) AS BIGINT) AS line,
        place = places AS is_last
    FROM (
        SELECT {'code': code, 'said': said} AS reason, unnest(sources) AS source,
            generate_subscripts(sources, 1) AS place, len(sources) AS places
        FROM attribution_evidence WHERE $period IS NULL OR billing_period = $period
    )
    WHERE regexp_matches(source, '\.(jsonl|ndjson|json)(\.gz)?:[0-9]+\)?$')
)

SELECT cited.file, cited.line, list(DISTINCT CASE WHEN is_last THEN reason END) AS reasons,
    list(DISTINCT source) AS sources,
    any_value(record.id) AS id, any_value(record.kind) AS kind, any_value(record.tags) AS tags,
    any_value(record.body) AS body
FROM cited
LEFT JOIN metadata_records AS record ON record.file = cited.file AND record.line = cited.line
GROUP BY ALL
ORDER BY ALL
