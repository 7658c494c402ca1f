-- What the bill charges, with the tags that each resource carried there, and when. Without a tag tag_set is NULL.
SELECT
    billing_period, account_id,
    resource_key(resource_id, service_code, usage_type, region_id, account_id) AS resource_key,
    tag_set,
    min(charge_date) AS first_date, max(charge_date) AS last_date,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
FROM daily_charges
WHERE billing_period = $billing_period
GROUP BY ALL
