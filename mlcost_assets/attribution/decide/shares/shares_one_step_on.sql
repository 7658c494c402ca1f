-- One step on: a consumer that is itself divided gives way to those it is divided among; the others stay.
--
-- Reads shared (shares so far) and ranked_shares (one step's shares). moved:
-- whether the share came to another consumer.
SELECT * REPLACE (false AS moved) FROM shared
WHERE shared.consumer_key = shared.resource_key OR NOT EXISTS (
    FROM ranked_shares AS further WHERE further.resource_key = shared.consumer_key AND further.instance_type = '*'
    AND further.consumer_key <> further.resource_key AND further.valid_from < shared.valid_to
    AND further.valid_to > shared.valid_from
)
UNION ALL BY NAME
SELECT shared.resource_key, shared.instance_type, further.consumer_key,
    greatest(shared.valid_from, further.valid_from) AS valid_from, least(shared.valid_to, further.valid_to) AS valid_to,
    shared.fraction * further.fraction AS fraction, further.method,
    list_concat(shared.factors, further.factors) AS factors,
    CASE
        WHEN shared.fraction = 1 THEN further.measure
        ELSE shared.measure || ', then ' || further.measure END AS measure,
    list_concat(shared.sources, further.sources) AS sources, true AS moved
FROM shared
JOIN ranked_shares AS further ON further.resource_key = shared.consumer_key AND further.instance_type = '*'
    AND further.consumer_key <> further.resource_key
    AND further.valid_from < shared.valid_to AND further.valid_to > shared.valid_from
WHERE shared.consumer_key <> shared.resource_key
