-- An app in Studio → the experiment of the jobs that were started in its space. Reads the temporary table stated_edges.
SELECT DISTINCT app.from_id, part.to_id, 'ran_experiment' AS relation, app.valid_from, app.valid_to, job.source,
    CAST(NULL AS VARCHAR) AS detail
FROM stated_edges AS app
JOIN stated_edges AS job ON job.relation = 'in_space' AND job.to_id = app.to_id AND job.valid_from >= app.valid_from
    AND job.valid_from < coalesce(app.valid_to, 'infinity')
JOIN stated_edges AS part ON part.relation = 'part_of' AND part.from_id = job.from_id
    AND part.to_id LIKE '%:experiment/%'
WHERE app.relation = 'in_space' AND app.from_id LIKE '%:app/%'
