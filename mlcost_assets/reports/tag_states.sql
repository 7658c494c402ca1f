-- Which resource of ML spend carries which required tag in a month, rightly, wrongly or
-- not at all, and what attribution would write.
--
-- $required_tags are dimensions, or keys. In scope is ML spend, and every GPU machine: one that nobody tagged
-- may be ML that nobody found. Tax, support, credits, commitments, data transfer, what AWS owns and charges
-- without a resource can carry no tag. A tag is wrong when it means nothing (a person, a placeholder), is
-- misspelt, or is contradicted (tag_conflicts). Of several spellings under one key the one that stood last
-- counts. Reads the temporary table placeholders.
WITH charge AS (
    SELECT account_id, region_id, service_code, charge_category, usage_type, operation, resource_id, billing_currency,
        team, is_ml, sum(effective_cost) AS effective_cost
    FROM attributed_costs WHERE billing_period = $billing_period
    GROUP BY ALL
),

class AS (
    SELECT account_id, service_code, charge_category, usage_type, operation, resource_id,
        min(usage_class) AS usage_class, min(resource_key) FILTER (names_resource) AS resource_key
    FROM billed_things WHERE billing_period = $billing_period
    GROUP BY ALL
),

-- Machines of Kubernetes and their disks.
node AS (
    SELECT regexp_extract(body ->> '$.spec.providerID', 'i-[0-9a-f]+$') AS resource_key
    FROM resource_history
    WHERE kind = 'k8s:Node'
    UNION
    SELECT instance_id FROM split_costs WHERE resource_id LIKE 'arn:%:eks:%:pod/%'
    UNION
    SELECT resource_key FROM resource_history
    WHERE tags['eks:cluster-name'] IS NOT NULL OR tags['aws:eks:cluster-name'] IS NOT NULL
        OR tags['kubernetes.io/created-for/pvc/name'] IS NOT NULL
),

in_cluster AS (
    FROM node
    UNION
    SELECT from_id
    FROM lineage_edges
    JOIN node ON node.resource_key = to_id
    WHERE relation = 'attached_to'
),

charged AS (
    SELECT charge.*, class.resource_key,
        charge.resource_id <> '' AND charge.charge_category = 'Usage'
            AND usage_class NOT IN (
                'tax', 'support', 'credit', 'discount', 'commitment', 'unused_commitment', 'data_transfer'
            )
            AND NOT regexp_matches(
                charge.resource_id,
                '^arn:[^:]*:(savingsplans:|bedrock:[^:]*:[^:]*:(inference-profile|foundation-model)/)'
            ) AS taggable,
        charge.service_code = 'AmazonEC2'
            AND bool_or(
                coalesce(
                    is_gpu_machine(billed_type(charge.usage_type)) OR is_ml_machine(billed_type(charge.usage_type)),
                    false
                )
            )
            OVER (PARTITION BY charge.account_id, charge.service_code, charge.resource_id)
                AND charge.resource_id <> '' AS gpu
    FROM charge
    LEFT JOIN class ON class.account_id = charge.account_id AND class.service_code = charge.service_code
        AND class.charge_category = charge.charge_category
        AND class.resource_id = charge.resource_id AND class.usage_type IS NOT DISTINCT FROM charge.usage_type
        AND class.operation IS NOT DISTINCT FROM charge.operation
),

grouped AS (
    SELECT charged.*, CASE
        WHEN service_code = 'AmazonSageMaker' THEN 'SageMaker'
        WHEN service_code = 'AmazonEKS' OR in_cluster.resource_key IS NOT NULL THEN 'EKS'
        WHEN gpu THEN 'EC2 GPU'
        ELSE service_code END AS service_group
    FROM charged
    LEFT JOIN in_cluster ON in_cluster.resource_key = charged.resource_key
    WHERE is_ml OR gpu
),

-- A resource counts for the team that has most of it; what names no resource stands with the team of each part.
resource AS (
    SELECT account_id, service_code, service_group, resource_id, billing_currency,
        any_value(resource_key) AS resource_key, max(region_id) AS region_id,
        nullif(list(team ORDER BY cost DESC, team)[1], '') AS team,
        CAST(sum(cost) FILTER (taggable) AS DECIMAL(28,10)) AS effective_cost,
        CAST(coalesce(sum(cost) FILTER (NOT taggable), 0) AS DECIMAL(28,10)) AS untaggable_cost
    FROM (
        SELECT account_id, max(region_id) AS region_id, service_code, service_group, resource_id,
            min(resource_key) AS resource_key, billing_currency, taggable,
            coalesce(team, '') AS team, sum(effective_cost) AS cost
        FROM grouped
        GROUP BY account_id, service_code, service_group, resource_id, billing_currency, taggable, coalesce(team, '')
    )
    GROUP BY account_id, service_code, service_group, resource_id, billing_currency,
        CASE WHEN resource_id = '' THEN team END
),

-- The keys that speak of a required tag; one that is no dimension is a key itself.
asked AS (
    SELECT DISTINCT required.tag, tag_keys.tag_key, tag_keys.dimension
    FROM (SELECT unnest(CAST($required_tags AS VARCHAR[])) AS tag) AS required
    JOIN tag_keys ON tag_keys.dimension = required.tag
        OR (NOT list_contains(dimensions(), required.tag) AND tag_keys.normal_key = normal_form(required.tag))
    -- What people write on resources. What a service sets is no tag that somebody forgot to activate.
    WHERE NOT regexp_matches(tag_keys.tag_key, '^(accountTag|iamPrincipal|userAttribute)/|^(aws|sagemaker):')
),

