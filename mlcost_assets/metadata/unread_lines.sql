-- What of the landing zone could not be used, a sentence each: files that end early, then lines that are no record.
SELECT text FROM (
    SELECT 1 AS rank, file, 0 AS line, file || ' ' || error AS text FROM metadata_files WHERE error IS NOT NULL
    UNION ALL
    SELECT 2, file, line, file || ' line ' || line || ': ' || reason FROM quarantined_records
)
ORDER BY rank, file, line
