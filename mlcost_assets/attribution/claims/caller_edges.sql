-- What is known by who calls it: edges beside those that records state.
WITH role AS (
    SELECT from_id, to_id AS role, regexp_extract(to_id, ':iam::([0-9]+):role/', 1) AS account_id,
        regexp_extract(to_id, '[^/]+$') AS name
    FROM lineage_edges
    WHERE relation = 'runs_as'
    UNION
    SELECT NULL, resource_key, account_id, name FROM resource_history WHERE kind = 'iam:GetRole'
),

-- What is there for one agent alone, in front of it or as its tool or its knowledge base, works as that agent.
of_agent AS (
    SELECT thing, min(agent) AS agent
    FROM (
        SELECT from_id AS thing, to_id AS agent FROM lineage_edges
        WHERE relation = 'calls' AND regexp_matches(to_id, ':bedrock:[^:]*:[^:]*:(agent|flow)/|:bedrock-agentcore:')
        UNION
        SELECT to_id, from_id FROM lineage_edges WHERE relation = 'uses'
    )
    GROUP BY thing
    HAVING count(DISTINCT agent) = 1 AND regexp_matches(
        min(agent), ':bedrock:[^:]*:[^:]*:(agent|flow)/|:bedrock-agentcore:[^:]*:[^:]*:runtime/'
    )
),

runner AS (
    SELECT role.role, role.account_id, role.name, role.from_id, coalesce(of_agent.agent, role.from_id) AS works_as
    FROM role
    LEFT JOIN of_agent ON of_agent.thing = role.from_id
),

-- What names no resource but its caller, who is a role: that of one function alone is that function.
call AS (
    SELECT billed_things.resource_key, runner.role, any_value(runner.works_as) AS works_as,
        count(DISTINCT runner.from_id) AS users, min('caller ' || billed_things.iam_principal) AS source
    FROM billed_things
    JOIN runner ON runner.account_id = regexp_extract(billed_things.iam_principal, ':sts::([0-9]+):assumed-role/', 1)
        AND runner.name = regexp_extract(billed_things.iam_principal, ':assumed-role/([^/]+)', 1)
    WHERE starts_with(billed_things.resource_key, 'charges:')
    GROUP BY billed_things.resource_key, runner.role
),

-- Pages, sounds and words are billed without a caller; CloudTrail tells those of the operation, and where it has none
-- of that, those of the service.
event AS (
    SELECT account_id, region, body ->> '$.EventName' AS operation,
        split_part(told ->> '$.eventSource', '.', 1) AS service,
        coalesce(
            told ->> '$.userIdentity.sessionContext.sessionIssuer.arn',
            regexp_replace(told ->> '$.userIdentity.arn', ':sts::([0-9]+):assumed-role/([^/]+).*$', ':iam::\1:role/\2'),
            told ->> '$.userIdentity.invokedBy', ''
        ) AS caller, file || ':' || line AS source
    FROM (
        SELECT *, json_extract(body, '$.CloudTrailEvent') AS told
        FROM metadata_records
        WHERE kind = 'cloudtrail:LookupEvents'
    )
    WHERE told ->> '$.errorCode' IS NULL
),

asking AS (
    SELECT resource_key, event.caller, min(event.source) AS source
    FROM (
        SELECT DISTINCT resource_key, account_id, region_id, operation,
            lower(regexp_replace(service_code, '^(Amazon|AWS)', '')) AS service
        FROM billed_things
        WHERE usage_class = 'ml_api' AND starts_with(resource_key, 'charges:') AND iam_principal IS NULL
    ) AS thing
    JOIN event ON event.account_id = thing.account_id AND event.region = thing.region_id
        AND event.service = thing.service
    WHERE event.operation = thing.operation OR NOT EXISTS (
        FROM event AS same
        WHERE same.account_id = thing.account_id AND same.region = thing.region_id AND same.service = thing.service
            AND same.operation = thing.operation
    )
    GROUP BY ALL
),

asked AS (
    SELECT asking.resource_key, coalesce(runner.role, asking.caller) AS role, any_value(runner.works_as) AS works_as,
        count(DISTINCT runner.from_id) AS users, min(asking.source) AS source,
        count(DISTINCT asking.caller) OVER (PARTITION BY asking.resource_key) AS callers
    FROM asking
    LEFT JOIN runner ON runner.account_id = regexp_extract(asking.caller, ':iam::([0-9]+):role/', 1)
        AND runner.name = regexp_extract(asking.caller, '[^/]+$')
    GROUP BY asking.resource_key, asking.caller, runner.role
)

SELECT resource_key AS from_id, role AS to_id, 'runs_as' AS relation, source FROM call
UNION ALL
SELECT resource_key, role, 'asked_by', source FROM asked
UNION ALL
SELECT resource_key, works_as, 'called_by', source FROM asked WHERE callers = 1 AND users = 1
UNION ALL
SELECT resource_key, works_as, 'called_by', source FROM call WHERE users = 1
UNION ALL
-- An endpoint that only a tool gave a name, or a model that was imported into Bedrock, is what the one thing that calls
-- it is.
SELECT to_id, min(from_id), 'called_by', min(source)
FROM lineage_edges
WHERE relation = 'calls' AND regexp_matches(
    to_id, ':endpoint/(endpoint(-[0-9]+)?$|.*-20[0-9]{2}-?[0-9]{2}-?[0-9]{2}-[0-9-]+$)|:bedrock:.*:imported-model/'
)
GROUP BY to_id
HAVING count(DISTINCT from_id) = 1
