-- Names of the same letters → the one of them with most behind it: they differ in where their words are joined.
SELECT dimension, name, leader
FROM (
    SELECT dimension, name, registered,
        first_value(name) OVER (PARTITION BY dimension, compact ORDER BY registered DESC, known DESC, effective_cost DESC, resources DESC, name) AS leader
    FROM names_seen
)
WHERE name <> leader AND NOT registered
