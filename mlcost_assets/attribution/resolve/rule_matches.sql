-- Rules and splits → the things that they match, by what the charges themselves tell (docs/contract.md#rules).
--
-- A split may also ask whose a charge is; that is looked at once it is known (split_parts.sql).
WITH condition AS (
    SELECT 'rule' AS kind, name, place, since, until, tag_conditions, export_name, account_id, region_id, service_code,
        usage_type, operation, resource_id, charge_category
    FROM rules
    UNION ALL
    SELECT 'split', name, place, since, until, tag_conditions, export_name, account_id, region_id, service_code,
        usage_type, operation, resource_id, charge_category
    FROM splits
),

condition_tag AS (
    SELECT 'rule' AS kind, rule AS name, key, globs FROM rule_tags
    UNION ALL
    SELECT 'split', split, key, globs FROM split_tags
),

tag_hit AS (
    SELECT tagged.tag_set, condition_tag.kind, condition_tag.name, count(*) AS hits
    FROM bill_tag_sets AS tagged
    CROSS JOIN condition_tag
    WHERE tagged.billing_period = $billing_period AND any_glob(condition_tag.globs, tagged.tags[condition_tag.key])
    GROUP BY ALL
)

SELECT $billing_period AS billing_period, thing.billed_thing, condition.kind, condition.name, condition.place,
    coalesce(condition.since, always_from()) AS valid_from, coalesce(condition.until, always_to()) AS valid_to
FROM billed_things AS thing
JOIN condition
    ON any_glob(condition.export_name, thing.export_name) AND any_glob(condition.account_id, thing.account_id)
    AND any_glob(condition.region_id, thing.region_id) AND any_glob(condition.service_code, thing.service_code)
    AND any_glob(condition.usage_type, thing.usage_type) AND any_glob(condition.operation, thing.operation)
    AND any_glob(condition.resource_id, thing.resource_id)
    AND any_glob(condition.charge_category, thing.charge_category)
LEFT JOIN tag_hit ON tag_hit.tag_set = thing.tag_set AND tag_hit.kind = condition.kind AND tag_hit.name = condition.name
WHERE thing.billing_period = $billing_period AND condition.tag_conditions = coalesce(tag_hit.hits, 0)
    -- What is over before the thing is billed, or begins only afterwards, does not speak of it.
    AND coalesce(condition.since, always_from()) <= thing.last_date
    AND coalesce(condition.until, always_to()) > thing.first_date
