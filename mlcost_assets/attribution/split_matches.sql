-- Splits → the things whose charges they speak of, by what the charge itself tells (CONTRACT §5).
WITH tag_hit AS (
    SELECT tagged.tag_set, split_tags.split, count(*) AS hits
    FROM bill_tag_sets AS tagged
    CROSS JOIN split_tags
    WHERE tagged.billing_period = $billing_period AND any_glob(split_tags.globs, tagged.tags[split_tags.key])
    GROUP BY ALL
)

SELECT thing.billed_thing, splits.name AS split, splits.place, splits.of_charge,
    coalesce(splits.since, CAST(always_from() AS DATE)) AS since, coalesce(splits.until, CAST(always_to() AS DATE)) AS until
FROM billed_things AS thing
JOIN splits
    ON any_glob(splits.export_name, thing.export_name) AND any_glob(splits.account_id, thing.account_id)
    AND any_glob(splits.region_id, thing.region_id) AND any_glob(splits.service_code, thing.service_code)
    AND any_glob(splits.usage_type, thing.usage_type) AND any_glob(splits.operation, thing.operation)
    AND any_glob(splits.resource_id, thing.resource_id) AND any_glob(splits.charge_category, thing.charge_category)
LEFT JOIN tag_hit ON tag_hit.tag_set = thing.tag_set AND tag_hit.split = splits.name
WHERE thing.billing_period = $billing_period AND splits.tag_conditions = coalesce(tag_hit.hits, 0)
