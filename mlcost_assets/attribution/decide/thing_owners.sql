-- What the bill names → its parts over time: consumer, weight and the value of every dimension with its reasons.
--
-- A thing is cut where a claim about it begins or ends; a shared thing has one part a consumer. A rule beats the
-- consumer's own claims, those beat the claims about the shared thing itself (for the environment the other way round),
-- and an account's default comes last. What is established for the model as a whole decides its team, project and
-- function; its environment counts where nothing speaks of the resource's own.
WITH thing AS (
    SELECT *, CAST(first_date AS TIMESTAMP) AS starts, CAST(last_date AS TIMESTAMP) + INTERVAL 1 DAY AS ends
    FROM billed_things WHERE billing_period = $billing_period
),

-- Charges of an instance type that its shares know are divided by those, all others by the shares as a whole.
share_type AS (
    SELECT DISTINCT resource_key, instance_type FROM shares WHERE instance_type <> '*'
),

part AS (
    SELECT thing.billed_thing, thing.resource_key, thing.account_id, share.consumer_key,
        coalesce(share.weight, 1) AS weight, share.method AS share_method, share.confidence AS share_confidence,
        share.sources AS share_sources, share.measure,
        coalesce(share.valid_from, always_from()) AS valid_from, coalesce(share.valid_to, always_to()) AS valid_to,
        count(DISTINCT share.consumer_key) OVER (PARTITION BY thing.billed_thing) > 1 AS several
    FROM thing
    LEFT JOIN share_type ON share_type.resource_key = thing.resource_key
        AND share_type.instance_type = thing.instance_type
    LEFT JOIN shares AS share ON share.resource_key = thing.resource_key
        AND share.instance_type = coalesce(share_type.instance_type, '*')
        AND share.valid_from < thing.ends AND share.valid_to > thing.starts
),

claim AS (
    SELECT billed_thing, NULL AS consumer_key, rule.dimension, rule.value, rule.valid_from, rule.valid_to,
        1 AS rank, 'rule' AS method, 1.0 AS confidence, 'rule ' || rule.rule AS statement,
        ['rule ' || rule.rule] AS sources, CAST([] AS VARCHAR[]) AS others
    FROM rule_claims AS rule WHERE rule.billing_period = $billing_period
    UNION ALL
    SELECT part.billed_thing, part.consumer_key, owners.dimension, owners.value, owners.valid_from, owners.valid_to,
        -- Where a consumer's sources disagree, what is said of the thing itself decides.
        CASE
            WHEN owners.dimension = 'environment' THEN 5
            WHEN owners.value IS NULL THEN 4.5
            ELSE 3 END,
        owners.method, owners.confidence, owners.statement, owners.path, owners.others
    FROM (
        SELECT DISTINCT billed_thing, consumer_key FROM part
    ) AS part
    JOIN owners ON owners.resource_key = part.consumer_key
    UNION ALL
    -- What several models use alike is divided among the models themselves.
    SELECT DISTINCT billed_thing, consumer_key, 'model', consumer_key[7:], always_from(), always_to(), 3, 'lineage',
        0.9,
        'is one of the models that use it', share_sources, CAST([] AS VARCHAR[])
    FROM part WHERE starts_with(consumer_key, 'model:')
    UNION ALL
    SELECT DISTINCT part.billed_thing, part.consumer_key, owners.dimension, owners.value, owners.valid_from,
        owners.valid_to,
        -- A bucket's name tells its environment last.
        CASE
            WHEN owners.dimension = 'environment' AND owners.method = 'name'
                AND starts_with(owners.resource_key, 'arn:aws:s3:::')
                THEN 8
            ELSE 4 END,
        owners.method, owners.confidence, owners.statement, owners.path, owners.others
    FROM part
    JOIN owners ON owners.resource_key = part.resource_key
    -- A thing with several consumers has no model of its own.
    WHERE NOT part.several OR part.share_method = 'lineage'
        OR owners.dimension NOT IN ('model', 'pipeline', 'experiment')
    UNION ALL
    SELECT DISTINCT part.billed_thing, part.consumer_key, fact.dimension, fact.value, always_from(), always_to(),
        5, fact.method, fact.confidence, fact.statement, [resource_people.source], CAST([] AS VARCHAR[])
    FROM part
    JOIN resource_people ON resource_people.resource_key = coalesce(part.consumer_key, part.resource_key)
    JOIN workload_defaults AS fact ON fact.of = 'person' AND fact.name = resource_people.person
    UNION ALL
    SELECT thing.billed_thing, NULL, account.dimension, account.value, account.valid_from, account.valid_to,
        6, account.method, account.confidence, account.statement, account.path, account.others
    FROM thing
    JOIN owners AS account ON account.resource_key = 'account:' || thing.account_id
    UNION ALL
    SELECT thing.billed_thing, NULL, 'environment', 'dev', always_from(), always_to(), 7, 'name', 0.6,
        'interactive work is development where nothing else speaks', [], []
    FROM thing
    LEFT JOIN work_stages ON work_stages.resource_key = thing.resource_key
    WHERE usage_class IN ('notebook', 'studio', 'mlflow') OR work_stages.stage = 'experimentation'
),

