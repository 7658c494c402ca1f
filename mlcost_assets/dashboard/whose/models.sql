-- Models that are those teams' alone.
SELECT model
FROM shown.parts
WHERE model IS NOT NULL
GROUP BY model
HAVING bool_and(is_seen)
