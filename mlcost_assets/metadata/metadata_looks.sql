-- What collectors say of their own looks (kind mlcost:Snapshot,
-- docs/metadata.md), and whether all that they wrote is here.
--
-- A look of which records are missing (a file that was lost, or has not arrived yet) is not complete, whatever it says:
-- a hole must not look like a deletion.
WITH told AS (
    SELECT file || ':' || line AS source, file AS told_in, id, account_id,
        body ->> '$.kind' AS kind,
        coalesce(body ->> '$.region', '') AS region,
        coalesce(body ->> '$.scope', '') AS scope,
        body ->> '$.complete' = 'true' AS said_complete,
        body ->> '$.incremental' = 'true' AS incremental,
        time_from_text(body ->> '$.started_at') AS started_at,
        time_from_text(body ->> '$.finished_at') AS finished_at,
        told_count(body ->> '$.records') AS records,
        body ->> '$.file' AS file,
        body ->> '$.error' AS error
    FROM metadata_records
    WHERE kind = 'mlcost:Snapshot'
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY file, line) = 1
),

landed AS (
    SELECT told.id, count(*) AS landed
    FROM told
    JOIN metadata_records AS record ON record.file = told.file AND record.kind = told.kind
        AND starts_with(record.id, told.scope)
    GROUP BY told.id
)

SELECT
    account_id, region, kind, scope,
    coalesce(said_complete AND started_at IS NOT NULL AND coalesce(landed, 0) >= records, false) AS complete,
    incremental, started_at, finished_at, records, coalesce(landed, 0) AS landed, error, file, told_in, source
FROM told
LEFT JOIN landed USING (id)
WHERE kind IS NOT NULL
