-- States of resources → what each record says of related things, by what kinds/ calls it (roles, images, keys …).
--
-- Reads `kind_paths` (kind, meaning, steps, is_name: the meaning is what carries a further name). value is JSON: a text
-- where one is told, an object for an environment.
SELECT resource_key AS id, kind, region, account_id, valid_from, valid_to, source, meaning, is_name,
    value ->> '$' AS text, value
FROM (
    SELECT * EXCLUDE (body, steps), unnest(values_at(body, steps)) AS value
    FROM resource_history
    JOIN kind_paths USING (kind)
)
WHERE text <> ''
