-- What evidence has from rules.yaml.
SELECT DISTINCT dimension, value, code, place, said
FROM attribution_evidence
WHERE method = 'rule' AND dimension IS NOT NULL AND ($period IS NULL OR billing_period = $period)
ORDER BY ALL
