-- What is known of a workload as a whole, to fill what the evidence of a single resource leaves open.
--
-- The registry says it outright. Else the consistent majority of a workload's own resources does: of the dollars of all
-- resources that carry the model and a team, at least 80 % say this team. Reads the temporary table workloads.
WITH registered AS (
    SELECT 'model' AS of, model AS name, dimension, value FROM (UNPIVOT (SELECT model, project, team, business_function FROM workloads) ON project, team, business_function INTO NAME dimension VALUE value)
    WHERE model IS NOT NULL
    UNION
    SELECT 'project', project, dimension, value FROM (UNPIVOT (SELECT project, team, business_function FROM workloads WHERE project IS NOT NULL) ON team, business_function INTO NAME dimension VALUE value)
),

-- A project that several teams' workloads share says nothing of the team.
unambiguous AS (
    SELECT of, name, dimension, min(value) AS value FROM registered GROUP BY of, name, dimension HAVING count(DISTINCT value) = 1
),

cost AS (
    SELECT resource_key, greatest(sum(effective_cost), 0) AS cost FROM billed_things WHERE resource_key IS NOT NULL GROUP BY resource_key
),

seen AS (
    SELECT named.dimension AS of, named.value AS name, said.dimension, said.value,
        sum(coalesce(cost.cost, 0) + 0.01) AS dollars, count(*) AS resources
    FROM (SELECT DISTINCT resource_key, dimension, value FROM owners WHERE dimension IN ('model', 'project')) AS named
    JOIN (SELECT DISTINCT resource_key, dimension, value FROM owners WHERE dimension IN ('project', 'team', 'business_function') AND source IN ('rule', 'bill_tag', 'resource_tag')) AS said
        ON said.resource_key = named.resource_key AND said.dimension <> named.dimension
    LEFT JOIN cost ON cost.resource_key = named.resource_key
    WHERE NOT (named.dimension = 'project' AND said.dimension = 'project')
    GROUP BY ALL
),

majority AS (
    SELECT *, dollars / sum(dollars) OVER (PARTITION BY of, name, dimension) AS share FROM seen
    QUALIFY share >= 0.8
)

SELECT of, name, dimension, value, 'rule' AS method, 0.99 AS confidence,
    'the registry names it for ' || of || ' ' || name AS statement
FROM unambiguous
UNION ALL
SELECT of, name, dimension, value, 'tag', round(0.95 * share, 4),
    round(100 * share) || ' % of the dollars of the ' || resources || ' resources of ' || of || ' ' || name || ' say so'
FROM majority
WHERE NOT EXISTS (FROM unambiguous AS known WHERE known.of = majority.of AND known.name = majority.name AND known.dimension = majority.dimension)
