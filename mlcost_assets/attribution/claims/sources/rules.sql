-- Rules that speak of resources as a whole (rules that look at more of a charge are applied to the charge).
SELECT
    thing.resource_key, rule_owners.dimension, rule_owners.value,
    coalesce(rules.since, always_from()) AS valid_from,
    coalesce(rules.until, always_to()) AS valid_to,
    'rule' AS source, 'rule' AS method,
    'rule' AS code,
    'rule' AS place,
    rules.name AS said,
    -- The first rule that sets a dimension wins.
    [graded('rule'), factor('a later rule', 1 - min(rules.place) / 1e6)] AS factors,
    ['rule ' || rules.name] AS path
FROM (
    SELECT DISTINCT resource_key, account_id, resource_id FROM billed_things WHERE names_resource
) AS thing
JOIN rules
    ON rules.whole_resource
    AND any_glob(rules.account_id, thing.account_id)
    AND any_glob(rules.resource_id, thing.resource_id)
JOIN rule_owners ON rule_owners.rule = rules.name
GROUP BY ALL
