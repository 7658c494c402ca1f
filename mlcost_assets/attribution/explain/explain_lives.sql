-- What metadata knows of the resource.
SELECT kind, life, name, account_id, region, valid_from, valid_to, created_at, ended_at, tags, source
FROM resource_history
WHERE resource_key = $resource_key
ORDER BY kind, life, valid_from
