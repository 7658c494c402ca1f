-- How much of what can carry a required tag carries it in the bill, by account, team and service.
--
-- $required_tags are dimensions. In scope is what the bill names as a resource of ML spend: tax, support and charges
-- without a resource can carry no tag. A tag whose value means nothing (a person, an empty text) does not comply.
WITH resource AS (
    SELECT resource_id, account_id, service_code, billing_currency, any_value(team) AS team, sum(effective_cost) AS effective_cost
    FROM attributed_costs
    WHERE billing_period = $billing_period AND is_ml AND resource_id <> ''
    GROUP BY ALL
),

carried AS (
    SELECT DISTINCT thing.resource_id, thing.account_id, thing.service_code, tag_values.dimension AS tag
    FROM billed_things AS thing
    JOIN (SELECT billing_period, tag_set, unnest(map_entries(tags)) AS tag FROM bill_tag_sets) AS tagged USING (billing_period, tag_set)
    JOIN tag_values ON tag_values.tag_key = tag.key AND tag_values.tag_value = tag.value
    WHERE billing_period = $billing_period AND canonical_value IS NOT NULL AND NOT starts_with(tag.key, 'accountTag/')
)

SELECT
    $billing_period AS billing_period, resource.account_id, team, resource.service_code, required.tag,
    count(*) AS resources,
    CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    count(carried.tag) AS compliant_resources,
    CAST(coalesce(sum(effective_cost) FILTER (carried.tag IS NOT NULL), 0) AS DECIMAL(28,10)) AS compliant_cost,
    billing_currency
FROM resource
CROSS JOIN (SELECT unnest(CAST($required_tags AS VARCHAR[])) AS tag) AS required
LEFT JOIN carried ON carried.resource_id = resource.resource_id AND carried.account_id = resource.account_id
    AND carried.service_code = resource.service_code AND carried.tag = required.tag
GROUP BY ALL
