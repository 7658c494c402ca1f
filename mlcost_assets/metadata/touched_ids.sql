-- The ids whose history new files may change: those they speak of, and those that a complete look in them missed.
WITH new_files AS (
    SELECT file FROM metadata_files WHERE NOT in_history
),

looks AS (
    SELECT * FROM metadata_looks
    WHERE complete AND NOT incremental
        AND (
            told_in IN (SELECT file FROM new_files)
                OR file IN (SELECT file FROM new_files)
        )
)

SELECT DISTINCT kind, id
FROM sightings
WHERE file IN (SELECT file FROM new_files)
UNION
SELECT DISTINCT history.kind, history.id
FROM resource_history AS history
JOIN looks
    ON looks.kind = history.kind AND looks.account_id = history.account_id
    AND looks.region IN ('', coalesce(history.region, '')) AND starts_with(history.id, looks.scope)
WHERE history.valid_to IS NOT DISTINCT FROM history.ended_at
    AND history.last_seen_at < looks.started_at AND coalesce(history.ended_at > looks.started_at, true)