-- The moments at which something changes while the thing is billed, and the first and last of those.
boundary AS (
    SELECT billed_thing, unnest([starts, ends]) AS moment FROM thing
    UNION
    SELECT billed_thing, moment FROM (
        SELECT billed_thing, unnest([valid_from, valid_to]) AS moment FROM claim
        UNION ALL
        SELECT billed_thing, unnest([valid_from, valid_to]) FROM part
    )
    JOIN thing USING (billed_thing)
    WHERE moment > starts AND moment < ends
    UNION
    -- Nobody knows yet which workload it is.
    SELECT billed_thing, moment FROM thing
    JOIN (
        SELECT DISTINCT unnest([valid_from, valid_to]) AS moment FROM workload_defaults
    ) AS registry ON moment > starts
        AND moment < ends
),

piece AS (
    SELECT billed_thing, moment AS valid_from, lead(moment) OVER (PARTITION BY billed_thing ORDER BY moment) AS valid_to
    FROM boundary
    QUALIFY valid_to IS NOT NULL
),

-- Where no share holds in a piece, the thing is one part of its own.
piece_part AS (
    SELECT piece.*, part.consumer_key, coalesce(part.weight, 1) AS weight, share_method, share_confidence,
        share_sources, measure
    FROM piece
    LEFT JOIN part ON part.billed_thing = piece.billed_thing AND part.valid_from <= piece.valid_from
        AND part.valid_to >= piece.valid_to
),

claimed AS (
    SELECT piece.billed_thing, piece.valid_from, piece.consumer_key, claim.dimension, min(claim.rank) AS rank,
        -- Of equals the surest counts, then the first in the alphabet: whoever is asked gives the same answer.
        arg_min(
            {'dimension': claim.dimension, 'value': claim.value, 'method': claim.method, 'confidence': claim.confidence,
                 'statement': claim.statement, 'sources': claim.sources},
            (claim.rank, -claim.confidence, claim.value, claim.statement, array_to_string(claim.sources, chr(31)))
        ) AS winner,
        flatten(list(list_prepend(claim.value || ': ' || claim.statement, claim.others)
            ORDER BY claim.rank, claim.statement, claim.value, array_to_string(claim.others, chr(31)))) AS said
    FROM piece_part AS piece
    JOIN claim ON claim.billed_thing = piece.billed_thing
        AND claim.valid_from <= piece.valid_from AND claim.valid_to >= piece.valid_to
        AND (claim.consumer_key IS NULL OR claim.consumer_key = piece.consumer_key)
    GROUP BY ALL
),

-- What else was said of the consumer, the thing and the account is kept with the winner, strongest first.
own AS (
    SELECT billed_thing, valid_from, consumer_key, dimension, rank, struct_insert(winner, others := list_filter(said,
        lambda one,
        place: coalesce(NOT starts_with(one, winner.value || ': '), one IS NOT NULL)
            AND list_position(said, one) = place
    )) AS reason
    FROM claimed
),

