-- Every tag as written → the dimension it speaks of and its name in normal form. Persons and placeholders name no work;
-- environments are few and have a vocabulary of their own.
SELECT tag_key, tag_value, dimension, joined_environments(normal_form(tag_value)) AS name
FROM (
    SELECT DISTINCT tag_key, tag_value FROM tag_observations
)
JOIN tag_keys USING (tag_key)
WHERE dimension <> 'environment' AND tag_value NOT LIKE '%@%' AND normal_form(tag_value) IS NOT NULL
    AND joined_environments(normal_form(tag_value)) NOT IN (SELECT name FROM placeholders)
