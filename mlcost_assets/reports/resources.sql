-- Every resource that metadata or the bill knows: its life, its owner, where that was learned, and its cost so far.
WITH life AS (
    SELECT resource_key, life, kind,
        arg_max(account_id, valid_from) AS account_id, arg_max(region, valid_from) AS region,
        arg_max(name, valid_from) AS name,
        min(created_at) AS created_at, max(ended_at) AS ended_at, min(first_seen_at) AS first_seen_at,
        max(last_seen_at) AS last_seen_at,
        row_number() OVER (PARTITION BY resource_key ORDER BY min(created_at) DESC, life DESC, kind) AS newest_first
    FROM resource_history
    WHERE kind <> 'sagemaker:ListPipelineExecutionSteps'
    GROUP BY resource_key, life, kind
),

billed AS (
    SELECT resource_key, min(first_date) AS first_billed, max(last_date) AS last_billed,
        any_value(account_id) AS account_id, any_value(region_id) AS region,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM billed_things
    WHERE names_resource
    GROUP BY resource_key
),

-- A key of several lives: each day's cost is of the life that began last until
-- then, the time before the first is the first's.
lived_day AS (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key, charge_date,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM daily_charges
    WHERE resource_id IN (
        SELECT resource_id
        FROM billed_things
        WHERE names_resource AND resource_key IN (SELECT resource_key FROM life WHERE newest_first > 1)
    )
    GROUP BY ALL
),

by_life AS (
    SELECT resource_key, newest_first, min(charge_date) AS first_billed, max(charge_date) AS last_billed,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM (
        SELECT lived_day.*,
            coalesce(
                min(life.newest_first) FILTER (CAST(life.created_at AS DATE) <= charge_date), max(life.newest_first)
            ) AS newest_first
        FROM lived_day
        JOIN life USING (resource_key)
        WHERE resource_key IN (SELECT resource_key FROM life WHERE newest_first > 1)
        GROUP BY ALL
    )
    GROUP BY resource_key, newest_first
    UNION ALL
    SELECT resource_key, 1, first_billed, last_billed, effective_cost
    FROM billed
    WHERE resource_key NOT IN (SELECT resource_key FROM life WHERE newest_first > 1)
),

latest AS (
    SELECT resource_key, map_from_entries(list({'k': dimension, 'v': value})) AS owner,
        any_value(path[len(path)]) FILTER (dimension = 'model') AS lineage_root
    FROM (
        SELECT *
        FROM owners
        QUALIFY row_number() OVER (PARTITION BY resource_key, dimension ORDER BY valid_from DESC) = 1
    )
    GROUP BY resource_key
)

SELECT
    coalesce(life.resource_key, billed.resource_key) AS resource_key, life.life, life.kind,
    coalesce(life.account_id, billed.account_id) AS account_id, coalesce(life.region, billed.region) AS region,
    life.name,
    life.created_at, life.ended_at, life.last_seen_at, by_life.first_billed, by_life.last_billed,
    owner['model'] AS model, owner['project'] AS project, owner['pipeline'] AS pipeline,
    owner['experiment'] AS experiment, owner['team'] AS team,
    owner['environment'] AS environment, owner['business_function'] AS business_function, latest.lineage_root,
    by_life.effective_cost, life.first_seen_at, owner['agent'] AS agent
FROM life
FULL JOIN by_life ON by_life.resource_key = life.resource_key AND by_life.newest_first = life.newest_first
LEFT JOIN billed ON billed.resource_key = by_life.resource_key
LEFT JOIN latest ON latest.resource_key = coalesce(life.resource_key, by_life.resource_key)