-- Team, project and business function follow the model where they are established for it
-- (docs/contract.md#team-follows-the-model); a resource that says otherwise is a conflict, kept in the evidence.
of_model AS (
    SELECT named.billed_thing, named.valid_from, named.consumer_key, fact.dimension,
        CASE
            WHEN fact.dimension <> 'environment' THEN 2
            WHEN fact.of = 'model' THEN 5.5
            ELSE 5.6 END AS rank,
        {
            'dimension': fact.dimension, 'value': fact.value, 'method': fact.method,
            'confidence': fact.confidence * named.reason.confidence,
         'statement': fact.statement, 'sources': CAST([] AS VARCHAR[]),
         -- The claim that is beaten, and those that it had beaten itself.
         'others': list_filter(
             list_prepend(said.reason.value || ': ' || said.reason.statement, coalesce(said.reason.others, [])),
             lambda one: one IS NOT NULL AND NOT starts_with(one, fact.value || ': '))} AS reason
    FROM own AS named
    JOIN workload_defaults AS fact ON fact.of = named.dimension AND fact.name = named.reason.value
        AND (fact.of = 'model' OR fact.dimension = 'environment') AND fact.valid_from <= named.valid_from
        AND fact.valid_to > named.valid_from
    LEFT JOIN own AS said ON said.billed_thing = named.billed_thing AND said.valid_from = named.valid_from
        AND said.consumer_key IS NOT DISTINCT FROM named.consumer_key AND said.dimension = fact.dimension
    WHERE named.dimension IN ('model', 'project')
),

picked AS (
    SELECT billed_thing, valid_from, consumer_key, dimension, arg_min(reason, rank) AS reason
    FROM (
        FROM own
        UNION ALL
        FROM of_model
    )
    GROUP BY ALL
),

-- What is still open is filled from the project.
known AS (
    SELECT billed_thing, valid_from, consumer_key, map_from_entries(list({'k': dimension, 'v': reason.value})) AS found
    FROM picked
    GROUP BY ALL
),

filled AS (
    SELECT known.billed_thing, known.valid_from, known.consumer_key, fact.dimension,
        {'dimension': fact.dimension, 'value': fact.value, 'method': fact.method,
         'confidence': fact.confidence, 'statement': fact.statement, 'sources': CAST([] AS VARCHAR[]),
         'others': CAST([] AS VARCHAR[])
        } AS reason
    FROM known
    JOIN workload_defaults AS fact ON fact.of = 'project' AND fact.name = found['project']
        AND found[fact.dimension] IS NULL
        AND fact.valid_from <= known.valid_from AND fact.valid_to > known.valid_from
    QUALIFY row_number() OVER (
        PARTITION BY known.billed_thing, known.valid_from, known.consumer_key, fact.dimension
        ORDER BY fact.confidence DESC, fact.value
    ) = 1
),

reasons AS (
    SELECT billed_thing, valid_from, consumer_key,
        map_from_entries(list({'k': dimension, 'v': reason.value})) AS found,
        list(reason ORDER BY array_position(dimensions(), reason.dimension)) AS reasons
    FROM (
        FROM filled
        UNION ALL
        FROM picked
        WHERE reason.value IS NOT NULL
            OR (billed_thing, valid_from, dimension) NOT IN (SELECT (billed_thing, valid_from, dimension) FROM filled)
    )
    GROUP BY ALL
)

SELECT
    $billing_period AS billing_period, md5(CAST(reasons AS VARCHAR)) AS evidence_id, * EXCLUDE (reasons), reasons
FROM (SELECT
    piece.billed_thing, piece.valid_from, piece.valid_to,
    CAST(row_number() OVER (PARTITION BY piece.billed_thing, piece.valid_from
        ORDER BY piece.consumer_key, piece.weight DESC, piece.measure, array_to_string(piece.share_sources, chr(31))
    ) AS INTEGER) AS part,
    piece.consumer_key, piece.weight AS weight,
    found['model'] AS model, found['project'] AS project, found['pipeline'] AS pipeline,
    found['experiment'] AS experiment,
    found['team'] AS team, found['environment'] AS environment, found['business_function'] AS business_function,
    thing.usage_class,
    coalesce(
        thing.ml_service, found['model'] IS NOT NULL OR found['pipeline'] IS NOT NULL OR found['experiment'] IS NOT NULL
        OR ml_project.name IS NOT NULL
        OR regexp_matches(coalesce(piece.consumer_key, thing.resource_key), '^arn:[^:]*:(sagemaker|bedrock):')
        OR CASE WHEN piece.consumer_key IS NULL THEN work_stages.is_ml ELSE consumer_role.is_ml END,
            false
    ) AS is_ml,
    CASE
        WHEN thing.usage_class IN ('training', 'processing', 'transform') THEN coalesce(work_stages.stage, thing.stage)
        -- Time without pods is the platform's; of a cluster whose pods nobody ever saw that is not known.
        WHEN thing.usage_class IN ('compute', 'hyperpod')
            AND regexp_matches(piece.consumer_key, ':eks:[^:]*:[^:]*:cluster/[^/]+$')
            AND (thing.usage_class = 'compute' OR watched.cluster IS NOT NULL) THEN 'platform'
        WHEN thing.usage_class = 'hyperpod' THEN coalesce(consumer_role.stage, thing.stage)
        WHEN thing.usage_class <> 'compute' OR NOT coalesce(consumer_role.is_ml, work_stages.is_ml, false)
            AND coalesce(
                found['model'], found['pipeline'], found['experiment'], ml_project.name
            ) IS NULL THEN thing.stage
        -- A machine of its own: where people try things out it is for that, elsewhere it serves.
        ELSE coalesce(
            consumer_role.stage, work_stages.stage,
            CASE WHEN found['environment'] IN ('prod', 'staging') THEN 'inference' ELSE 'experimentation' END
        )
    END AS stage,
    -- A pool that somebody claims is no pool; that its account has a team is no claim,
    -- nor that a team runs a cluster for all.
    thing.pool
        AND NOT coalesce(
            CASE thing.usage_class
                WHEN 'control_plane' THEN coalesce(found['model'], found['project']) IS NOT NULL
                ELSE reasons.claimed END,
            false
        )
        -- Nor is what is spent for one thing (a log group for its function), whoever owns that.
        AND coalesce(
            regexp_matches(piece.consumer_key, '^(nat|vpce|tgw)-|:eks:[^:]*:[^:]*:cluster/[^/]+$'), true
        ) AS pool,
    CASE
        WHEN owner_reason IS NULL THEN 'none'
        WHEN piece.share_method IS NOT NULL AND piece.consumer_key IS NOT NULL THEN piece.share_method
        ELSE owner_reason.method END AS method,
    CASE
        WHEN owner_reason IS NULL THEN 0
        ELSE owner_reason.confidence * coalesce(piece.share_confidence, 1) END AS confidence,
    list_concat(
        coalesce(reasons, []),
        CASE
            WHEN piece.consumer_key IS NULL THEN []
            ELSE [{'dimension': NULL, 'value': piece.consumer_key, 'method': piece.share_method,
        'confidence': piece.share_confidence,
        'statement': CASE
            WHEN piece.weight = sum(piece.weight) OVER (PARTITION BY piece.billed_thing, piece.valid_from)
                THEN 'alone, by ' || piece.measure
            ELSE 'divided by ' || piece.measure || ': ' || piece.weight || ' of '
                || sum(piece.weight) OVER (PARTITION BY piece.billed_thing, piece.valid_from)
        END,
        'sources': piece.share_sources, 'others': CAST([] AS VARCHAR[])}] END) AS reasons
FROM piece_part AS piece
JOIN thing USING (billed_thing)
LEFT JOIN (
    SELECT *,
        list_filter(
            reasons, lambda reason: reason.dimension <> 'environment' AND reason.value IS NOT NULL
        )[1] AS owner_reason,
        len(
            list_filter(
                reasons,
                lambda reason: reason.dimension <> 'environment' AND reason.value IS NOT NULL
                    AND reason.method <> 'account'
            )
        ) > 0 AS claimed
    FROM reasons
) AS reasons
    ON reasons.billed_thing = piece.billed_thing AND reasons.valid_from = piece.valid_from
        AND reasons.consumer_key IS NOT DISTINCT FROM piece.consumer_key
LEFT JOIN work_stages ON work_stages.resource_key = thing.resource_key
LEFT JOIN work_stages AS consumer_role ON consumer_role.resource_key = piece.consumer_key
LEFT JOIN (
    SELECT DISTINCT regexp_extract(resource_key, '^(.*:cluster/[^/]+)/Pod/', 1) AS cluster
    FROM resource_history
    WHERE kind = 'k8s:Pod'
) AS watched
    ON watched.cluster = piece.consumer_key
LEFT JOIN (
    SELECT DISTINCT value AS name FROM workload_defaults WHERE of = 'model' AND dimension = 'project'
) AS ml_project ON ml_project.name = found['project']
)
