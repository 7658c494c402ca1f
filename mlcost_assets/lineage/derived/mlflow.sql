-- What MLflow tracked: versions of registered models, the runs that made them, and the artifacts of either that others
-- read or load. A tracked artifact lies where its version says, or under the id of its run.
--
-- Reads the temporary table stated_edges. The newest word on a version or a run counts.
WITH told AS (
    SELECT kind, id, collected_at AS valid_from, file || ':' || line AS source, body
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
        rtrim(body ->> '$.info.artifact_uri', '/') AS place
    FROM told WHERE kind = 'mlflow:Run'
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
)

SELECT DISTINCT ON (from_id, to_id, relation) from_id, to_id, relation, valid_from, CAST(NULL AS TIMESTAMP) AS valid_to,
    source, CAST(NULL AS VARCHAR) AS detail
FROM related
ORDER BY from_id, to_id, relation, valid_from, source
