-- Where the tags of an account name units and no team, the units are its teams: whoever was bought, or has always gone
-- their own way, keeps their own words.
--
-- At least two units must be told apart there, so that they say more than the account; and nothing anywhere that names
-- one of them names a team beside it, or it is a unit of several teams. Reads the temporary table claimed (direct
-- claims).
WITH thing AS (
    SELECT resource_key, account_id FROM billed_things
    UNION
    SELECT resource_key, account_id FROM resource_history
    UNION
    SELECT 'account:' || account_id, account_id FROM billed_things
),

said AS (
    SELECT account_id, resource_key, dimension, value, own
    FROM claimed
    JOIN thing USING (resource_key)
    WHERE dimension IN ('team', 'business_function') AND (own OR source IN ('label', 'cicd', 'account'))
),

divided AS (
    SELECT unit.value
    FROM said AS unit
    JOIN said AS team USING (resource_key)
    WHERE unit.dimension = 'business_function' AND team.dimension = 'team'
),

teamless AS (
    SELECT account_id
    FROM said
    GROUP BY account_id
    HAVING bool_and(dimension = 'business_function' AND value NOT IN (SELECT value FROM divided))
        AND count(DISTINCT value) FILTER (own) > 1
)

SELECT * REPLACE ('team' AS dimension, list_append(factors, graded('unit for team')) AS factors)
FROM claimed
WHERE dimension = 'business_function' AND own AND resource_key IN (
    SELECT resource_key
    FROM thing
    JOIN teamless USING (account_id)
)
