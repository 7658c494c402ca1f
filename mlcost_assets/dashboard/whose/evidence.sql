-- Evidence on charges of those teams alone.
SELECT evidence_id
FROM shown.parts
WHERE evidence_id IS NOT NULL
GROUP BY evidence_id
HAVING bool_and(is_seen)
