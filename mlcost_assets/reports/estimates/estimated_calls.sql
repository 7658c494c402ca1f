-- Records of gateways and traces → calls, each once, in one form.
--
-- litellm:SpendLog is a row of LiteLLM_SpendLogs (litellm/proxy/schema.prisma): `prompt_tokens` include those of the
-- cache (docs.litellm.ai/docs/completion/prompt_caching), metadata.usage_object tells them; `cache_hit` is an answer of
-- LiteLLM's own cache, for which nothing was called.
-- openrouter:Activity is an item of GET /activity (openrouter.ai/docs, ActivityItem): a day of one model and endpoint.
-- mlflow:Trace is Trace.to_dict() or its `info` (mlflow.org/docs, Token Usage and Cost Tracking): tokens and cost
-- stand in trace_metadata as JSON texts, the model in the spans only.
-- otel:Span is a span of OTLP/JSON with its `resource`; attributes as in the GenAI semantic conventions
-- (opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans, open-telemetry/semantic-conventions-genai): input_tokens
-- include those of the cache. No convention tells a cost; `gen_ai.usage.cost` is what some instrumentations add.
WITH record AS (
    SELECT kind, id, collected_at, content, body
    FROM metadata_records
    WHERE kind IN ('litellm:SpendLog', 'openrouter:Activity', 'mlflow:Trace', 'otel:Span')
),

litellm AS (
    SELECT 'litellm' AS source, id, collected_at, content, time_from_answer(body ->> '$.startTime') AS called_at,
        body ->> '$.model' AS called,
        coalesce(
            nullif(body ->> '$.custom_llm_provider', ''),
            CASE WHEN contains(body ->> '$.api_base', 'bedrock') THEN 'bedrock' END
        ) AS provider,
        coalesce(nullif(body ->> '$.user', ''), nullif(body ->> '$.metadata.user_api_key_alias', '')) AS principal,
        [body ->> '$.metadata.user_api_key_alias', body ->> '$.metadata.user_api_key_team_alias', body ->> '$.team_id']
            AS named,
        CAST(1 AS BIGINT) AS calls,
        coalesce('failure' IN (body ->> '$.status', body ->> '$.metadata.status'), false) AS is_failed,
        coalesce(lower(body ->> '$.cache_hit') = 'true', false) AS is_answered_by_gateway,
        told_count(body ->> '$.metadata.attempted_retries') AS retries,
        told_tokens(body ->> '$.prompt_tokens') AS input, told_tokens(body ->> '$.completion_tokens') AS output,
        told_tokens(coalesce(
            body ->> '$.metadata.usage_object.cache_read_input_tokens',
            body ->> '$.metadata.usage_object.prompt_tokens_details.cached_tokens',
            body ->> '$.metadata.additional_usage_values.cache_read_input_tokens'
        )) AS cache_read,
        told_tokens(coalesce(
            body ->> '$.metadata.usage_object.cache_creation_input_tokens',
            body ->> '$.metadata.additional_usage_values.cache_creation_input_tokens'
        )) AS cache_write,
        told_money(body ->> '$.spend') AS cost
    FROM record
    WHERE kind = 'litellm:SpendLog'
),

openrouter AS (
    SELECT 'openrouter' AS source, id, collected_at, content,
        time_from_answer(left(body ->> '$.date', 10) || 'T00:00:00Z') AS called_at,
        coalesce(body ->> '$.model_permaslug', body ->> '$.model') AS called,
        -- Only calls with a key of one's own are on the bill of who answers; the rest is paid to OpenRouter.
        CASE WHEN is_own THEN body ->> '$.provider_name' ELSE 'OpenRouter' END AS provider,
        CAST(NULL AS VARCHAR) AS principal, CAST([] AS VARCHAR[]) AS named,
        told_count(body ->> '$.requests') AS calls, false AS is_failed, false AS is_answered_by_gateway,
        CAST(NULL AS BIGINT) AS retries, told_tokens(body ->> '$.prompt_tokens') AS input,
        told_tokens(body ->> '$.completion_tokens') AS output, CAST(NULL AS DECIMAL(28,10)) AS cache_read,
        CAST(NULL AS DECIMAL(28,10)) AS cache_write,
        told_money(CASE WHEN is_own THEN body ->> '$.byok_usage_inference' ELSE body ->> '$.usage' END) AS cost
    FROM (
        SELECT *, coalesce(told_number(body ->> '$.byok_usage_inference') > 0, false) AS is_own
        FROM record
        WHERE kind = 'openrouter:Activity'
    )
),

