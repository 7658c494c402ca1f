-- Databricks in the organisation's own accounts: of which cluster a machine or a disk is, for which job a cluster
-- works, by the tags that Databricks sets on what it starts (Databricks, "Monitor usage using tags": default tags), and
-- which runs of MLflow were tracked there.
--
-- `detail` has the kind of compute as which Databricks counts the cluster's DBUs (dbu_compute in macros/machines.sql).
-- Warehouses of SQL have clusters, too; their DBUs are another matter. What a pool keeps ready is of no cluster.
WITH tag_set AS (
    SELECT DISTINCT ON (tag_set) tag_set, tags FROM bill_tag_sets
),

tagged AS (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS id, region_id AS region,
        account_id, CAST(min(charge_date) AS TIMESTAMP) AS valid_from, CAST(NULL AS TIMESTAMP) AS valid_to,
        NULL AS source, tags
    FROM daily_charges
    JOIN tag_set USING (tag_set)
    WHERE resource_id <> '' AND list_contains(map_values(tags), 'Databricks')
    GROUP BY ALL
    UNION ALL
    SELECT resource_key, region, account_id, valid_from, valid_to, tags_source, tags
    FROM resource_history
    WHERE starts_with(kind, 'ec2:') AND list_contains(map_values(tags), 'Databricks')
),

-- CUR 2.0 writes user_cluster_id for ClusterId.
said AS (
    SELECT * EXCLUDE (tags, source), map_of(list_filter(
        list_transform(
            map_entries(tags),
            lambda tag: {'key': normal_form(regexp_replace(tag.key, '^user[:_]', '')), 'value': tag.value}
        ),
        -- Of a key of signs alone nothing is left.
        lambda tag: tag.key IS NOT NULL
    )) AS told,
        coalesce(source, 'bill tag ClusterId = ' || told['cluster-id']) AS source
    FROM tagged
),

machine AS (
    SELECT *, 'databricks:cluster/' || told['cluster-id'] AS cluster,
        CASE
            WHEN told['sql-endpoint-id'] <> '' OR told['sql-warehouse-id'] <> '' THEN 'SQL'
            WHEN starts_with(told['cluster-name'], 'dlt-') THEN 'DLT'
            -- A disk may lack the tag.
            WHEN bool_or(told['job-id'] <> '') OVER (PARTITION BY cluster) THEN 'JOBS'
            ELSE 'ALL_PURPOSE' END AS compute
    FROM said
    WHERE told['vendor'] = 'Databricks' AND told['cluster-id'] <> ''
)

SELECT id, region, account_id, valid_from, valid_to, source, 'machine_of' AS relation, cluster AS target,
    json_object('compute', compute) AS detail
FROM machine
UNION ALL
-- A job's number is unique in its workspace; the machines tell the account only.
SELECT cluster, region, account_id, min(valid_from), NULL, min(source), 'cluster_of',
    'databricks:job/' || account_id || '/' || told['job-id'], NULL
FROM machine
WHERE told['job-id'] <> ''
GROUP BY cluster, region, account_id, told['job-id']
UNION ALL
SELECT 'databricks:cluster/' || said.value, region, account_id, collected_at, NULL, source, 'ran', id, NULL
FROM (
    SELECT id, region, account_id, collected_at, file || ':' || line AS source,
        unnest(entries_of(json_extract(body, '$.data.tags'))) AS said
    FROM metadata_records
    WHERE kind = 'mlflow:Run'
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY collected_at DESC, file DESC, line DESC) = 1
)
WHERE said.key = 'mlflow.databricks.cluster.id'
