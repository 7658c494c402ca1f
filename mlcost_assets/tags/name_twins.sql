-- Names → the name of the same letters that leads them.
SELECT dimension, name, leader
FROM names_seen
JOIN name_leaders USING (dimension, compact)
WHERE name <> leader AND NOT registered