mlflow AS (
    SELECT 'mlflow' AS source, id, collected_at, content, time_from_answer(info ->> '$.request_time') AS called_at,
        -- A trace of several models tells the tokens of all of them together.
        CASE WHEN len(models) = 1 THEN trim(models[1], '"') END AS called,
        CASE WHEN len(providers) = 1 THEN trim(providers[1], '"') END AS provider,
        meta ->> '$."mlflow.trace.user"' AS principal,
        [info ->> '$.tags."mlflow.traceName"', info ->> '$.tags.model', info ->> '$.tags.team'] AS named,
        CAST(1 AS BIGINT) AS calls, coalesce((info ->> '$.state') = 'ERROR', false) AS is_failed,
        false AS is_answered_by_gateway, CAST(NULL AS BIGINT) AS retries,
        told_tokens(used ->> '$.input_tokens') AS input, told_tokens(used ->> '$.output_tokens') AS output,
        told_tokens(used ->> '$.cache_read_input_tokens') AS cache_read,
        told_tokens(used ->> '$.cache_creation_input_tokens') AS cache_write,
        told_money(TRY_CAST(meta ->> '$."mlflow.trace.cost"' AS JSON) ->> '$.total_cost') AS cost
    FROM (
        SELECT *, info -> '$.trace_metadata' AS meta,
            TRY_CAST(info ->> '$.trace_metadata."mlflow.trace.tokenUsage"' AS JSON) AS used
        FROM (
            SELECT id, collected_at, content, coalesce(body -> '$.info', body) AS info,
                list_distinct(json_extract_string(body, '$.data.spans[*].attributes."mlflow.llm.model"')) AS models,
                list_distinct(json_extract_string(body, '$.data.spans[*].attributes."mlflow.llm.provider"'))
                    AS providers
            FROM record
            WHERE kind = 'mlflow:Trace'
        )
    )
    WHERE used IS NOT NULL
),

otel AS (
    SELECT 'otel' AS source, id, collected_at, content,
        time_from_answer(body ->> '$.startTimeUnixNano') AS called_at,
        coalesce(span_attribute(told, 'gen_ai.response.model'), span_attribute(told, 'gen_ai.request.model')) AS called,
        coalesce(span_attribute(told, 'gen_ai.provider.name'), span_attribute(told, 'gen_ai.system')) AS provider,
        span_attribute(of, 'service.name') AS principal,
        [span_attribute(of, 'service.name'), span_attribute(of, 'service.namespace')] AS named,
        CAST(1 AS BIGINT) AS calls,
        coalesce(
            span_attribute(told, 'error.type') IS NOT NULL
                OR (body ->> '$.status.code') IN ('2', 'ERROR', 'STATUS_CODE_ERROR'), false
        ) AS is_failed,
        false AS is_answered_by_gateway,
        told_count(span_attribute(told, 'http.request.resend_count')) AS retries,
        told_tokens(span_attribute(told, 'gen_ai.usage.input_tokens')) AS input,
        told_tokens(span_attribute(told, 'gen_ai.usage.output_tokens')) AS output,
        told_tokens(span_attribute(told, 'gen_ai.usage.cache_read.input_tokens')) AS cache_read,
        told_tokens(span_attribute(told, 'gen_ai.usage.cache_creation.input_tokens')) AS cache_write,
        told_money(span_attribute(told, 'gen_ai.usage.cost')) AS cost
    FROM (
        SELECT id, collected_at, content, body, body -> '$.attributes' AS told,
            body -> '$.resource.attributes' AS of
        FROM record
        WHERE kind = 'otel:Span'
    )
    -- What an agent or a tool does is told once more by the calls below it.
    WHERE coalesce(span_attribute(told, 'gen_ai.provider.name'), span_attribute(told, 'gen_ai.system')) IS NOT NULL
        AND coalesce(span_attribute(told, 'gen_ai.operation.name'), 'chat')
            NOT IN ('invoke_agent', 'create_agent', 'execute_tool', 'invoke_workflow', 'retrieval')
)

-- A record that landed twice is one call: its newest word.
SELECT * EXCLUDE (id, collected_at, content)
FROM (
    FROM litellm
    UNION ALL
    FROM openrouter
    UNION ALL
    FROM mlflow
    UNION ALL
    FROM otel
)
QUALIFY row_number() OVER (PARTITION BY source, id ORDER BY collected_at DESC, content DESC) = 1
