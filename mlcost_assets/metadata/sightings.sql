-- Records → what each says of when its resource lived; kinds that only tell what happened make no resource.
--
-- Reads `files_to_see` (file) and `kinds`. Fields that change at every look and mean nothing (`ignored`) do not make a
-- new state. A time later than the look itself is a clock that was wrong, or a plan: neither has happened.
WITH told AS (
    SELECT
        file, line, kind, id, collected_at, account_id, coalesce(region, '') AS region, settled, one_life,
        tags IS NOT NULL AS has_tags,
        CASE WHEN ignored IS NULL THEN content
             ELSE md5(concat_ws('|', coalesce(CAST(tags AS VARCHAR), '-'), json_merge_patch(body, ignored)))
        END AS content,
        -- Two answers may differ in fractions of a second; two lives do not.
        date_trunc('second', first_time(body, created)) AS created_at,
        first_time(body, changed) AS changed_at,
        CASE
            WHEN kind <> 'k8s:Pod' THEN first_time(body, ended)
            -- What had done its work when it was looked at had done it by then.
            WHEN pod_is_over(body) THEN coalesce(pod_ended(body), collected_at)
            ELSE pod_ended(body) END AS ended_at
    FROM (
        SELECT * REPLACE (whole_answer(body, wrapped_in) AS body)
        FROM metadata_records
        JOIN kinds USING (kind)
    )
    WHERE NOT observation AND file IN (SELECT file FROM files_to_see)
)

SELECT
    * EXCLUDE (created_at, changed_at, ended_at),
    CASE WHEN created_at <= collected_at + INTERVAL 1 DAY THEN created_at END AS created_at,
    CASE WHEN changed_at <= collected_at + INTERVAL 1 DAY THEN changed_at END AS changed_at,
    CASE WHEN ended_at <= collected_at + INTERVAL 1 DAY THEN ended_at END AS ended_at,
    $version AS made_from
FROM told
