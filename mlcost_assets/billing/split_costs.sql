-- Split-cost rows → what each pod or task used of its instance on a day, idle part included, as AWS divided it. Sets of
-- tags are told apart by hash, as in daily_charges.
SELECT * EXCLUDE (tags_hash, tags), tag_set(tags) AS tag_set
FROM (
    SELECT
        billing_period,
        CAST(charge_period_start AS DATE) AS charge_date,
        coalesce(sub_account_id, billing_account_id) AS account_id,
        region_id,
        x_split_parent_resource_id AS instance_id,
        coalesce(resource_id, '') AS resource_id,
        CASE WHEN cardinality(tags) > 0 THEN hash(tags) END AS tags_hash,
        any_value(tags) AS tags,
        CAST(sum(effective_cost + coalesce(x_unused_split_cost, 0)) AS DECIMAL(28,10)) AS cost,
        coalesce(bool_or(splits_accelerators(x_usage_type)), false) AS accelerated
    FROM line_items
    WHERE billing_period = $billing_period AND is_split_cost AND x_split_parent_resource_id <> ''
    GROUP BY ALL
    HAVING sum(effective_cost + coalesce(x_unused_split_cost, 0)) > 0
)
