-- Values that contradict each other, dearest first.
SELECT resource_id, dimension, kind, winning_value, winning_source, losing_value, losing_source, why, effective_cost,
    billing_currency
FROM tag_conflicts
WHERE billing_period = $period
ORDER BY effective_cost DESC, resource_id, dimension, losing_value
