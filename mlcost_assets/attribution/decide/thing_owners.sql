-- What the bill names → its parts over time: consumer, weight and the value of every dimension with its reasons, and
-- what the work is: its stage, whether it is ML, whether it is a pool that everybody pays for.
--
-- Reads the temporary tables period_things, thing_pieces (cut in time, one a consumer) and thing_reasons (those that
-- decide). Reasons become sentences here, after everything is decided.
SELECT
    $billing_period AS billing_period, md5(CAST(reasons AS VARCHAR)) AS evidence_id, * EXCLUDE (reasons),
    list_transform(reasons, lambda one: {
        'dimension': one.dimension, 'value': one.value, 'rung': one.rung, 'method': one.method, 'code': one.code,
        'place': one.place, 'said': said_of(one), 'factors': one.factors, 'sources': one.sources, 'lost': one.lost,
        'confidence': sureness(one.factors),
        'statement': sentence(one.code, one.dimension, one.value, one.place, said_of(one))
    }) AS reasons
FROM (SELECT
    piece.billed_thing, piece.valid_from, piece.valid_to,
    CAST(row_number() OVER (PARTITION BY piece.billed_thing, piece.valid_from
        ORDER BY piece.consumer_key, piece.weight DESC, piece.measure, array_to_string(piece.share_sources, chr(31))
    ) AS INTEGER) AS part,
    piece.consumer_key, piece.weight AS weight,
    found['model'] AS model, found['project'] AS project, found['pipeline'] AS pipeline,
    found['experiment'] AS experiment, found['agent'] AS agent,
    found['team'] AS team, found['environment'] AS environment, found['business_function'] AS business_function,
    thing.usage_class,
    coalesce(
        thing.ml_service, found['model'] IS NOT NULL OR found['pipeline'] IS NOT NULL OR found['experiment'] IS NOT NULL
        OR found['agent'] IS NOT NULL OR ml_project.name IS NOT NULL
        OR regexp_matches(coalesce(piece.consumer_key, thing.resource_key), '^arn:[^:]*:(sagemaker|bedrock):')
        -- A machine that is made for ML is that also while nothing runs on it; another is what runs there.
        OR is_ml_machine(billed_type(thing.usage_type))
        OR place.is_ml,
            false
    ) AS is_ml,
    CASE
        WHEN thing.usage_class IN ('training', 'processing', 'transform') THEN coalesce(work_stages.stage, thing.stage)
        -- Time without pods is the platform's; of a cluster whose pods nobody ever saw that is not known.
        WHEN thing.usage_class IN ('compute', 'hyperpod')
            AND regexp_matches(piece.consumer_key, ':eks:[^:]*:[^:]*:cluster/[^/]+$')
            AND (thing.usage_class = 'compute' OR watched.cluster IS NOT NULL) THEN 'platform'
        WHEN thing.usage_class = 'hyperpod' THEN coalesce(consumer_role.stage, thing.stage)
        WHEN thing.usage_class <> 'compute'
            OR NOT (is_ml_machine(billed_type(thing.usage_type)) OR coalesce(place.is_ml, false))
            AND coalesce(
                found['model'], found['pipeline'], found['experiment'], found['agent'], ml_project.name
            ) IS NULL THEN thing.stage
        -- A machine of its own: where people try things out it is for that, elsewhere it serves.
        ELSE coalesce(
            consumer_role.stage, work_stages.stage,
            CASE WHEN found['environment'] IN ('prod', 'staging') THEN 'inference' ELSE 'experimentation' END
        )
    END AS stage,
    -- A pool that somebody claims is no pool; that its account has a team is no claim,
    -- nor that a team runs a cluster for all, be it the control plane or what is spent for the cluster (its logs).
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
        ELSE sureness(told(owner_reason.factors)) * coalesce(sureness(piece.share_factors), 1) END AS confidence,
    list_concat(
        coalesce(reasons, []),
        CASE
            WHEN piece.consumer_key IS NULL THEN []
            ELSE [{
                'dimension': NULL, 'value': piece.consumer_key, 'rung': NULL, 'method': piece.share_method,
                'code': CASE WHEN piece.weight = whole THEN 'alone' ELSE 'divided' END, 'place': piece.measure,
                'said': piece.weight || ' of ' || whole, 'factors': piece.share_factors,
                'sources': piece.share_sources, 'lost': []
            }]
        END
    ) AS reasons
FROM (
    SELECT *, sum(weight) OVER (PARTITION BY billed_thing, valid_from) AS whole FROM thing_pieces
) AS piece
JOIN period_things AS thing USING (billed_thing)
LEFT JOIN (
    SELECT * EXCLUDE (reasons),
        list_transform(reasons, lambda reason: struct_update(reason, factors := told(reason.factors))) AS reasons,
        list_filter(
            reasons, lambda reason: reason.dimension <> 'environment' AND reason.value IS NOT NULL
        )[1] AS owner_reason,
        len(
            list_filter(
                reasons,
                lambda reason: reason.dimension <> 'environment' AND reason.value IS NOT NULL
                    AND reason.rung <> 'account' AND reason.method <> 'account'
                    AND NOT (
                        reason.rung = 'consumer' AND reason.dimension IN ('team', 'business_function')
                            AND regexp_matches(consumer_key, ':eks:[^:]*:[^:]*:cluster/[^/]+$')
                    )
            )
        ) > 0 AS claimed
    FROM thing_reasons
) AS reasons
    ON reasons.billed_thing = piece.billed_thing AND reasons.valid_from = piece.valid_from
        AND reasons.consumer_key IS NOT DISTINCT FROM piece.consumer_key
LEFT JOIN work_stages ON work_stages.resource_key = thing.resource_key
LEFT JOIN work_stages AS consumer_role ON consumer_role.resource_key = piece.consumer_key
-- Whether the work is ML its consumer tells; of time that is the cluster's the machine does.
LEFT JOIN work_stages AS place
    ON place.resource_key = CASE
        WHEN regexp_matches(piece.consumer_key, ':eks:[^:]*:[^:]*:cluster/[^/]+$') THEN thing.resource_key
        ELSE coalesce(piece.consumer_key, thing.resource_key)
    END
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
