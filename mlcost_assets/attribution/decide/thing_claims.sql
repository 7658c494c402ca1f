-- Everything that is said of what the bill names, and on which rung of the ladder (ladder.yaml) it stands.
--
-- Reads the temporary tables period_things and thing_parts. `consumer_key` is NULL where a claim speaks of the charge,
-- whoever it is spent for, and '' where it speaks of the time at which it is spent for nobody.
WITH claim AS (
    SELECT billed_thing, NULL AS consumer_key, rule.dimension, rule.value, rule.valid_from, rule.valid_to,
        'rule' AS rung, 'rule' AS method, 'rule' AS code, 'rule' AS place, rule.rule AS said,
        [graded('rule')] AS factors, ['rule ' || rule.rule] AS sources, [] AS lost
    FROM rule_claims AS rule WHERE rule.billing_period = $billing_period
    UNION ALL
    SELECT part.billed_thing, part.consumer_key, owners.dimension, owners.value, owners.valid_from, owners.valid_to,
        CASE
            WHEN owners.dimension = 'environment' THEN 'consumer environment'
            WHEN owners.code = 'request_metadata' AND owners.dimension IN ('team', 'project', 'business_function')
                THEN 'request'
            WHEN owners.source = 'copied_tag' THEN 'copied tag'
            WHEN owners.value IS NULL THEN 'consumer undecided'
            ELSE 'consumer' END,
        owners.method, owners.code, owners.place, owners.said, owners.factors, owners.path, owners.lost
    FROM (
        SELECT billed_thing, consumer_key, bool_or(several AND share_method = 'lineage') AS is_uncounted
        FROM thing_parts
        GROUP BY ALL
    ) AS part
    JOIN owners ON owners.resource_key = part.consumer_key
    -- Which of several agents uses how much of what they share nobody measures.
    WHERE NOT (part.is_uncounted AND owners.dimension = 'agent')
    UNION ALL
    -- A model that is served beside others in a pod (lineage/stated/served_models.sql).
    SELECT DISTINCT part.billed_thing, part.consumer_key, owners.dimension, owners.value, owners.valid_from,
        owners.valid_to, 'server', owners.method, owners.code, owners.place, owners.said, owners.factors, owners.path,
        owners.lost
    FROM thing_parts AS part
    JOIN owners ON owners.resource_key = regexp_extract(part.consumer_key, '^(.*/Pod/[^/]+)/', 1)
    WHERE owners.dimension IN ('project', 'team', 'business_function', 'environment')
    UNION ALL
    -- What several models use alike is divided among the models themselves.
    SELECT DISTINCT billed_thing, consumer_key, 'model', consumer_key[7:], always_from(), always_to(), 'consumer',
        'lineage', 'one_of_models', NULL, NULL, [graded('one_of_models')], share_sources, []
    FROM thing_parts WHERE starts_with(consumer_key, 'model:')
    UNION ALL
    SELECT DISTINCT part.billed_thing, part.consumer_key, owners.dimension, owners.value, owners.valid_from,
        owners.valid_to,
        CASE
            WHEN owners.dimension = 'environment' AND owners.method = 'name'
                AND starts_with(owners.resource_key, 'arn:aws:s3:::')
                THEN 'bucket name'
            WHEN owners.code = 'request_metadata' AND owners.dimension IN ('team', 'project', 'business_function')
                THEN 'request'
            WHEN owners.source = 'copied_tag' THEN 'copied tag'
            ELSE 'resource' END,
        owners.method, owners.code, owners.place, owners.said, owners.factors, owners.path, owners.lost
    FROM (
        SELECT billed_thing, resource_key, consumer_key, several, share_method FROM thing_parts
        UNION ALL
        -- Between the jobs that use it, a thing is its owner's.
        SELECT billed_thing, part.resource_key, '', false, NULL
        FROM thing_parts AS part
        JOIN period_things USING (billed_thing)
        WHERE consumer_key IS NOT NULL
        GROUP BY billed_thing, part.resource_key
        HAVING NOT bool_or(valid_from <= starts AND valid_to >= ends)
    ) AS part
    JOIN owners ON owners.resource_key = part.resource_key
    -- A thing with several consumers has no model of its own; a node or a cluster on which pods or tasks run says who
    -- runs it, not whose work is on it.
    WHERE (
        NOT part.several OR part.share_method = 'lineage'
            OR owners.dimension NOT IN ('model', 'pipeline', 'experiment', 'agent')
    )
        AND (
            owners.dimension = 'environment'
                OR NOT coalesce(regexp_matches(part.consumer_key, '/Pod/|:ecs:.*:task/|:batch:.*:job/'), false)
        )
    UNION ALL
    SELECT DISTINCT part.billed_thing, part.consumer_key, fact.dimension, fact.value, always_from(), always_to(),
        'person', fact.method, fact.code, NULL, fact.said, fact.factors, [resource_people.source], []
    FROM (
        SELECT billed_thing, consumer_key, coalesce(consumer_key, resource_key) AS resource_key FROM thing_parts
        UNION
        -- Who made an endpoint works with the one model that it serves.
        SELECT billed_thing, consumer_key, resource_key
        FROM thing_parts
        WHERE share_method = 'telemetry' AND NOT several
            AND consumer_key NOT IN (SELECT resource_people.resource_key FROM resource_people)
    ) AS part
    JOIN resource_people USING (resource_key)
    JOIN workload_defaults AS fact ON fact.of = 'person' AND fact.name = resource_people.person
    UNION ALL
    SELECT thing.billed_thing, NULL, account.dimension, account.value, account.valid_from, account.valid_to,
        'account', account.method, account.code, account.place, account.said, account.factors, account.path,
        account.lost
    FROM period_things AS thing
    JOIN owners AS account ON account.resource_key = 'account:' || thing.account_id
    UNION ALL
    SELECT thing.billed_thing, NULL, 'environment', 'dev', always_from(), always_to(),
        'interactive', 'name', 'interactive', NULL, NULL, [graded('interactive')], [], []
    FROM period_things AS thing
    LEFT JOIN work_stages ON work_stages.resource_key = thing.resource_key
    WHERE usage_class IN ('notebook', 'studio', 'mlflow') OR work_stages.stage = 'experimentation'
)

SELECT claim.*, rungs.rank, sureness(claim.factors) AS confidence
FROM claim
JOIN rungs ON rungs.ladder = 'rungs' AND rungs.rung = claim.rung
