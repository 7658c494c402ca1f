-- What every kind of record may say of related things, at the paths that metadata/kinds/ gives: one arm a meaning.
-- What is said in a way of its own stands in the other files.
--
-- Reads `record_values` (kind, id, its place and interval, meaning, text).
SELECT id, region, account_id, valid_from, valid_to, source, NULL AS detail,
    CASE meaning
        WHEN 'roles' THEN 'runs_as'
        WHEN 'images' THEN 'uses_image'
        WHEN 'keys' THEN 'encrypted_by'
        WHEN 'data_in' THEN 'reads'
        WHEN 'data_out' THEN 'writes'
    END AS relation,
    CASE
        WHEN meaning = 'roles' AND text LIKE 'arn:%:iam:%' THEN text
        WHEN meaning = 'images' THEN image_repository(text)
        -- A key by its ARN or bare id; aliases tell nothing.
        WHEN meaning = 'keys' AND regexp_full_match(text, '[0-9a-f-]{36}')
            THEN service_arn('kms', region, account_id, 'key/' || text)
        WHEN meaning = 'keys' AND starts_with(text, 'arn:') THEN text
        WHEN meaning IN ('data_in', 'data_out') AND regexp_matches(text, '^s3a?://') THEN text
    END AS target
FROM record_values
WHERE meaning IN ('roles', 'images', 'keys', 'data_in', 'data_out')
