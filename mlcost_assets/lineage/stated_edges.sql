-- What records state of each other (the files in stated/, one a service) → edges between resources by their keys.
--
-- Reads stated_relations: id, region and account_id of the resource that states it, relation, target as
-- written there, its interval, source and detail.
SELECT DISTINCT
    resource_key(id, NULL, NULL, region, account_id) AS from_id,
    resource_key(target, NULL, NULL, region, account_id) AS to_id,
    relation, valid_from, valid_to, source, detail
FROM stated_relations
WHERE target <> '' AND relation IS NOT NULL
