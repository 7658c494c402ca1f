-- The names that rules.yaml keeps apart, in the normal form.
SELECT DISTINCT dimension, joined_environments(normal_form(name)) AS name
FROM spoken_apart
