-- The resources behind the findings, each with what stands there, what attribution would write, and under which key.
--
-- A missing tag gets a key that the bill shows, called like the tag, else the one under which most dollars carry it; a
-- wrong one is mended where it stands, under the key as the resource itself has it.
WITH shown AS (
    SELECT DISTINCT unnest(list_append(also_written, tag_key)) AS tag_key
    FROM tag_keys
    WHERE list_contains(seen_in, 'bill')
),

house_key AS (
    SELECT required.tag,
        arg_max(
            keys.tag_key,
            (
                coalesce(keys.activated, shown.tag_key IS NOT NULL), keys.normal_key = required.tag,
                list_contains(keys.seen_in, 'api'), keys.carrier_cost, keys.tag_key
            )
        ) AS tag_key
    FROM (
        SELECT DISTINCT tag FROM tag_states
    ) AS required
    JOIN tag_keys AS keys ON keys.dimension = required.tag
        OR (
            keys.dimension IS NULL
                AND replace(keys.normal_key, '-', '') = lower(regexp_replace(required.tag, '[^A-Za-z0-9]', '', 'g'))
        )
    LEFT JOIN shown USING (tag_key)
    WHERE list_has_any(keys.seen_in, ['bill', 'api'])
        AND NOT regexp_matches(keys.tag_key, '^(aws|sagemaker)[:_]|^(accountTag|iamPrincipal|userAttribute)/')
    GROUP BY required.tag
),

life AS (
    SELECT resource_key, bool_and(ended_at IS NOT NULL) AS ended,
        list_distinct(flatten(list(map_keys(tags)) FILTER (valid_to IS NULL AND tags IS NOT NULL))) AS keys
    FROM resource_history GROUP BY resource_key
),

-- EC2 names by a bare id what an ARN calls by its kind.
kinds AS (
    FROM (
        VALUES ('i', 'instance'), ('vol', 'volume'), ('snap', 'snapshot'), ('nat', 'natgateway'),
            ('eni', 'network-interface'), ('vpce', 'vpc-endpoint')
    ) AS kinds(prefix, kind)
)

SELECT
    states.tag, state, account_id, region_id, team, service_group, resource_id,
    CASE
        WHEN starts_with(resource_id, 'arn:') THEN resource_id
        WHEN starts_with(states.resource_key, 'arn:') THEN states.resource_key
        WHEN kinds.kind IS NOT NULL THEN
            'arn:' || CASE
                WHEN starts_with(region_id, 'cn-') THEN 'aws-cn'
                WHEN starts_with(region_id, 'us-gov-') THEN 'aws-us-gov'
                ELSE 'aws' END
            || ':ec2:' || region_id || ':' || account_id || ':' || kinds.kind || '/' || resource_id
    END AS arn,
    coalesce(life.ended, false) AS ended, states.tag_key AS written_key, tag_value AS written_value, why,
    CASE WHEN state = 'missing' THEN coalesce(house_key.tag_key, states.tag)
        ELSE coalesce(
            list_filter(
                list_append(written.also_written, states.tag_key), lambda key: list_contains(life.keys, key)
            )[1],
            written.also_written[1], states.tag_key
        )
    END AS key,
    suggested_value AS value, suggested_confidence AS confidence, suggested_because AS because, states.effective_cost,
    billing_currency
FROM tag_states AS states
LEFT JOIN house_key USING (tag)
LEFT JOIN life ON life.resource_key = states.resource_key
LEFT JOIN tag_keys AS written ON written.tag_key = states.tag_key
LEFT JOIN kinds ON kinds.prefix = regexp_extract(resource_id, '^([a-z]+)-[0-9a-f]+$', 1)
WHERE billing_period = $period AND state IN ('missing', 'wrong', 'not in the bill')
ORDER BY states.effective_cost DESC, resource_id, states.tag
