-- A foundation model that a gateway calls for others, in its own name: by what the gateway counted each caller's calls
-- to cost (LiteLLM's spend logs), day by day. It holds where the gateway counted nearly all that AWS bills one caller
-- for the model. Where it counted less, on most of the days, of what a caller is billed that is called a gateway, it
-- is a sample. What its own cache answered, or nobody, cost nothing.
WITH call AS (
    SELECT account_id, foundation_model_key(body ->> '$.model') AS called,
        date_trunc('day', time_from_answer(body ->> '$.startTime')) AS day,
        gateway_caller(account_id, body) AS consumer_key, money_from_text(body ->> '$.spend') AS spend,
        file || ':' || line AS record
    FROM metadata_records
    WHERE kind = 'litellm:SpendLog'
        AND is_on_aws(coalesce(nullif(body ->> '$.custom_llm_provider', ''), body ->> '$.model'))
        AND coalesce(lower(body ->> '$.cache_hit'), '') <> 'true'
),

daily AS (
    SELECT account_id, called, day, consumer_key, sum(spend) AS spend, min(record) AS record
    FROM call
    WHERE spend > 0 AND consumer_key IS NOT NULL
    GROUP BY ALL
),

billed AS (
    SELECT resource_key, account_id, foundation_model_key(resource_id) AS called, min(first_date) AS first_date,
        max(last_date) AS last_date, sum(effective_cost) AS cost,
        bool_or(
            regexp_matches(
                normal_form(regexp_extract(iam_principal, ':assumed-role/([^/]+)', 1)),
                '(^|-)(litellm|(llm|ai|genai|bedrock|model)-?(gateway|gw|proxy|router))(-|$)'
            )
        ) AS is_gateway
    FROM billed_things
    WHERE usage_class = 'bedrock' AND regexp_matches(resource_id, ':(inference-profile|foundation-model)/')
    GROUP BY ALL
),

through AS (
    SELECT billed.resource_key, billed.account_id, billed.called,
        sum(daily.spend) >= grade('counted by its gateway') * any_value(billed.cost) AS is_counted
    FROM billed
    JOIN daily ON daily.account_id = billed.account_id AND daily.called = billed.called
        AND daily.day BETWEEN billed.first_date AND billed.last_date
    GROUP BY billed.resource_key, billed.account_id, billed.called
    HAVING sum(daily.spend) BETWEEN grade('counted by its gateway') * any_value(billed.cost)
        AND any_value(billed.cost) / grade('counted by its gateway')
        OR any_value(billed.is_gateway) AND sum(daily.spend) < any_value(billed.cost)
        AND count(DISTINCT daily.day) >= grade('days of a sample') * (
            1 + date_diff('day', any_value(billed.first_date), any_value(billed.last_date))
        )
    QUALIFY count(*) OVER (PARTITION BY billed.account_id, billed.called) = 1
),

counted AS (
    SELECT through.resource_key, through.is_counted, daily.consumer_key, daily.day, daily.spend, daily.record
    FROM through
    JOIN daily USING (account_id, called)
),

-- A day without counts is divided as the nearest one before.
span AS (
    SELECT resource_key, day,
        CASE WHEN day = min(day) OVER (PARTITION BY resource_key) THEN always_from() ELSE day END AS valid_from,
        coalesce(lead(day) OVER (PARTITION BY resource_key ORDER BY day), always_to()) AS valid_to
    FROM (
        SELECT DISTINCT resource_key, day FROM counted
    )
)

SELECT resource_key, NULL AS instance_type, consumer_key, spend AS weight, valid_from, valid_to,
    CASE WHEN is_counted THEN 'gateway' ELSE 'gateway sample' END AS kind, [record] AS sources
FROM counted
JOIN span USING (resource_key, day)
