-- What was said of the resource and does not count: each value that lost, to which, and why. Its own tags come first.
--
-- thing_owners has what holds in each interval; claims what every source says of the resource, of what it is spent
-- for, and of its account. A value that holds for any part of the resource in an interval lost nothing there.
WITH thing AS (
    SELECT * FROM billed_things WHERE resource_key = $resource_key AND ($period IS NULL OR billing_period = $period)
),

held AS (
    SELECT DISTINCT consumer_key, valid_from, valid_to, dimension, value, rung, code, said, statement
    FROM (
        SELECT billing_period, evidence_id, consumer_key, valid_from, valid_to
        FROM thing_owners
        SEMI JOIN thing USING (billing_period, billed_thing)
    )
    -- The same reasons stand in thing_owners, nested: nobody can read those of one resource alone.
    JOIN attribution_evidence USING (billing_period, evidence_id)
    WHERE dimension IS NOT NULL
),

speaker AS (
    SELECT $resource_key AS resource_key, 1 AS distance
    UNION
    SELECT consumer_key, 2 FROM held WHERE consumer_key <> $resource_key
    UNION
    SELECT 'account:' || account_id, 3 FROM thing
),

claim AS (
    SELECT claims.*, distance
    FROM claims
    JOIN speaker USING (resource_key)
),

lost AS (
    SELECT claim.*, held.value AS winning_value, held.statement AS winning_statement, held.consumer_key,
        held.rung AS winning_rung, held.code AS winning_code, held.said AS winning_said,
        greatest(claim.valid_from, held.valid_from) AS lost_from, least(claim.valid_to, held.valid_to) AS lost_to
    FROM claim
    JOIN held ON held.dimension = claim.dimension AND held.valid_from < claim.valid_to
        AND held.valid_to > claim.valid_from
        AND (claim.distance <> 2 OR held.consumer_key = claim.resource_key)
    WHERE NOT EXISTS (
        FROM held AS same
        WHERE same.dimension = claim.dimension AND same.value = claim.value
            AND same.valid_from < least(claim.valid_to, held.valid_to)
            AND same.valid_to > greatest(claim.valid_from, held.valid_from)
    )
),

-- The claim that won, where it is one of these; else something general decided:
-- what is established for the model or project.
won AS (
    SELECT dimension, value, code, said,
        min({'distance': distance, 'precedence': precedence, 'source': source}) AS first_claim
    FROM claim
    GROUP BY ALL
),

beside AS (
    SELECT lost.*, first_claim.source AS winning_source, first_claim.precedence AS winning_precedence,
        first_claim.distance AS winning_distance
    FROM lost
    LEFT JOIN won ON won.dimension = lost.dimension AND won.value = lost.winning_value
        AND won.code = lost.winning_code AND won.said IS NOT DISTINCT FROM lost.winning_said
),

reported AS (
    SELECT dimension, winning_value, losing_value, min(why) AS why FROM tag_conflicts
    WHERE resource_key = $resource_key AND ($period IS NULL OR billing_period = $period) AND kind <> 'related resources'
    GROUP BY ALL
),

-- The sources of ladder.yaml in words.
spoken AS (
    FROM (
        VALUES ('rule', 'rules.yaml'), ('identity', 'the model registry'), ('bill_tag', 'a tag in the bill'),
            ('resource_tag', 'a tag on the resource'),
        ('label', 'a label of Kubernetes or a package'), ('lineage', 'what a related resource is known to be'),
            ('kubernetes', 'a name of Kubernetes'),
        ('cicd', 'a deployment or MLflow'),
        ('name', 'a name'), ('code', 'a code'), ('account', 'the account')) AS spoken(source, words)
),

explained AS (
    SELECT beside.*,
        CASE
            WHEN beside.distance = 3 THEN 'its account'
            WHEN beside.distance = 2 THEN 'what it is spent for'
            WHEN beside.source IN ('lineage', 'identity') AND len(path) > 1 THEN 'a related resource'
            ELSE 'itself'
        END AS whose, CASE
            WHEN beside.source = 'copied_tag'
                THEN 'everything around it contradicts this tag: it looks copied from a template'
            WHEN beside.winning_value IS NULL THEN 'sources disagree about as strongly, so nobody wins'
            WHEN winning_rung = 'rule' THEN 'rules.yaml beats every other source'
            WHEN reported.why IS NOT NULL THEN reported.why
            WHEN beside.distance = 3 THEN 'the account comes last'
            WHEN winning_source IS NULL
                THEN beside.dimension || ' follows what is established for the model or project as a whole'
            WHEN winning_distance > beside.distance
                THEN 'what a shared thing is spent for comes before what is said of the thing itself'
            WHEN winning_distance < beside.distance THEN 'what is said of the thing itself comes first'
            WHEN winning_precedence < beside.precedence THEN winners.words || ' comes before ' || losers.words
            ELSE 'of claims of one rank the stronger one counts, then the later one' END AS why
    FROM beside
    LEFT JOIN reported ON reported.dimension = beside.dimension AND reported.winning_value = beside.winning_value
        AND reported.losing_value = beside.value
    LEFT JOIN spoken AS winners ON winners.source = winning_source
    LEFT JOIN spoken AS losers ON losers.source = beside.source
)

SELECT dimension, value AS losing_value,
    first(statement ORDER BY distance, precedence, confidence DESC, statement) AS losing_statement,
    first(whose ORDER BY distance, precedence, confidence DESC, statement) AS losing_whose,
    coalesce(list(DISTINCT path[len(path)] ORDER BY path[len(path)]) FILTER (len(path) > 0), []) AS losing_sources,
    winning_value, first(winning_statement ORDER BY lost_to DESC, winning_statement) AS winning_statement,
    first(why ORDER BY distance, precedence, confidence DESC, statement, winning_distance, winning_precedence, why)
        AS why,
    greatest(min(lost_from), (SELECT min(valid_from) FROM held)) AS valid_from,
    least(max(lost_to), (SELECT max(valid_to) FROM held)) AS valid_to
FROM explained
GROUP BY dimension, value, winning_value
ORDER BY min(distance), min(CASE WHEN source IN ('bill_tag', 'resource_tag', 'copied_tag') THEN 0 ELSE precedence END),
    dimension, losing_value, valid_from
