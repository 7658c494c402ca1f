-- Agents that are those teams' alone.
SELECT agent
FROM shown.parts
WHERE agent IS NOT NULL
GROUP BY agent
HAVING bool_and(is_seen)
