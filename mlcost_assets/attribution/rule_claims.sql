-- Rules → the charges they match, per dimension the first rule that sets it (CONTRACT §5).
WITH tag_hit AS (
    SELECT tagged.tag_set, rule_tags.rule, count(*) AS hits
    FROM bill_tag_sets AS tagged
    CROSS JOIN rule_tags
    WHERE tagged.billing_period = $billing_period AND any_glob(rule_tags.globs, tagged.tags[rule_tags.key])
    GROUP BY ALL
),

matched AS (
    SELECT thing.billed_thing, rules.name AS rule, rules.place, rules.since, rules.until
    FROM billed_things AS thing
    JOIN rules
        ON any_glob(rules.export_name, thing.export_name) AND any_glob(rules.account_id, thing.account_id)
        AND any_glob(rules.region_id, thing.region_id) AND any_glob(rules.service_code, thing.service_code)
        AND any_glob(rules.usage_type, thing.usage_type) AND any_glob(rules.operation, thing.operation)
        AND any_glob(rules.resource_id, thing.resource_id) AND any_glob(rules.charge_category, thing.charge_category)
    LEFT JOIN tag_hit ON tag_hit.tag_set = thing.tag_set AND tag_hit.rule = rules.name
    WHERE thing.billing_period = $billing_period AND rules.tag_conditions = coalesce(tag_hit.hits, 0)
),

claim AS (
    SELECT billed_thing, dimension, value, rule, place, coalesce(since, always_from()) AS valid_from, coalesce(until, always_to()) AS valid_to
    FROM matched JOIN rule_owners USING (rule)
),

-- A later rule fills only the time that earlier ones leave.
boundary AS (
    SELECT billed_thing, dimension, unnest([valid_from, valid_to]) AS moment FROM claim
),

piece AS (
    SELECT DISTINCT billed_thing, dimension, moment AS valid_from, lead(moment) OVER (PARTITION BY billed_thing, dimension ORDER BY moment) AS valid_to
    FROM (SELECT DISTINCT * FROM boundary)
    QUALIFY valid_to IS NOT NULL
)

SELECT $billing_period AS billing_period, billed_thing, dimension, piece.valid_from, piece.valid_to,
    arg_min(value, place) AS value, arg_min(rule, place) AS rule
FROM piece
JOIN claim USING (billed_thing, dimension)
WHERE claim.valid_from <= piece.valid_from AND claim.valid_to >= piece.valid_to
GROUP BY billed_thing, dimension, piece.valid_from, piece.valid_to
