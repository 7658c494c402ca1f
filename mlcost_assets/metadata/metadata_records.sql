-- Landed lines → records and the reasons of those that are none.
--
-- Reads `landed_lines` (file, line, content as bytes, fault: why nothing should parse it). A line is a record when it
-- is a JSON object with collected_at, kind, id and a body (docs/contract.md#metadata-records); `reason` is NULL for
-- those, and `text` kept for the others only. $now: no snapshot is of the future.
WITH decoded AS (
    SELECT file, line, fault, only_characters(TRY(decode(content))) AS text FROM landed_lines
),

-- Everything is taken from a line at once: each extraction would parse the whole of it again.
parsed AS (
    SELECT file, line, fault, text,
        CASE WHEN fault IS NULL AND starts_with(ltrim(text, E' \t'), '{') THEN TRY(json_extract(text,
            ['$.collected_at', '$.account_id', '$.region', '$.kind', '$.id', '$.tags', '$.body'])) END AS part
    FROM decoded
    WHERE text IS NULL OR trim(text, E' \r\n\t') <> ''
),

read AS (
    SELECT
        file, line, fault, text, part,
        time_from_answer(part[1] ->> '$') AS collected_at,
        part[2] ->> '$' AS account_id,
        part[3] ->> '$' AS region,
        nullif(part[4] ->> '$', '') AS kind,
        nullif(part[5] ->> '$', '') AS id,
        -- In one order: the same tags told in another are no change.
        map_from_entries(
            list_sort(
                map_entries(
                    CASE WHEN len(json_keys(part[6])) = len(list_distinct(json_keys(part[6])))
                        THEN coalesce(TRY_CAST(part[6] AS MAP(VARCHAR, VARCHAR)), map_from_text(part[6]))
                        ELSE map_from_text(part[6]) END
                )
            )
        ) AS tags,
        CASE WHEN starts_with(part[7], '{') THEN CAST(part[7] AS VARCHAR) END AS body
    FROM parsed
),

judged AS (
    SELECT *,
        CASE
            WHEN fault IS NOT NULL THEN fault
            WHEN text IS NULL THEN 'not UTF-8 text'
            WHEN part IS NULL THEN 'not a JSON object'
            WHEN kind IS NULL THEN 'has no kind'
            WHEN id IS NULL THEN 'has no id'
            WHEN collected_at IS NULL THEN 'collected_at is missing or no time'
            WHEN collected_at > $now + INTERVAL 1 DAY THEN 'collected_at lies in the future: ' || collected_at
            WHEN body IS NULL THEN 'has no body'
        END AS reason
    FROM read
)

SELECT
    file, line, collected_at, account_id, region, kind, id, tags, body,
    CASE WHEN reason IS NULL THEN md5(concat_ws('|', coalesce(CAST(tags AS VARCHAR), '-'), body)) END AS content,
    CASE WHEN reason IS NOT NULL THEN left(text, 2000) END AS text,
    reason
FROM judged
