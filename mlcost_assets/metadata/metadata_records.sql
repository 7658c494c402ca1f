-- Landed lines → records and the reasons of those that are none.
--
-- Reads `landed_lines` (file, line, content as bytes, bytes). A line is a record when it is a JSON object with
-- collected_at, kind, id and a body (CONTRACT §2); `reason` is NULL for those. $now: no snapshot is of the
-- future; $longest_line: no API answer is longer.
WITH decoded AS (
    SELECT file, line, bytes, TRY(decode(content)) AS text FROM landed_lines
),

parsed AS (
    SELECT file, line, bytes, text, CASE WHEN json_valid(text) AND json_type(text) = 'OBJECT' THEN text END AS record FROM decoded
    WHERE text IS NULL OR trim(text, E' \r\n\t') <> ''
),

read AS (
    SELECT
        file, line, text, bytes, record,
        time_from_text(record ->> '$.collected_at') AS collected_at,
        record ->> '$.account_id' AS account_id,
        record ->> '$.region' AS region,
        nullif(record ->> '$.kind', '') AS kind,
        nullif(record ->> '$.id', '') AS id,
        CASE WHEN json_type(record, '$.tags') = 'OBJECT' THEN map_from_text(record -> '$.tags') END AS tags,
        CASE WHEN json_type(record, '$.body') = 'OBJECT' THEN CAST(record -> '$.body' AS VARCHAR) END AS body
    FROM parsed
)

SELECT
    file, line, collected_at, account_id, region, kind, id, tags, body,
    md5(concat_ws('|', coalesce(CAST(tags AS VARCHAR), '-'), body)) AS content,
    left(text, 2000) AS text,
    CASE
        WHEN bytes > $longest_line THEN 'the line has ' || bytes || ' bytes; an API answer has at most a few million'
        WHEN text IS NULL THEN 'not UTF-8 text'
        WHEN record IS NULL THEN 'not a JSON object'
        WHEN kind IS NULL THEN 'has no kind'
        WHEN id IS NULL THEN 'has no id'
        WHEN collected_at IS NULL THEN 'collected_at is missing or no time'
        WHEN collected_at > $now + INTERVAL 1 DAY THEN 'collected_at lies in the future: ' || collected_at
        WHEN body IS NULL THEN 'has no body'
    END AS reason
FROM read
