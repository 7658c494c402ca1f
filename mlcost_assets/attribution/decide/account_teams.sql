-- Accounts in which one team works: nearly all that has a team there has this one, and that is most of what the
-- account's things cost.
--
-- Reads the temporary tables period_things, thing_pieces, thing_picks and shared_accounts. A piece costs what it is of
-- its thing in hours and weight; that only weighs, no money is divided by it.
WITH piece AS (
    SELECT thing.account_id, thing.resource_key, picked.found['team'] AS team,
        thing.effective_cost * (date_diff('second', piece.valid_from, piece.valid_to) * piece.weight)
            / sum(date_diff('second', piece.valid_from, piece.valid_to) * piece.weight) OVER (
                PARTITION BY piece.billed_thing
            ) AS cost
    FROM thing_pieces AS piece
    JOIN period_things AS thing USING (billed_thing)
    LEFT JOIN thing_picks AS picked ON picked.billed_thing = piece.billed_thing
        AND picked.valid_from = piece.valid_from
        AND picked.consumer_key IS NOT DISTINCT FROM piece.consumer_key
    WHERE thing.names_resource AND NOT thing.pool AND thing.effective_cost > 0 AND piece.weight > 0
        AND thing.account_id NOT IN (FROM shared_accounts)
),

team AS (
    SELECT account_id, team, sum(cost) AS cost, count(DISTINCT resource_key) AS things,
        sum(sum(cost)) OVER account AS whole,
        sum(sum(cost)) FILTER (team IS NOT NULL) OVER account AS known
    FROM piece
    GROUP BY account_id, team
    WINDOW account AS (PARTITION BY account_id)
)

-- Told in whole units of money, so that who reads it can recompute the share.
SELECT account_id, team, ceil(cost) / ceil(known) AS share,
    CAST(ceil(cost) AS BIGINT) || ' of ' || CAST(ceil(known) AS BIGINT) AS said
FROM team
WHERE team IS NOT NULL AND cost >= grade('one team') * known AND known >= grade('most of an account') * whole
    AND things >= grade('several things')
