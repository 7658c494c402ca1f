-- Every resource that metadata or the bill knows: its life, its owner, where that was learned, and its cost so far.
WITH life AS (
    SELECT resource_key, life, kind,
        arg_max(account_id, valid_from) AS account_id, arg_max(region, valid_from) AS region, arg_max(name, valid_from) AS name,
        min(created_at) AS created_at, max(ended_at) AS ended_at, max(last_seen_at) AS last_seen_at
    FROM resource_history
    WHERE kind <> 'sagemaker:ListPipelineExecutionSteps'
    GROUP BY resource_key, life, kind
),

billed AS (
    SELECT resource_key, min(first_date) AS first_billed, max(last_date) AS last_billed, any_value(account_id) AS account_id, any_value(region_id) AS region,
        CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM billed_things
    WHERE names_resource
    GROUP BY resource_key
),

latest AS (
    SELECT resource_key, map_from_entries(list({'k': dimension, 'v': value})) AS owner,
        any_value(path[len(path)]) FILTER (dimension = 'model') AS lineage_root
    FROM (SELECT * FROM owners QUALIFY row_number() OVER (PARTITION BY resource_key, dimension ORDER BY valid_from DESC) = 1)
    GROUP BY resource_key
)

SELECT
    coalesce(life.resource_key, billed.resource_key) AS resource_key, life.life, life.kind,
    coalesce(life.account_id, billed.account_id) AS account_id, coalesce(life.region, billed.region) AS region, life.name,
    life.created_at, life.ended_at, life.last_seen_at, billed.first_billed, billed.last_billed,
    owner['model'] AS model, owner['project'] AS project, owner['pipeline'] AS pipeline, owner['experiment'] AS experiment, owner['team'] AS team,
    owner['environment'] AS environment, owner['business_function'] AS business_function, latest.lineage_root,
    -- The bill does not tell lives apart: a key's cost stands with its latest life.
    CASE WHEN life.life IS NULL OR life.life = max(life.life) OVER (PARTITION BY life.resource_key) THEN billed.effective_cost END AS effective_cost
FROM life
FULL JOIN billed ON billed.resource_key = life.resource_key
LEFT JOIN latest ON latest.resource_key = coalesce(life.resource_key, billed.resource_key)
