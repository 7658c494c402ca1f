-- What an agent or a flow is called is its model, too: nothing else tells apart what people build on foundation models.
-- A known model's name in it says so better (names.sql), and so does everything that names a model of the agent.
WITH hit AS (
    SELECT DISTINCT normal
    FROM dictionary_hits
    JOIN name_dictionary ON name_dictionary.compact = dictionary_hits.run
    WHERE name_dictionary.dimension = 'model'
)

SELECT DISTINCT history.resource_key, 'model' AS dimension, tag_values.canonical_value AS value,
    always_from() AS valid_from, always_to() AS valid_to, 'name' AS source, 'name' AS method, 'itself' AS code,
    'itself' AS place, history.name AS said, [graded('itself'), graded('agent for model')] AS factors,
    [history.source] AS path
FROM resource_history AS history
JOIN tag_values ON tag_values.tag_value = history.name AND tag_values.tag_key = 'bedrock:AgentName'
WHERE history.kind IN (
    'bedrock-agent:GetAgent', 'bedrock-agent:GetFlow', 'bedrock-agentcore-control:GetAgentRuntime'
)
    AND normal_form(history.name) NOT IN (SELECT normal FROM hit)
    -- agent-1 and test-flow name nothing.
    AND len(
        list_filter(
            string_split(tag_values.canonical_value, '-'),
            lambda word: NOT is_ordinary(word)
                AND NOT regexp_full_match(word, 'agents?|assistants?|bots?|flows?|my|new|test|demo|hosted|quick|start')
        )
    ) > 0
    -- What people call its service, in words of which its name has none, may be the model as well: neither is told.
    AND NOT EXISTS (
        SELECT 1
        FROM tag_spans AS stated
        WHERE stated.resource_key = history.resource_key AND stated.dimension = 'project'
            AND NOT list_has_any(string_split(stated.value, '-'), string_split(tag_values.canonical_value, '-'))
    )
