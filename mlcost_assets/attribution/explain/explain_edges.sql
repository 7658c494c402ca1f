-- What the resource is directly related to.
SELECT from_id, relation, to_id, valid_from, valid_to, source
FROM lineage_edges
WHERE from_id = $resource_key OR to_id = $resource_key
ORDER BY ALL
LIMIT 200
