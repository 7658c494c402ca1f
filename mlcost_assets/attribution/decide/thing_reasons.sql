-- The reasons that decide each piece, in the order of the dimensions: those that were picked, and where nothing is said
-- of the team, that its account is of one. That holds for ML and for what keeps its data; a web site or its database
-- may stand beside it. A pool is everybody's; where sources disagree, somebody else has left a trace.
--
-- Reads the temporary tables period_things, thing_pieces, thing_picks and account_teams.
WITH picked AS (
    SELECT piece.billed_thing, piece.valid_from, piece.consumer_key,
        coalesce(picked.found, map {}) AS found, coalesce(picked.reasons, []) AS reasons,
        CASE
            WHEN NOT thing.pool
                AND (
                    coalesce(thing.ml_service, consumer.is_ml, work.is_ml, false)
                        OR thing.usage_class IN ('object_storage', 'block_storage', 'storage')
                )
                AND NOT list_contains(
                    list_transform(coalesce(picked.reasons, []), lambda one: one.dimension), 'team'
                ) THEN thing.account_id END AS fills_from
    FROM thing_pieces AS piece
    JOIN period_things AS thing USING (billed_thing)
    LEFT JOIN thing_picks AS picked ON picked.billed_thing = piece.billed_thing
        AND picked.valid_from = piece.valid_from
        AND picked.consumer_key IS NOT DISTINCT FROM piece.consumer_key
    LEFT JOIN work_stages AS work ON work.resource_key = thing.resource_key
    LEFT JOIN work_stages AS consumer ON consumer.resource_key = piece.consumer_key
)

SELECT billed_thing, valid_from, consumer_key,
    CASE WHEN account.team IS NULL THEN found ELSE map_concat(found, map {'team': account.team}) END AS found,
    CASE
        WHEN account.team IS NULL THEN reasons
        ELSE list_concat(
            list_filter(reasons, lambda one: array_position(dimensions(), one.dimension) < place),
            [{
                'dimension': 'team', 'value': account.team, 'rung': 'account of one team', 'method': 'account',
                'code': 'account_of_one_team', 'place': 'account', 'said': account.said,
                'factors': [graded('account_of_one_team'), factor('agreement', account.share)],
                'sources': CAST([] AS VARCHAR[]), 'lost': []
            }],
            list_filter(reasons, lambda one: array_position(dimensions(), one.dimension) > place)
        ) END AS reasons
FROM picked
CROSS JOIN (
    SELECT array_position(dimensions(), 'team') AS place
)
LEFT JOIN account_teams AS account ON account.account_id = fills_from
