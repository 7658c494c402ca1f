-- The dimension whose values are the organisation's teams: team, or where no tag names one, the finest unit that
-- there is.
SELECT DISTINCT dimension
FROM tag_values
WHERE canonical_value IS NOT NULL AND dimension IN ('team', 'business_function')
QUALIFY dimension = 'team' OR NOT bool_or(dimension = 'team') OVER ()
