-- For each piece of what the bill names the reason that decides each dimension: of the highest rung that speaks.
--
-- Reads claims and the temporary tables thing_pieces, thing_claims and rungs. Team, project and business function
-- follow the model where they are established for it (docs/contract.md#team-follows-the-model); a resource that says
-- otherwise is a conflict. What lost is kept with the winner, the highest rung first.
WITH claimed AS (
    SELECT piece.billed_thing, piece.valid_from, piece.consumer_key, claim.dimension, min(claim.rank) AS rank,
        -- Of equals the surest counts, then the first in the alphabet: whoever is asked gives the same answer.
        arg_min(
            {
                'dimension': claim.dimension, 'value': claim.value, 'rung': claim.rung, 'method': claim.method,
                'code': claim.code, 'place': claim.place, 'said': claim.said, 'factors': claim.factors,
                'sources': claim.sources
            },
            (
                claim.rank, -claim.confidence, claim.value, claim.code, claim.said,
                array_to_string(claim.sources, chr(31))
            )
        ) AS winner,
        flatten(
            list(
                list_prepend(
                    {
                        'value': claim.value, 'rung': claim.rung, 'code': claim.code, 'place': claim.place,
                        'said': claim.said
                    },
                    claim.lost
                )
                ORDER BY claim.rank, -claim.confidence, claim.value, claim.code, claim.said, claim.lost
            )
        ) AS voices
    FROM thing_pieces AS piece
    JOIN thing_claims AS claim ON claim.billed_thing = piece.billed_thing
        AND claim.valid_from <= piece.valid_from AND claim.valid_to >= piece.valid_to
        AND (claim.consumer_key IS NULL OR claim.consumer_key = coalesce(piece.consumer_key, ''))
    GROUP BY piece.billed_thing, piece.valid_from, piece.consumer_key, claim.dimension
),

own AS (
    SELECT billed_thing, valid_from, consumer_key, dimension, rank,
        struct_insert(
            winner,
            lost := list_filter(
                voices,
                lambda one,
                turn: one.value IS NOT NULL AND one.value IS DISTINCT FROM winner.value
                    AND list_position(
                        list_transform(voices, lambda other: (other.value, other.code, other.place, other.said)),
                        (one.value, one.code, one.place, one.said)
                    ) = turn
            )
        ) AS reason
    FROM claimed
),

of_workload AS (
    SELECT named.billed_thing, named.valid_from, named.consumer_key, fact.dimension,
        CASE
            WHEN fact.method = 'lineage' THEN 'workload related'
            -- One label or name, of one thing, speaks for the others where they are silent or disagree.
            WHEN fact.dimension <> 'environment' AND beaten.reason.value IS NOT NULL
                AND fact.statements = 1 AND fact.method <> 'tag' THEN 'workload once'
            WHEN fact.dimension <> 'environment' THEN 'workload'
            WHEN fact.code = 'registry_tags' THEN 'registry environment'
            WHEN fact.of = 'model' THEN 'model environment'
            ELSE 'project environment' END AS rung,
        fact.value, fact.method, fact.code, fact.said,
        list_append(
            fact.factors, factor('its ' || fact.of || '''s own claim', sureness(named.reason.factors))
        ) AS factors,
        -- The claim that is beaten, and those that it had beaten itself.
        list_filter(
            list_prepend(
                {
                    'value': beaten.reason.value, 'rung': beaten.reason.rung, 'code': beaten.reason.code,
                    'place': beaten.reason.place, 'said': beaten.reason.said
                },
                coalesce(beaten.reason.lost, [])
            ),
            lambda one: one.value IS NOT NULL AND one.value <> fact.value
        ) AS lost
    FROM own AS named
    JOIN workload_defaults AS fact ON fact.of = named.dimension AND fact.name = named.reason.value
        AND (fact.of = 'model' OR fact.dimension = 'environment') AND fact.valid_from <= named.valid_from
        AND fact.valid_to > named.valid_from
    LEFT JOIN own AS beaten ON beaten.billed_thing = named.billed_thing AND beaten.valid_from = named.valid_from
        AND beaten.consumer_key IS NOT DISTINCT FROM named.consumer_key AND beaten.dimension = fact.dimension
    WHERE named.dimension IN ('model', 'project')
),

picked AS (
    SELECT billed_thing, valid_from, consumer_key, dimension, arg_min(reason, rank) AS reason
    FROM (
        FROM own
        UNION ALL
        SELECT billed_thing, valid_from, consumer_key, dimension, rank,
            {
                'dimension': dimension, 'value': value, 'rung': rung, 'method': method, 'code': code, 'place': NULL,
                'said': said, 'factors': factors, 'sources': CAST([] AS VARCHAR[]), 'lost': lost
            }
        FROM of_workload
        JOIN (
            SELECT rung, rank FROM rungs WHERE ladder = 'rungs'
        ) USING (rung)
    )
    GROUP BY billed_thing, valid_from, consumer_key, dimension
),

-- What is still open is filled from the project.
known AS (
    SELECT billed_thing, valid_from, consumer_key, map_from_entries(list({'k': dimension, 'v': reason.value})) AS found
    FROM picked
    GROUP BY billed_thing, valid_from, consumer_key
),

-- What is the project's: what is established for it, and where a registry has a model by its name, and no other model
-- is of the project, that model and whose it is.
project_model AS (
    SELECT DISTINCT value AS name
    FROM claims
    WHERE dimension = 'model' AND code = 'itself' AND value NOT IN (
        SELECT value FROM workload_defaults WHERE of = 'model' AND dimension = 'project' AND name <> value
    )
),

fact AS (
    SELECT name, of, dimension, value, method, code, said, factors, valid_from, valid_to
    FROM workload_defaults
    WHERE of = 'project'
    UNION ALL
    SELECT name, of, dimension, value, method, code, said, factors, valid_from, valid_to
    FROM workload_defaults
    SEMI JOIN project_model USING (name)
    WHERE of = 'model' AND dimension IN ('team', 'business_function')
    UNION ALL
    SELECT name, 'model', 'model', name, 'name', 'project_of_model', name, [graded('project_of_model')],
        always_from(), always_to()
    FROM project_model
),

filled AS (
    SELECT known.billed_thing, known.valid_from, known.consumer_key, fact.dimension,
        {
            'dimension': fact.dimension, 'value': fact.value, 'rung': 'project', 'method': fact.method,
            'code': fact.code, 'place': NULL, 'said': fact.said, 'factors': fact.factors,
            'sources': CAST([] AS VARCHAR[]), 'lost': []
        } AS reason
    FROM known
    JOIN fact ON fact.name = found['project'] AND found[fact.dimension] IS NULL
        -- Also where sources disagree on the model it is not known to be the project's.
        AND NOT (fact.of = 'model' AND map_contains(found, 'model'))
        AND fact.valid_from <= known.valid_from AND fact.valid_to > known.valid_from
    QUALIFY row_number() OVER (
        PARTITION BY known.billed_thing, known.valid_from, known.consumer_key, fact.dimension
        ORDER BY sureness(fact.factors) DESC, fact.value
    ) = 1
)

SELECT billed_thing, valid_from, consumer_key,
    map_from_entries(list({'k': dimension, 'v': reason.value})) AS found,
    list(reason ORDER BY array_position(dimensions(), reason.dimension)) AS reasons
FROM (
    FROM filled
    UNION ALL
    FROM picked
    WHERE reason.value IS NOT NULL
        OR (billed_thing, valid_from, coalesce(consumer_key, ''), dimension) NOT IN (
            SELECT (billed_thing, valid_from, coalesce(consumer_key, ''), dimension) FROM filled
        )
)
GROUP BY billed_thing, valid_from, consumer_key
