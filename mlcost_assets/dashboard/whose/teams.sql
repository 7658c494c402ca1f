-- The teams whose rows are seen.
SELECT unnest(CAST($teams AS VARCHAR[])) AS name
