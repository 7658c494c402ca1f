-- The names whose use decides something: pairs that are alike, and versions and numbers of one name.
SELECT dimension, name FROM name_likeness
UNION
SELECT dimension, other FROM name_likeness
UNION
SELECT dimension, name
FROM name_parents
WHERE list_has_any(parts, ['version', 'number']) OR (parts = ['environment'] AND may_be_more(name))
UNION
SELECT dimension, parent
FROM name_parents
WHERE list_has_any(parts, ['version', 'number']) OR (parts = ['environment'] AND may_be_more(name))
