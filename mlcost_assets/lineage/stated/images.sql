-- Container images by digest: which image ran, and in which repository it lies.
-- A tag names the image that carried it then; as a tag it is known where a deployment says that it pushed it.
WITH image AS (
    SELECT * REPLACE (resource_key AS id), regexp_extract(resource_key, '^(.*)@', 1) AS repository,
        body ->> '$.imageTags[*]' AS image_tags
    FROM resource_history WHERE kind = 'ecr:DescribeImages'
),

used AS (
    SELECT * EXCLUDE (kind, meaning, is_name, text, value), image_repository(named) AS repository,
        nullif(regexp_extract(named, '@(sha256:[0-9a-f]+)$', 1), '') AS digest,
        coalesce(nullif(regexp_extract(named, ':([^:/@]+)$', 1), ''), 'latest') AS image_tag
    FROM (
        SELECT *, regexp_replace(text, '^docker-pullable://', '') AS named
        FROM record_values
        WHERE meaning IN ('images', 'images_run')
    )
    WHERE image_repository(named) IS NOT NULL
),

pushed AS (
    SELECT resource_key(unnest(body ->> '$.resources[*]'), NULL, NULL, region, account_id) AS image
    FROM metadata_records
    WHERE kind = 'cicd:Deployment'
)

SELECT image.* EXCLUDE (repository, image_tags), 'image_in' AS relation, repository AS target, NULL AS detail FROM image
UNION ALL BY NAME
SELECT * EXCLUDE (named, repository, digest, image_tag), 'runs_image' AS relation,
    repository || '@' || digest AS target, NULL AS detail
FROM used
WHERE digest IS NOT NULL
UNION ALL BY NAME
SELECT used.* EXCLUDE (named, repository, digest, image_tag), 'runs_image' AS relation, image.id AS target,
    CAST(json_object('tag', image_tag) AS VARCHAR) AS detail
FROM used
JOIN image ON image.repository = used.repository AND list_contains(image.image_tags, image_tag)
    AND image.valid_from <= used.valid_from AND coalesce(image.valid_to > used.valid_from, true)
WHERE digest IS NULL
UNION ALL BY NAME
SELECT used.* EXCLUDE (named, repository, digest, image_tag), 'runs_image' AS relation,
    repository || ':' || image_tag AS target, NULL AS detail
FROM used
WHERE digest IS NULL AND repository || ':' || image_tag IN (SELECT image FROM pushed)
