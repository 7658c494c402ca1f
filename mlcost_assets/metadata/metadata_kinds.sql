-- How many records of each kind landed; unknown kinds are kept and counted, never an error.
SELECT
    record.kind,
    any_value(kinds.kind) IS NOT NULL AS understood,
    count(*) AS records,
    count(DISTINCT id) AS resources,
    min(collected_at) AS first_collected_at,
    max(collected_at) AS last_collected_at
FROM metadata_records AS record
LEFT JOIN kinds USING (kind)
GROUP BY record.kind
