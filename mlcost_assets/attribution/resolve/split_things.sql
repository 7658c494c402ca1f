-- The pods and tasks that the bill names: in split-cost rows, and those on Fargate in rows of their own.
SELECT DISTINCT billing_period, resource_key(resource_id, NULL, NULL, region_id, account_id) AS resource_key,
    resource_id, tag_set
FROM split_costs
WHERE resource_id <> ''
UNION
SELECT billing_period, resource_key, resource_id, tag_set
FROM billed_things
WHERE regexp_matches(resource_id, '^arn:[^:]*:eks:[^:]*:[^:]*:pod/')
