-- What others' models, teams, projects, experiments and agents are called, where it is not also a name of those teams'.
SELECT name
FROM (
    SELECT DISTINCT unnest([model, team, project, experiment, agent]) AS name, is_seen
    FROM shown.parts
)
WHERE name IS NOT NULL
GROUP BY name
HAVING NOT bool_or(is_seen)
