-- A smaller model that answers the same requests: as small, or as fast, as the user tells.
--
-- Machines are paid for in proportion to the ratio; storage and data stay. low: the smaller of two ratios, expected:
-- the larger, high: whole machines of the present type.
WITH machine AS (
    SELECT rented_machines.*, size_ratio, latency_ratio,
        least(size_ratio, latency_ratio) AS least_ratio,
        greatest(size_ratio, latency_ratio) AS ratio
    FROM rented_machines
    CROSS JOIN whatif_options
    WHERE mode <> 'notebook' AND (size_ratio IS NOT NULL OR latency_ratio IS NOT NULL)
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'distilled' AS scenario, NULL AS target,
    scaled(instance_cost, least_ratio, 1) + storage_cost + other_cost AS cost_low,
    scaled(instance_cost, ratio, 1) + storage_cost + other_cost AS cost_expected,
    CASE WHEN instances > 0 THEN scaled(instance_cost, CAST(ceil(instances * ratio) AS BIGINT), instances)
         ELSE scaled(instance_cost, ratio, 1) END + storage_cost + other_cost AS cost_high,
    CAST(0 AS BIGINT) AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests, 'ratio' AS basis,
    CAST(NULL AS VARCHAR) AS refused_because,
    [
        assumed('size of the model', coalesce(bare(size_ratio) || ' of now', 'not told'), 'option'),
        assumed('time that it takes for a request', coalesce(bare(latency_ratio) || ' of now', 'not told'), 'option'),
        assumed('machines', 'cost in proportion; high has whole ones of the present type', 'ratio'),
        assumed('storage and data', CAST(storage_cost + other_cost AS DECIMAL(28,2)) || ', as now', 'bill'),
        assumed('quality of its answers', 'not measured', 'assumption')
    ] AS assumptions
FROM machine
