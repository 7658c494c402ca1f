-- Names → the name at the head of their family: theirs but for changing parts and where their words are joined.
--
-- Reads names_seen, name_twins and name_parents. Heads that nobody writes are in it too.
SELECT seen.dimension, seen.name, coalesce(parent.parent, twin.leader, seen.name) AS head
FROM names_seen AS seen
LEFT JOIN name_parents AS parent ON parent.dimension = seen.dimension AND parent.name = seen.name
LEFT JOIN name_twins AS twin ON twin.dimension = seen.dimension AND twin.name = seen.name
UNION
SELECT dimension, head, head
FROM (
    SELECT dimension, parent AS head
    FROM name_parents
    UNION
    SELECT dimension, leader
    FROM name_twins
) AS heads
WHERE NOT EXISTS (FROM names_seen AS seen WHERE seen.dimension = heads.dimension AND seen.name = heads.head)
