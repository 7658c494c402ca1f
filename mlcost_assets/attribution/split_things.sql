-- The pods and tasks that split-cost rows name.
SELECT DISTINCT billing_period, resource_key(resource_id, NULL, NULL, region_id, account_id) AS resource_key, resource_id, tag_set
FROM split_costs
WHERE resource_id <> ''
