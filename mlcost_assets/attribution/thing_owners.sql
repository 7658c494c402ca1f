-- What the bill names → its parts over time: consumer, weight and the value of every dimension with its reasons.
--
-- A thing is cut where a claim about it begins or ends; a shared thing has one part a consumer. A rule beats the consumer's
-- own claims, those beat the claims about the shared thing itself (for the environment the other way round), and an
-- account's default comes last. What is still open is filled from what is known of the workload as a whole.
WITH thing AS (
    SELECT *, CAST(first_date AS TIMESTAMP) AS starts, CAST(last_date AS TIMESTAMP) + INTERVAL 1 DAY AS ends
    FROM billed_things WHERE billing_period = $billing_period
),

part AS (
    SELECT thing.billed_thing, thing.resource_key, thing.account_id, thing.instance_type, share.consumer_key,
        coalesce(share.weight, 1) AS weight, share.method AS share_method, share.confidence AS share_confidence, share.sources AS share_sources, share.measure,
        greatest(coalesce(share.valid_from, always_from()), always_from()) AS valid_from, coalesce(share.valid_to, always_to()) AS valid_to
    FROM thing
    LEFT JOIN shares AS share ON share.resource_key = thing.resource_key
        AND coalesce(share.instance_type, '') IN ('', coalesce(thing.instance_type, ''))
),

claim AS (
    SELECT billed_thing, NULL AS consumer_key, rule.dimension, rule.value, rule.valid_from, rule.valid_to,
        1 AS rank, 'rule' AS method, 1.0 AS confidence, 'rule ' || rule.rule AS statement, ['rule ' || rule.rule] AS sources, CAST([] AS VARCHAR[]) AS others
    FROM rule_claims AS rule WHERE rule.billing_period = $billing_period
    UNION ALL
    SELECT part.billed_thing, part.consumer_key, owners.dimension, owners.value, owners.valid_from, owners.valid_to,
        CASE WHEN owners.dimension = 'environment' THEN 4 ELSE 2 END, owners.method, owners.confidence, owners.statement, owners.path, owners.others
    FROM part JOIN owners ON owners.resource_key = part.consumer_key
    UNION ALL
    SELECT DISTINCT part.billed_thing, part.consumer_key, owners.dimension, owners.value, owners.valid_from, owners.valid_to,
        3, owners.method, owners.confidence, owners.statement, owners.path, owners.others
    FROM part JOIN owners ON owners.resource_key = part.resource_key
    -- A thing with several consumers has no model of its own.
    WHERE part.consumer_key IS NULL OR owners.dimension NOT IN ('model', 'pipeline', 'experiment')
    UNION ALL
    SELECT thing.billed_thing, NULL, account.dimension, account.value, account.valid_from, account.valid_to,
        5, account.method, account.confidence, account.statement, account.path, account.others
    FROM thing JOIN owners AS account ON account.resource_key = 'account:' || thing.account_id
),

-- The moments at which something changes while the thing is billed, and the first and last of those.
boundary AS (
    SELECT billed_thing, unnest([starts, ends]) AS moment FROM thing
    UNION
    SELECT billed_thing, moment FROM (
        SELECT billed_thing, unnest([valid_from, valid_to]) AS moment FROM claim
        UNION ALL
        SELECT billed_thing, unnest([valid_from, valid_to]) FROM part
    ) JOIN thing USING (billed_thing) WHERE moment > starts AND moment < ends
),

piece AS (
    SELECT billed_thing, moment AS valid_from, lead(moment) OVER (PARTITION BY billed_thing ORDER BY moment) AS valid_to FROM boundary
    QUALIFY valid_to IS NOT NULL
),

-- Where no share holds in a piece, the thing is one part of its own.
piece_part AS (
    SELECT piece.*, part.consumer_key, coalesce(part.weight, 1) AS weight, share_method, share_confidence, share_sources, measure
    FROM piece
    LEFT JOIN part ON part.billed_thing = piece.billed_thing AND part.valid_from <= piece.valid_from AND part.valid_to >= piece.valid_to
),

picked AS (
    SELECT piece.billed_thing, piece.valid_from, piece.consumer_key, claim.dimension,
        arg_min(claim.value, claim.rank) AS value,
        arg_min({'dimension': claim.dimension, 'value': claim.value, 'method': claim.method, 'confidence': claim.confidence,
                 'statement': claim.statement, 'sources': claim.sources, 'others': claim.others}, claim.rank) AS reason
    FROM piece_part AS piece
    JOIN claim ON claim.billed_thing = piece.billed_thing
        AND claim.valid_from <= piece.valid_from AND claim.valid_to >= piece.valid_to
        AND (claim.consumer_key IS NULL OR claim.consumer_key = piece.consumer_key)
    GROUP BY ALL
),

