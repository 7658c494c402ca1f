-- Who has a part of what: each resource, model, project, experiment, agent and evidence of the published charges, once
-- for those teams and once for everybody else.
SELECT DISTINCT resource_id, model, project, experiment, agent, team, evidence_id,
    coalesce(team IN (FROM shown.teams), false) AS is_seen
FROM lake.main.attributed_costs
