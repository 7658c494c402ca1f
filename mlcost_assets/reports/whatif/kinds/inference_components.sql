-- Endpoints of one account, region, environment and instance type on one endpoint, each model an inference component.
--
-- low: machines by how much of each was used in its busiest hour, all at once. expected: with a reserve. high: with
-- that reserve, and never fewer than two. Whether the models fit into one machine's memory is not known.
WITH machine AS (
    FROM rented_machines
    WHERE mode = 'real-time' AND instance_type IS NOT NULL AND NOT has_components
),

grouped AS (
    SELECT account_id, region_id, environment, instance_type, billing_currency,
        list(resource_key ORDER BY resource_key) AS resources, max(reserve_percent) AS reserve_percent,
        count(*) FILTER (peak_use IS NULL) AS unmeasured, CAST(sum(instances) AS BIGINT) AS machines,
        CAST(sum(instances * used_of(peak_use)) AS BIGINT) AS used,
        CAST(sum(instance_hours) AS DECIMAL(28,10)) AS instance_hours,
        CAST(sum(instance_cost) AS DECIMAL(28,10)) AS instance_cost,
        CAST(sum(storage_cost + other_cost) AS DECIMAL(28,10)) AS other_cost, count(DISTINCT in_vpc) > 1 AS mixed_vpc
    FROM machine
    CROSS JOIN whatif_options
    GROUP BY account_id, region_id, environment, instance_type, billing_currency
    HAVING count(*) > 1
),

needed AS (
    SELECT *, greatest(1, (used + 999) // 1000) AS low,
        least(machines, greatest(1, (used * 100 + 1000 * (100 - reserve_percent) - 1)
            // (1000 * (100 - reserve_percent)))) AS expected
    FROM grouped
)

SELECT resources[1] AS resource_key, billing_currency, resources, 'inference-components' AS scenario,
    len(resources) || ' endpoints on one of ' || instance_type AS target,
    cost_of_hours(instance_cost, scaled(instance_hours, low, machines), instance_hours) + other_cost AS cost_low,
    cost_of_hours(instance_cost, scaled(instance_hours, expected, machines), instance_hours) + other_cost
        AS cost_expected,
    cost_of_hours(instance_cost, scaled(instance_hours, least(machines, greatest(2, expected)), machines),
        instance_hours) + other_cost AS cost_high,
    CAST(0 AS BIGINT) AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests, 'measured' AS basis,
    CASE WHEN environment IS NULL THEN 'their environment is not known, and production is not merged with what is not'
         WHEN unmeasured > 0 THEN format('how much {} of {} endpoints use of their machines is not known', unmeasured,
            len(resources))
    END AS refused_because,
    [
        assumed('machines now', machines, 'bill: most instance hours of a day / 24'),
        assumed('machines that are used at most', round(used / 1000, 2), 'CloudWatch: use in the busiest hour of each'),
        assumed('reserve', reserve_percent || ' %', 'option'),
        assumed('memory', 'the models fit beside each other: not measured', 'assumption')
    ] AS assumptions
FROM needed
