-- What MLflow tracked: versions of registered models, the runs that made them, the artifacts and addresses of either
-- that others read or load, the experiments that runs are in, the machines that they say they ran on, and what is told
-- its run (MLflow's MLFLOW_RUN_ID, or an argument). A tracked artifact lies where its version says, or under the id of
-- its run.
--
-- Reads the temporary table stated_edges. The newest word on a version or a run counts.
WITH told AS (
    SELECT kind, id, account_id, collected_at AS valid_from, file || ':' || line AS source, body
    FROM metadata_records
    WHERE kind IN ('mlflow:RegisteredModel', 'mlflow:ModelVersion', 'mlflow:Run')
    QUALIFY row_number() OVER (PARTITION BY kind, id ORDER BY collected_at DESC, file, line) = 1
),

version AS (
    SELECT id, valid_from, source, body ->> '$.name' AS name, nullif(body ->> '$.run_id', '') AS run_id,
        rtrim(body ->> '$.source', '/') AS place
    FROM told WHERE kind = 'mlflow:ModelVersion'
),

run AS (
    SELECT id, valid_from, source, body ->> '$.info.run_id' AS run_id,
        rtrim(body ->> '$.info.artifact_uri', '/') AS place,
        -- Experiment 0 is the one of whoever names none.
        account_id || '/' || nullif(body ->> '$.info.experiment_id', '0') AS experiment,
        list_concat(
            entries_of(json_extract(body, '$.data.params')), entries_of(json_extract(body, '$.data.tags'))
        ) AS said
    FROM told WHERE kind = 'mlflow:Run'
),

-- A run by its id, and one that nobody recorded by what is registered of it, where that is one model.
called_run AS (
    SELECT run_id, id FROM run
    UNION ALL
    SELECT run_id, min(id)
    FROM version
    WHERE run_id NOT IN (SELECT run_id FROM run WHERE run_id IS NOT NULL)
    GROUP BY run_id
    HAVING count(DISTINCT name) = 1
),

-- A machine by its id, by its host name and by that without its domain.
machine AS (
    SELECT DISTINCT resource_key, unnest([resource_key, host, split_part(host, '.', 1)]) AS called
    FROM (
        SELECT resource_key, body ->> '$.PrivateDnsName' AS host
        FROM resource_history
        WHERE kind = 'ec2:DescribeInstances'
    )
),

-- Locations by each folder that they lie in, and by each part of their path (a run's id is one).
folder AS (
    SELECT uri, parts[depth] AS part, array_to_string(list_slice(parts, 1, depth), '/') AS folder
    FROM (
        SELECT DISTINCT to_id AS uri, string_split(rtrim(to_id, '/'), '/') AS parts
        FROM stated_edges
        WHERE starts_with(to_id, 's3') AND relation IN ('loads', 'contains', 'produced', 'reads', 'writes')
    ), range(4, len(parts) + 1) AS depths (depth)
),

related AS (
    SELECT version.id AS from_id, model.id AS to_id, 'version_of' AS relation, version.valid_from, version.source
    FROM version
    JOIN told AS model ON model.kind = 'mlflow:RegisteredModel'
        AND json_extract_string(model.body, '$.name') = version.name
    UNION
    SELECT version.id, run.id, 'generated_by', version.valid_from, version.source
    FROM version
    JOIN run USING (run_id)
    UNION
    SELECT version.id, uri, 'contains', version.valid_from, version.source
    FROM version
    JOIN folder ON folder.folder = version.place
    UNION
    -- models:/<name>/<version or stage>, models:/<name>@<alias>
    SELECT model.id, address.uri, 'contains', model.valid_from, model.source
    FROM (
        SELECT DISTINCT to_id AS uri FROM stated_edges WHERE starts_with(to_id, 'models:/')
    ) AS address
    JOIN told AS model ON model.kind = 'mlflow:RegisteredModel'
        AND json_extract_string(model.body, '$.name') = regexp_extract(address.uri, '^models:/([^/@]+)', 1)
    UNION
    -- Of several versions of a run, none is known to be this artifact.
    SELECT min(version.id), uri, 'contains', min(version.valid_from), min(version.source)
    FROM version
    JOIN folder ON folder.part = version.run_id AND length(version.run_id) >= 16
    GROUP BY uri
    HAVING count(DISTINCT version.name) = 1
    UNION
    SELECT run.id, uri, 'produced', run.valid_from, run.source
    FROM run
    JOIN folder ON folder.folder = run.place OR folder.part = run.run_id AND length(run.run_id) >= 16
    UNION
    SELECT id, 'mlflow:experiment/' || experiment, 'in_experiment', valid_from, source
    FROM run
    WHERE experiment IS NOT NULL
    UNION
    SELECT machine.resource_key, run.id, 'ran', run.valid_from, run.source
    FROM (
        SELECT id, valid_from, source, unnest(said).value AS called FROM run
    ) AS run
    JOIN machine ON machine.called = run.called AND length(machine.called) >= 8
    UNION
    -- An id of MLflow's is a UUID in 32 digits; as a whole value it is nothing else.
    SELECT thing.resource_key, called_run.id, 'tracked_as', thing.valid_from, thing.source
    FROM (
        SELECT resource_key, valid_from, source,
            unnest(regexp_extract_all(CAST(body AS VARCHAR), '["=]([0-9a-f]{32})["]', 1)) AS run_id
        FROM resource_history
        WHERE EXISTS (FROM called_run)
    ) AS thing
    JOIN called_run USING (run_id)
)

SELECT DISTINCT ON (from_id, to_id, relation) from_id, to_id, relation, valid_from, CAST(NULL AS TIMESTAMP) AS valid_to,
    source, CAST(NULL AS VARCHAR) AS detail
FROM related
WHERE (from_id, to_id, relation) NOT IN (SELECT (from_id, to_id, relation) FROM stated_edges)
ORDER BY from_id, to_id, relation, valid_from, source
