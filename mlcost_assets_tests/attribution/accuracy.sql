-- Truth against attribution, cell by cell: the dollars that have the right value of a
-- dimension, and those that have a wrong one.
--
-- Reads `truth` (the simulation's charges) and `attributed` (attributed_costs). A cell is a day of a
-- billed resource, usage type and operation; within it a value's right dollars are those that both
-- sides give it. $dimension is bound by name.
WITH expected AS (
    SELECT billing_period, charge_date, account_id, service_code, usage_type, operation, resource_id,
        {dimension} AS value, bool_or({knowable}) AS knowable, any_value(clue) AS clue, sum(effective_cost) AS cost
    FROM truth WHERE is_ml GROUP BY ALL
),

cell AS (
    SELECT DISTINCT billing_period, charge_date, account_id, service_code, usage_type, operation, resource_id
    FROM truth
    WHERE is_ml
),

given AS (
    SELECT billing_period, charge_date, account_id, service_code, coalesce(usage_type, '') AS usage_type,
        coalesce(operation, '') AS operation, resource_id,
        {dimension} AS value, sum(effective_cost) AS cost, max(confidence) AS confidence,
        min_by(method, -effective_cost) AS method
    FROM attributed
    SEMI JOIN cell USING (billing_period, charge_date, account_id, service_code, resource_id)
    WHERE is_ml
    GROUP BY ALL
)

SELECT
    coalesce(expected.service_code, given.service_code) AS service_code,
    coalesce(expected.usage_type, given.usage_type) AS usage_type,
    coalesce(expected.operation, given.operation) AS operation,
    coalesce(expected.resource_id, given.resource_id) AS resource_id,
    coalesce(expected.charge_date, given.charge_date) AS charge_date,
    coalesce(expected.account_id, given.account_id) AS account_id,
    coalesce(expected.billing_period, given.billing_period) AS billing_period,
    expected.value AS expected, given.value AS given, expected.knowable, expected.clue, given.confidence, given.method,
    coalesce(expected.cost, 0) AS expected_cost, coalesce(given.cost, 0) AS given_cost,
    CASE
        WHEN sign(expected.cost) = sign(given.cost)
            THEN sign(expected.cost) * least(abs(expected.cost), abs(given.cost))
        ELSE 0 END AS agreed
FROM expected
FULL JOIN given
    ON given.billing_period = expected.billing_period AND given.charge_date = expected.charge_date
        AND given.account_id = expected.account_id
    AND given.service_code = expected.service_code AND given.usage_type = expected.usage_type
    AND given.operation = expected.operation
    AND given.resource_id = expected.resource_id AND given.value IS NOT DISTINCT FROM expected.value