meaning AS (
    SELECT asked.tag, asked.tag_key, tag_values.tag_value, tag_values.canonical_value,
        CASE
            WHEN asked.dimension IS NULL
                AND (normal_form(tag_value) IS NULL OR normal_form(tag_value) IN (SELECT name FROM placeholders))
                THEN 'it means nothing'
            WHEN asked.dimension IS NOT NULL AND canonical_value IS NULL THEN 'it is ' || how
            WHEN list_contains(string_split(how, ', '), 'spelling') THEN 'it is misspelled' END AS fault
    FROM asked
    JOIN tag_values USING (tag_key)
),

written AS (
    SELECT thing.account_id, thing.service_code, thing.resource_id, meaning.tag, meaning.tag_key,
        arg_max(struct_pack(tag_value, canonical_value, fault), (thing.last_date, tag_value)) AS last
    FROM billed_things AS thing
    JOIN (
        SELECT tag_set, unnest(map_entries(tags)) AS tag FROM bill_tag_sets WHERE billing_period = $billing_period
    ) AS tagged USING (tag_set)
    JOIN meaning ON meaning.tag_key = tagged.tag.key AND meaning.tag_value = tagged.tag.value
    WHERE billing_period = $billing_period AND resource_id <> ''
    GROUP BY ALL
),

contradicted AS (
    SELECT account_id, service_code, resource_id, dimension, losing_value, any_value(why) AS why FROM tag_conflicts
    WHERE billing_period = $billing_period AND kind NOT IN ('related resources', 'bill and resource')
    GROUP BY ALL
),

-- Of several keys a right one counts.
judged AS (
    SELECT account_id, service_code, resource_id, tag, arg_min(tag_key, (fault IS NOT NULL, tag_key)) AS tag_key,
        arg_min(tag_value, (fault IS NOT NULL, tag_key)) AS tag_value,
        CASE WHEN bool_and(fault IS NOT NULL) THEN min(fault) END AS fault
    FROM (
        SELECT written.account_id, written.service_code, written.resource_id, tag, tag_key, last.tag_value AS tag_value,
            coalesce(last.fault, contradicted.why) AS fault
        FROM written
        LEFT JOIN contradicted ON contradicted.account_id = written.account_id
            AND contradicted.service_code = written.service_code
            AND contradicted.resource_id = written.resource_id AND contradicted.dimension = written.tag
            AND contradicted.losing_value = last.canonical_value
    )
    GROUP BY ALL
),

-- What the resource carries in the month by its own API, whether the bill shows it or not.
on_resource AS (
    SELECT resource_key, meaning.tag, arg_max(meaning.tag_key, (valid_from, meaning.tag_key)) AS tag_key,
        arg_max(meaning.tag_value, (valid_from, meaning.tag_key)) AS tag_value
    FROM (
        SELECT resource_key, valid_from, unnest(map_entries(tags)) AS tag FROM resource_history
        WHERE valid_from < CAST($billing_period || '-01' AS TIMESTAMP) + INTERVAL 1 MONTH
            AND (valid_to IS NULL OR valid_to > CAST($billing_period || '-01' AS TIMESTAMP))
    ) AS history
    JOIN meaning ON meaning.tag_key = history.tag.key AND meaning.tag_value = history.tag.value
    WHERE fault IS NULL OR fault = 'it is misspelled'
    GROUP BY ALL
),

-- What attribution found, where it is one value for all of the resource, and the weakest of its reasons.
found AS (
    SELECT account_id, service_code, resource_id, dimension AS tag, any_value(value) AS value,
        min(evidence.confidence) AS confidence,
        arg_min(statement, (evidence.confidence, statement)) AS statement
    FROM (
        SELECT DISTINCT account_id, service_code, resource_id, evidence_id
        FROM attributed_costs
        WHERE billing_period = $billing_period AND resource_id <> ''
    )
    JOIN (
        SELECT *
        FROM attribution_evidence
        WHERE billing_period = $billing_period AND value IS NOT NULL AND dimension IS NOT NULL
    ) AS evidence USING (evidence_id)
    GROUP BY ALL
    HAVING count(DISTINCT value) = 1
)

SELECT
    $billing_period AS billing_period, resource.account_id, resource.region_id, resource.team, resource.service_code,
    resource.service_group, resource.resource_id, resource.resource_key,
    required.tag,
    CASE
        WHEN resource.effective_cost IS NULL THEN 'cannot carry tags'
        WHEN judged.tag IS NOT NULL AND judged.fault IS NULL THEN 'compliant'
        WHEN judged.tag IS NOT NULL THEN 'wrong'
        WHEN on_resource.tag IS NOT NULL THEN 'not in the bill'
        ELSE 'missing'
    END AS state,
    coalesce(judged.tag_key, on_resource.tag_key) AS tag_key,
    coalesce(judged.tag_value, on_resource.tag_value) AS tag_value, judged.fault AS why,
    found.value AS suggested_value, CAST(found.confidence AS DOUBLE) AS suggested_confidence,
    found.statement AS suggested_because,
    coalesce(resource.effective_cost, 0) AS effective_cost, resource.untaggable_cost, resource.billing_currency
FROM resource
CROSS JOIN (SELECT unnest(CAST($required_tags AS VARCHAR[])) AS tag) AS required
LEFT JOIN judged ON judged.account_id = resource.account_id AND judged.service_code = resource.service_code
    AND judged.resource_id = resource.resource_id AND judged.tag = required.tag
LEFT JOIN on_resource ON on_resource.resource_key = resource.resource_key AND on_resource.tag = required.tag
LEFT JOIN found ON found.account_id = resource.account_id AND found.service_code = resource.service_code
    AND found.resource_id = resource.resource_id AND found.tag = required.tag
