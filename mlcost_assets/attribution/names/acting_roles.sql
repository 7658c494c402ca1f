-- As whom work runs: the roles of things, and those that call a service that is billed without a resource.
SELECT from_id AS resource_key, to_id AS role FROM lineage_edges WHERE relation = 'runs_as'
UNION
SELECT billed_things.resource_key, role.resource_key
FROM billed_things
JOIN resource_history AS role ON role.kind = 'iam:GetRole'
    AND role.account_id = regexp_extract(iam_principal, ':sts::([0-9]+):assumed-role/', 1)
    AND role.name = regexp_extract(iam_principal, ':assumed-role/([^/]+)', 1)
WHERE starts_with(billed_things.resource_key, 'charges:')
