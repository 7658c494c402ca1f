-- The file system with a Studio domain's home directories: by what the apps of the domain cost, month by month.
SELECT home.from_id AS resource_key, NULL AS instance_type, app.resource_key AS consumer_key,
    CAST(sum(app.effective_cost) AS DOUBLE) AS weight,
    CAST(app.billing_period || '-01' AS TIMESTAMP) AS valid_from,
    CAST(app.billing_period || '-01' AS TIMESTAMP) + INTERVAL 1 MONTH AS valid_to,
    'home directories' AS kind, [min(home.source)] AS sources
FROM lineage_edges AS home
JOIN billed_things AS app ON app.resource_key LIKE '%:app/%'
    AND regexp_extract(app.resource_key, ':app/([^/]+)/', 1) = regexp_extract(home.to_id, 'domain/([^/]+)$', 1)
WHERE home.relation = 'home_of' AND app.effective_cost > 0
GROUP BY ALL
