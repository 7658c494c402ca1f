-- Agents and flows: what they look things up in, what they call models by, and what stands in front of them.
--
-- Of an agent the versions that its aliases serve, and the draft, count alike. What an agent uses is there for it; what
-- several use is there for all of them (claims/flows.yaml).
WITH history AS (
    SELECT * REPLACE (resource_key AS id) FROM resource_history WHERE starts_with(kind, 'bedrock-agent')
),

base AS (
    SELECT *, json_extract(body, '$.knowledgeBase.storageConfiguration') AS store
    FROM history WHERE kind = 'bedrock-agent:GetKnowledgeBase'
),

node AS (
    SELECT * EXCLUDE (body), unnest(json_extract(body, '$.definition.nodes[*].configuration')) AS node
    FROM history WHERE kind = 'bedrock-agent:GetFlow'
),

-- By which names others call an agent in their settings.
called AS (
    SELECT DISTINCT id AS target, account_id, region, unnest([
        id, body ->> '$.agent.agentId', body ->> '$.id', body ->> '$.agentRuntimeId'
    ]) AS name
    FROM history
    WHERE kind IN ('bedrock-agent:GetAgent', 'bedrock-agent:GetFlow', 'bedrock-agentcore-control:GetAgentRuntime')
),

-- What each uses: a knowledge base by its id, everything else by its ARN.
used AS (
    SELECT id, region, account_id, valid_from, valid_to, source,
        service_arn('bedrock', region, account_id, 'knowledge-base/' || knowledge_base) AS target
    FROM (
        SELECT *,
            unnest(
                list_concat(
                    body ->> '$.knowledgeBases[*].knowledgeBaseId', body ->> '$.agent.knowledgeBases[*].knowledgeBaseId'
                )
            ) AS knowledge_base
        FROM history
    )
    UNION ALL
    SELECT id, region, account_id, valid_from, valid_to, source,
        unnest(
            list_concat(
                body ->> '$.actionGroups[*].actionGroupExecutor.lambda',
                body ->> '$.Targets[*].targetConfiguration.mcp.lambda.lambdaArn',
                body ->> '$.interceptorConfigurations[*].interceptor.lambda.arn'
            )
        )
    FROM history
    UNION ALL
    -- A guardrail, by its id or its ARN.
    SELECT id, region, account_id, valid_from, valid_to, source,
        CASE WHEN starts_with(guardrail, 'arn:') THEN guardrail
             ELSE service_arn('bedrock', region, account_id, 'guardrail/' || guardrail) END
    FROM (
        SELECT *, body ->> '$.agent.guardrailConfiguration.guardrailIdentifier' AS guardrail FROM history
        UNION ALL
        SELECT * EXCLUDE (node), NULL AS body, node ->> '$.prompt.guardrailConfiguration.guardrailIdentifier'
        FROM node
    )
    UNION ALL
    SELECT id, region, account_id, valid_from, valid_to, source, unnest([
        service_arn('bedrock', region, account_id, 'knowledge-base/' || (node ->> '$.knowledgeBase.knowledgeBaseId')),
        node ->> '$.lambdaFunction.lambdaArn'
    ])
    FROM node
    UNION ALL
    SELECT id, region, account_id, valid_from, valid_to, source, unnest([
        store ->> '$.opensearchServerlessConfiguration.collectionArn',
        store ->> '$.opensearchManagedClusterConfiguration.domainArn',
        store ->> '$.rdsConfiguration.resourceArn',
        store ->> '$.neptuneAnalyticsConfiguration.graphArn',
        store ->> '$.s3VectorsConfiguration.indexArn',
        -- The bill may name an index of vectors or the bucket that it is in.
        coalesce(
            store ->> '$.s3VectorsConfiguration.vectorBucketArn',
            nullif(regexp_extract(store ->> '$.s3VectorsConfiguration.indexArn', '^(.+)/index/', 1), '')
        ),
        body ->> '$.knowledgeBase.knowledgeBaseConfiguration.kendraKnowledgeBaseConfiguration.kendraIndexArn'
    ])
    FROM base
),

-- By what each calls models, where that is the organisation's own.
model AS (
    SELECT id, region, account_id, valid_from, valid_to, source, unnest(
        list_concat(
            [
                body ->> '$.agent.foundationModel',
                body ->> '$.knowledgeBase.knowledgeBaseConfiguration.vectorKnowledgeBaseConfiguration.embeddingModelArn'
            ],
            body ->> '$.aliases[*].routingConfiguration[*].provisionedThroughput',
            body ->> '$.environmentVariables.*'
        )
    ) AS target
    FROM history
    UNION ALL
    SELECT id, region, account_id, valid_from, valid_to, source,
        unnest([node ->> '$.prompt.sourceConfiguration.inline.modelId', node ->> '$.knowledgeBase.modelId'])
    FROM node
)

SELECT *, 'uses' AS relation, NULL AS detail FROM used
UNION ALL
SELECT *, 'draws_on', NULL
FROM model
WHERE regexp_matches(target, '^arn:[^:]*:bedrock:[^:]+:[0-9]{12}:(application-inference-profile|provisioned-model)/')
UNION ALL
SELECT setting.id, setting.region, setting.account_id, valid_from, valid_to, source, target, 'calls', NULL
FROM record_values AS setting
JOIN called ON called.account_id = setting.account_id AND called.region = setting.region
    AND called.name = resource_key(setting.text, NULL, NULL, setting.region, setting.account_id)
WHERE setting.meaning = 'calls'
UNION ALL
SELECT service_arn('bedrock', region, account_id, 'agent-alias/' || (body ->> '$.agent.agentId') || '/' || alias),
    region, account_id, valid_from, valid_to, source, id, 'part_of', NULL
FROM (
    SELECT *, unnest(body ->> '$.aliases[*].agentAliasId') AS alias FROM history
)
