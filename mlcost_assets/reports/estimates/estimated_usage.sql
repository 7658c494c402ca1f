-- Calls as gateways and traces count them, a day at a time, with the names that this organisation knows.
WITH call AS (
    SELECT *, CAST(called_at AS DATE) AS charge_date, NOT is_failed AND NOT is_answered_by_gateway AS counts,
        uncached_input(input, cache_read, cache_write) AS uncached
    FROM estimated_calls
    WHERE called_at IS NOT NULL
),

-- Grouped before names are looked up: there are few names and many calls.
daily AS (
    SELECT charge_date, source, called, provider, principal, named, sum(calls) AS calls,
        coalesce(sum(calls) FILTER (is_failed), 0) AS failed_calls, sum(retries) AS retries,
        coalesce(sum(calls) FILTER (is_answered_by_gateway), 0) AS gateway_answers,
        sum(uncached) FILTER (counts) AS input_tokens, sum(output) FILTER (counts) AS output_tokens,
        sum(cache_read) FILTER (counts) AS cache_read_tokens, sum(cache_write) FILTER (counts) AS cache_write_tokens,
        sum(uncached) FILTER (is_failed) AS failed_input_tokens, sum(output) FILTER (is_failed) AS failed_output_tokens,
        sum(cache_read) FILTER (is_failed) AS failed_cache_read_tokens,
        sum(cache_write) FILTER (is_failed) AS failed_cache_write_tokens,
        sum(cost) FILTER (NOT is_failed) AS cost, sum(cost) FILTER (is_failed) AS failed_cost,
        -- Of a day of which some calls have no cost, the cost is not known. A failed call needs none.
        coalesce(bool_and(cost IS NOT NULL) FILTER (counts), count(cost) > 0) AS is_priced
    FROM call
    GROUP BY ALL
),

-- The first of its names that is one of a model, and the first that is one of a team.
known AS (
    SELECT named, min_by(name, (place, name)) FILTER (dimension = 'model') AS model,
        min_by(name, (place, name)) FILTER (dimension = 'team') AS team
    FROM (
        SELECT named, unnest(named) AS said, generate_subscripts(named, 1) AS place
        FROM (
            SELECT DISTINCT named FROM daily
        )
    )
    JOIN name_dictionary ON compact = replace(normal_form(said), '-', '') AND dimension IN ('model', 'team')
    GROUP BY named
),

-- What a gateway calls by an application's inference profile is the model behind it.
behind AS (
    SELECT resource_key, min(regexp_extract(json_extract_string(body, '$.models[0].modelArn'), '[^/]+$')) AS name
    FROM resource_history
    WHERE kind = 'bedrock:GetInferenceProfile'
    GROUP BY resource_key
),

owner AS (
    SELECT resource_key, min(value) AS model
    FROM owners
    WHERE dimension = 'model' AND contains(resource_key, 'application-inference-profile/')
    GROUP BY resource_key
    HAVING min(value) = max(value)
)

SELECT charge_date, source, foundation_model_key(coalesce(behind.name, called)) AS foundation_model_key,
    min(coalesce(behind.name, called)) AS foundation_model, coalesce(known.model, owner.model) AS model,
    known.team, principal, provider, CAST(sum(calls) AS BIGINT) AS calls,
    CAST(sum(failed_calls) AS BIGINT) AS failed_calls, CAST(sum(retries) AS BIGINT) AS retries,
    CAST(sum(gateway_answers) AS BIGINT) AS gateway_answers,
    CAST(sum(COLUMNS('_tokens$')) AS DECIMAL(28,10)),
    CASE WHEN bool_and(is_priced) THEN CAST(coalesce(sum(cost), 0) AS DECIMAL(28,10)) END AS cost,
    CASE WHEN bool_and(is_priced) THEN CAST(coalesce(sum(failed_cost), 0) AS DECIMAL(28,10)) END AS failed_cost
FROM daily
LEFT JOIN known USING (named)
LEFT JOIN behind ON behind.resource_key = regexp_extract(called, 'arn:[^ ]*:application-inference-profile/[^/]+$')
LEFT JOIN owner ON owner.resource_key = behind.resource_key
GROUP BY charge_date, source, foundation_model_key(coalesce(behind.name, called)), coalesce(known.model, owner.model),
    known.team, principal, provider
