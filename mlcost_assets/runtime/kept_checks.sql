-- The outcomes of checks that stay in data_quality beside those of this run: of the runs that Dagster's history keeps,
-- and the newest of each check, however long ago it was evaluated.
WITH run AS (
    SELECT run_id, max(checked_at) AS ended_at, row_number() OVER (ORDER BY max(checked_at) DESC, run_id) AS place
    FROM data_quality
    GROUP BY run_id
)

SELECT data_quality.*
FROM data_quality
JOIN run USING (run_id)
QUALIFY (run.place < $runs AND run.ended_at > now() AT TIME ZONE 'UTC' - to_days($days))
    OR row_number() OVER (PARTITION BY asset, check_name ORDER BY checked_at DESC, run_id) = 1