-- A workload once known fills what is open: from its model, then from its project.
known AS (
    SELECT billed_thing, valid_from, consumer_key, map_from_entries(list({'k': dimension, 'v': value})) AS found FROM picked GROUP BY ALL
),

filled AS (
    SELECT known.billed_thing, known.valid_from, known.consumer_key, fact.dimension, fact.value,
        {'dimension': fact.dimension, 'value': fact.value, 'method': fact.method,
         'confidence': fact.confidence, 'statement': fact.statement, 'sources': CAST([] AS VARCHAR[]), 'others': CAST([] AS VARCHAR[])} AS reason
    FROM known
    JOIN workload_facts AS fact ON fact.name = found[fact.of] AND found[fact.dimension] IS NULL
    QUALIFY row_number() OVER (PARTITION BY known.billed_thing, known.valid_from, known.consumer_key, fact.dimension ORDER BY fact.of, fact.confidence DESC) = 1
),

reasons AS (
    SELECT billed_thing, valid_from, consumer_key,
        map_from_entries(list({'k': dimension, 'v': value})) AS found,
        list(reason ORDER BY array_position(dimensions(), reason.dimension)) AS reasons
    FROM (FROM picked UNION ALL FROM filled)
    GROUP BY ALL
)

SELECT
    $billing_period AS billing_period, md5(CAST(reasons AS VARCHAR)) AS evidence_id, * EXCLUDE (reasons), reasons
FROM (SELECT
    piece.billed_thing, piece.valid_from, piece.valid_to,
    CAST(row_number() OVER (PARTITION BY piece.billed_thing, piece.valid_from ORDER BY piece.consumer_key) AS INTEGER) AS part,
    piece.weight AS weight,
    found['model'] AS model, found['project'] AS project, found['pipeline'] AS pipeline, found['experiment'] AS experiment,
    found['team'] AS team, found['environment'] AS environment, found['business_function'] AS business_function,
    thing.usage_class, coalesce(thing.ml_service, found['model'] IS NOT NULL OR found['pipeline'] IS NOT NULL OR found['experiment'] IS NOT NULL
        OR ml_project.name IS NOT NULL, false) AS is_ml,
    CASE WHEN thing.usage_class IN ('training', 'processing', 'transform') THEN coalesce(roles.stage, thing.stage) ELSE thing.stage END AS stage,
    -- A pool that somebody claims is no pool.
    thing.pool AND coalesce(found['model'], found['project'], found['pipeline'], found['experiment'], found['team']) IS NULL AS pool,
    CASE WHEN owner_reason IS NULL THEN 'none' WHEN piece.share_method IS NOT NULL AND piece.consumer_key IS NOT NULL THEN piece.share_method ELSE owner_reason.method END AS method,
    CASE WHEN owner_reason IS NULL THEN 0 ELSE owner_reason.confidence * coalesce(piece.share_confidence, 1) END AS confidence,
    list_concat(coalesce(reasons, []), CASE WHEN piece.consumer_key IS NULL THEN [] ELSE [{'dimension': NULL, 'value': piece.consumer_key, 'method': piece.share_method,
        'confidence': piece.share_confidence, 'statement': 'divided by ' || piece.measure || ': ' || piece.weight || ' of ' || sum(piece.weight) OVER (PARTITION BY piece.billed_thing, piece.valid_from),
        'sources': piece.share_sources, 'others': CAST([] AS VARCHAR[])}] END) AS reasons
FROM piece_part AS piece
JOIN thing USING (billed_thing)
LEFT JOIN (SELECT *, list_filter(reasons, lambda reason: reason.dimension <> 'environment')[1] AS owner_reason FROM reasons) AS reasons
    ON reasons.billed_thing = piece.billed_thing AND reasons.valid_from = piece.valid_from AND reasons.consumer_key IS NOT DISTINCT FROM piece.consumer_key
LEFT JOIN roles ON roles.resource_key = thing.resource_key
LEFT JOIN (SELECT DISTINCT value AS name FROM workload_facts WHERE of = 'model' AND dimension = 'project') AS ml_project ON ml_project.name = found['project'])
