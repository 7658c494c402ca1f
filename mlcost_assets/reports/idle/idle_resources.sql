-- What the arms found, with its cost, its owner, the last person, and whether it waits on purpose.
--
-- Reads idle_found. Owners are those of the resource, else those to whom attribution gave all of its cost since then (a
-- disk's is paid by what it was attached to). Of a thing that is idle as a whole, nothing is said again
-- of its parts, its GPUs or its nights.
WITH whole AS (
    SELECT resource_key
    FROM idle_found
    WHERE degree = 'unused' AND part IS NULL AND counted IS NULL AND coalesce(cost_of, resource_key) = resource_key
),

found AS (
    SELECT *, coalesce(cost_of, resource_key) AS paid_by,
        -- Whole days only: of the day on which it was last used, nothing counts.
        CAST(since AS DATE) + CASE WHEN since > date_trunc('day', since) THEN 1 ELSE 0 END AS counts_from
    FROM idle_found
    WHERE degree = 'unused' AND part IS NULL AND counted IS NULL AND coalesce(cost_of, resource_key) = resource_key
        OR coalesce(cost_of, resource_key) NOT IN (FROM whole)
),

bill AS (
    SELECT account_id, max(charge_date) - 1 AS last_full_day FROM attributed_costs GROUP BY account_id
),

charged AS (
    SELECT resource_key(resource_id, service_code, usage_type, region_id, account_id) AS paid_by, account_id,
        charge_date, usage_type, charge_category = 'Usage' AS is_usage, billing_currency,
        model, team, environment, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost
    FROM attributed_costs
    WHERE resource_id IN (
        SELECT resource_id
        FROM billed_things
        WHERE names_resource AND resource_key IN (SELECT paid_by FROM found)
    )
    GROUP BY ALL
),

cost AS (
    SELECT found.resource_key, found.kind, found.part, charged.billing_currency, true AS is_billed,
        greatest(found.counts_from, last_full_day - 6) AS first_rated, last_full_day,
        CAST(coalesce(sum(charged.effective_cost) FILTER (charge_date >= found.counts_from), 0) AS DECIMAL(28,10))
            AS so_far,
        CAST(
            sum(charged.effective_cost) FILTER (
                is_usage AND charge_date BETWEEN greatest(found.counts_from, last_full_day - 6) AND last_full_day
            ) AS DECIMAL(28,10)
        ) AS lately,
        CASE WHEN count(DISTINCT model) = 1 AND count(*) = count(model) THEN max(model) END AS model,
        CASE WHEN count(DISTINCT team) = 1 AND count(*) = count(team) THEN max(team) END AS team,
        CASE WHEN count(DISTINCT environment) = 1 AND count(*) = count(environment) THEN max(environment) END
            AS environment
    FROM found
    JOIN charged ON charged.paid_by = found.paid_by
        AND (found.counted IS NULL OR regexp_matches(charged.usage_type, found.counted))
    JOIN bill ON bill.account_id = charged.account_id
    GROUP BY found.resource_key, found.kind, found.part, charged.billing_currency, found.counts_from, last_full_day
),

owner AS (
    SELECT resource_key, max(value) FILTER (dimension = 'model') AS model,
        max(value) FILTER (dimension = 'team') AS team, max(value) FILTER (dimension = 'environment') AS environment
    FROM (
        SELECT resource_key, dimension, value
        FROM owners
        WHERE resource_key IN (SELECT resource_key FROM found)
        QUALIFY row_number() OVER (
            PARTITION BY resource_key, dimension ORDER BY valid_to DESC, valid_from DESC, value
        ) = 1
    )
    GROUP BY resource_key
),

person AS (
    SELECT people.resource_key,
        arg_max(people.person, (coalesce(record.collected_at, TIMESTAMP '1970-01-01'), people.person)) AS person
    FROM resource_people AS people
    LEFT JOIN metadata_records AS record ON record.file = regexp_extract(people.source, '^(.*):[0-9]+$', 1)
        AND record.line = TRY_CAST(regexp_extract(people.source, ':([0-9]+)$', 1) AS BIGINT)
    WHERE people.resource_key IN (SELECT resource_key FROM found)
    GROUP BY people.resource_key
),

-- Each text that may say that it waits on purpose, as words between hyphens; a tag that says no says nothing.
called AS (
    SELECT resource_key, name,
        concat_ws(
            '-', '', normal_form(name), normal_form(regexp_extract(resource_key, '[^:/]*$')),
            normal_form(
                array_to_string(
                    list_transform(
                        list_filter(
                            map_entries(tags),
                            lambda tag: lower(tag.value) NOT IN ('false', 'no', 'none', 'off', '0', '')
                        ), lambda tag: tag.key || '-' || tag.value
                    ), '-'
                )
            ), ''
        ) AS words
    FROM idle_standing
    WHERE resource_key IN (SELECT resource_key FROM found)
),

purpose AS (
    SELECT resource_key, name, list_filter($standby_words, lambda word: contains(words, '-' || word || '-'))[1] AS word
    FROM called
)

SELECT found.resource_key, found.part, found.kind, found.degree, found.account_id, found.region,
    -- An app is called default; its space tells it from others.
    CASE
        WHEN starts_with(found.kind, 'app') THEN regexp_extract(found.resource_key, ':app/[^/]+/(.*)$', 1)
        ELSE purpose.name END AS name,
    coalesce(owner.model, cost.model) AS model, coalesce(owner.team, cost.team) AS team,
    coalesce(owner.environment, cost.environment) AS environment, person.person AS last_person,
    found.since, found.last_used_at,
    found.evidence, found.source, found.confidence,
    told.because IS NOT NULL AS by_design, told.because AS by_design_because,
    coalesce(found.still_exists, true) AS still_exists,
    CASE WHEN cost.is_billed THEN priced.so_far END AS cost_so_far, priced.a_month AS cost_per_month,
    CASE
        WHEN told.because IS NOT NULL OR coalesce(found.saves_unknown, false) THEN NULL
        WHEN degree = 'unused' THEN priced.a_month
        WHEN degree = 'schedule' THEN scaled(priced.a_month, 168 - 5 * ($work_to - $work_from), 168)
    END AS saved_per_month,
    CASE
        WHEN NOT coalesce(found.still_exists, true) THEN 'It is gone; what it cost is known.'
        WHEN cost.is_billed IS NULL THEN 'The bill names no such resource, or charges nothing for this of it.'
        WHEN coalesce(found.in_parts, false) AND found.weight IS NULL
            THEN 'The bill names what it is a part of, and its part is not known.'
        WHEN cost.lately IS NULL THEN 'It is not billed on the last 7 full days of the bill.'
        ELSE format('Estimate: usage of {} to {} × 30.4375 days', first_rated, last_full_day)
            || CASE WHEN found.weight IS NULL THEN '.' ELSE format(', {} of {} of it.', found.weight, found.weights) END
    END AS cost_basis,
    cost.billing_currency, found.how_to_stop, found.schedule
FROM found
LEFT JOIN cost ON cost.resource_key = found.resource_key AND cost.kind = found.kind
    AND cost.part IS NOT DISTINCT FROM found.part
LEFT JOIN owner ON owner.resource_key = found.resource_key
LEFT JOIN person ON person.resource_key = found.resource_key
LEFT JOIN purpose ON purpose.resource_key = found.resource_key
CROSS JOIN LATERAL (
    SELECT
        CASE
            WHEN coalesce(found.in_parts, false) AND found.weight IS NULL THEN NULL
            ELSE scaled(cost.so_far, CAST(found.weight AS DECIMAL(18,0)), CAST(found.weights AS DECIMAL(18,0)))
        END AS so_far,
        CASE
            WHEN coalesce(found.in_parts, false) AND found.weight IS NULL OR NOT coalesce(found.still_exists, true)
                THEN NULL
            ELSE scaled(
                scaled(cost.lately, 30.4375, last_full_day - first_rated + 1),
                CAST(found.weight AS DECIMAL(18,0)), CAST(found.weights AS DECIMAL(18,0))
            )
        END AS a_month
) AS priced
CROSS JOIN LATERAL (
    SELECT coalesce(found.by_design_because, format('Its name or a tag says {}.', purpose.word)) AS because
) AS told
