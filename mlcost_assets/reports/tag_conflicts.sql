-- Tags that are contradicted: by another tag, by a relative's tag, by what a registry or the lineage states.
--
-- A tag is a claim in `claims`; what won stands in thing_owners with its reason. Two may disagree
-- while both hold. The tag of a shared thing is not contradicted by those who use it. Reads the
-- temporary table flows (attribution's knowledge).
WITH thing AS (
    SELECT DISTINCT billed_thing, account_id, service_code, resource_id, resource_key FROM billed_things
    WHERE billing_period = $billing_period AND names_resource AND resource_key IS NOT NULL
),

-- A split's evidence names the evidence of what it divides.
divided_again AS (
    SELECT evidence_id, any_value(substr(sources[1], 10)) AS of_evidence FROM attribution_evidence
    WHERE billing_period = $billing_period AND method = 'rule' AND sources[1] LIKE 'evidence %'
    GROUP BY evidence_id
),

spent AS (
    SELECT account_id, service_code, resource_id, coalesce(of_evidence, evidence_id) AS evidence_id, billing_currency,
        sum(effective_cost) AS effective_cost
    FROM attributed_costs
    LEFT JOIN divided_again USING (evidence_id)
    WHERE billing_period = $billing_period AND resource_id <> ''
    GROUP BY ALL
),

decided AS (
    SELECT account_id, service_code, resource_id, resource_key, evidence_id, reason.dimension AS dimension,
        reason.value AS value, reason.method AS method,
        any_value(reason.statement) AS statement, any_value(reason.sources[1]) AS record,
        any_value(reason.confidence) AS confidence,
        min(valid_from) AS valid_from, max(valid_to) AS valid_to
    FROM (
        SELECT thing.*, owned.evidence_id, owned.valid_from, owned.valid_to, unnest(owned.reasons) AS reason
        FROM thing
        JOIN (
            SELECT *, count(DISTINCT consumer_key) OVER (PARTITION BY billed_thing) > 1 AS several
            FROM thing_owners WHERE billing_period = $billing_period
        ) AS owned USING (billed_thing)
        WHERE NOT owned.several AND NOT owned.pool
    )
    WHERE reason.value IS NOT NULL AND reason.dimension IS NOT NULL
    GROUP BY ALL
),

-- Other spellings of one name contradict nothing.
found AS (
    SELECT decided.*, coalesce(name_dictionary.name, value) AS name
    FROM decided
    LEFT JOIN name_dictionary ON name_dictionary.dimension = decided.dimension
        AND name_dictionary.compact = replace(normal_form(value), '-', '')
),

tagged AS (
    SELECT DISTINCT resource_key, dimension, value, coalesce(name, value) AS name, source, statement, path[1] AS record,
        valid_from, valid_to
    FROM (
        SELECT *, replace(normal_form(value), '-', '') AS compact
        FROM claims
        WHERE source IN ('bill_tag', 'resource_tag')
    )
    LEFT JOIN name_dictionary USING (dimension, compact)
),

won_by AS (
    SELECT DISTINCT ON (resource_key, dimension, value) resource_key, dimension, value, source FROM owners
    WHERE value IS NOT NULL ORDER BY resource_key, dimension, value, valid_from DESC
),

against AS (
    SELECT found.*, tagged.value AS losing_value, tagged.statement AS losing_source, tagged.record AS losing_record,
        CASE
            WHEN starts_with(found.record, 'rule ') THEN 'tag and rule'
            WHEN won_by.source IN ('bill_tag', 'resource_tag') AND won_by.source <> tagged.source
                THEN 'bill and resource'
            WHEN won_by.source IN ('bill_tag', 'resource_tag') THEN 'two tags'
            WHEN won_by.source IS NULL THEN 'tag and model'
            ELSE 'tag and lineage'
        END AS kind
    FROM found
    JOIN tagged ON tagged.resource_key = found.resource_key AND tagged.dimension = found.dimension
        AND tagged.name <> found.name
        AND tagged.valid_from < found.valid_to AND tagged.valid_to > found.valid_from
    LEFT JOIN won_by ON won_by.resource_key = found.resource_key AND won_by.dimension = found.dimension
        AND won_by.value = found.value
    -- What was true of the resource in another part of the month was no mistake.
    WHERE NOT EXISTS (
        FROM found AS once
        WHERE once.resource_key = found.resource_key AND once.dimension = found.dimension AND once.name = tagged.name
    )
),

-- What an endpoint or transform job would have had from what it serves (a job,
-- by its artifact and model), had it no tag.
neighbour AS (
    SELECT CASE WHEN up THEN to_id ELSE from_id END AS giver,
        CASE WHEN up THEN from_id ELSE to_id END AS taker, flows.dimension
    FROM (
        SELECT DISTINCT from_id, to_id, relation,
            count(DISTINCT to_id) OVER (PARTITION BY from_id, relation) AS siblings
        FROM lineage_edges
    )
    JOIN flows USING (relation)
    WHERE flows.up AND relation IN ('serves', 'configured_by', 'transforms_with')
        AND NOT (flows.single AND siblings > 1)
),

related AS (
    SELECT found.*, claim.value AS losing_value,
        claim.statement || ', by '
            || array_to_string(list_prepend(short_name(neighbour.giver), claim.path[:-2]), ' · ') AS losing_source,
        claim.path[len(claim.path)] AS losing_record, 'related resources' AS kind
    FROM found
    JOIN tagged AS own ON own.resource_key = found.resource_key AND own.dimension = found.dimension
        AND own.value = found.value
    JOIN neighbour ON neighbour.taker = found.resource_key AND neighbour.dimension = found.dimension
    JOIN claims AS claim ON claim.resource_key = neighbour.giver AND claim.dimension = found.dimension
        AND claim.value <> found.value
        AND claim.valid_from < found.valid_to AND claim.valid_to > found.valid_from AND claim.place = 'tag'
    WHERE NOT EXISTS (
        FROM tagged AS same
        WHERE same.resource_key = found.resource_key AND same.dimension = found.dimension AND same.value = claim.value
    )
    QUALIFY row_number() OVER (
        PARTITION BY found.evidence_id, found.service_code, found.resource_id, found.dimension, claim.value
        ORDER BY claim.confidence DESC, claim.statement
    ) = 1
),

-- The same money once, whoever repeats the losing value.
conflict AS (
    SELECT account_id, service_code, resource_id, resource_key, evidence_id, dimension, kind, value,
        any_value(statement) AS statement, any_value(record) AS record,
        max(confidence) AS confidence, losing_value, min(losing_source) AS losing_source,
        min(losing_record) AS losing_record
    FROM (
        FROM against
        UNION ALL
        FROM related
    )
    GROUP BY ALL
)

SELECT
    $billing_period AS billing_period, conflict.account_id, conflict.service_code, conflict.resource_id, resource_key,
    dimension, kind,
    value AS winning_value, any_value(statement) AS winning_source, any_value(record) AS winning_record,
    losing_value, min(losing_source) AS losing_source, min(losing_record) AS losing_record,
    CASE kind
        WHEN 'tag and rule' THEN 'rules.yaml beats every tag'
        WHEN 'bill and resource'
            THEN 'the tag in the bill comes before the tag on the resource: it stood there when the charge was made'
        WHEN 'two tags' THEN 'of two tags of one place the one with more dollars, then the later one, counts'
        WHEN 'related resources' THEN 'a tag on the resource itself comes before what a relative is tagged with'
        WHEN 'tag and model'
            THEN dimension || ' follows the model: four in five of its resources or more, or the registry, say so'
        ELSE 'a registry or the lineage states what this is; nothing of ' || losing_value
            || ' ever touched it, so the tag looks copied from a template'
    END AS why,
    CAST(max(confidence) AS DOUBLE) AS confidence,
    CAST(sum(spent.effective_cost) AS DECIMAL(28,10)) AS effective_cost, spent.billing_currency
FROM conflict
JOIN spent ON spent.account_id = conflict.account_id AND spent.service_code = conflict.service_code
    AND spent.resource_id = conflict.resource_id
    AND spent.evidence_id = conflict.evidence_id
GROUP BY ALL
