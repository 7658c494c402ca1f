-- What each consumer of a shared machine would pay if its cost were divided by another basis than ours.
--
-- Each basis divides the same cost of the same days among the same owners, idle part along, to the last digit; only
-- the weights differ. What consumers take of accelerators, CPU and memory is told by AWS's split-cost rows (the larger
-- of request and usage), else by the requests of pods × their time on the node, else by what inference components
-- require.
WITH charged AS (
    SELECT charge_date AS day, resource_key(resource_id, service_code, usage_type, region_id, account_id) AS machine,
        machine_of(usage_type) AS instance_type, model, team, billing_currency, sum(effective_cost) AS cost
    FROM attributed_costs
    -- What a pool divides of a machine's commitments is nobody's share of the machine.
    WHERE billing_period = $billing_period AND charge_category = 'Usage' AND stage <> 'commitment' AND resource_id <> ''
        AND (
            service_code = 'AmazonSageMaker' AND contains(usage_type, 'ml.')
            OR service_code = 'AmazonEC2' AND regexp_matches(usage_type, '(Box|Spot|Dedicated)Usage:')
        )
    GROUP BY ALL
),

shared AS (
    SELECT *, count(*) OVER whole AS owners, sum(cost) OVER whole AS whole_cost
    FROM charged
    WINDOW whole AS (PARTITION BY day, machine, instance_type, billing_currency)
    QUALIFY owners > 1
),

-- Whose each consumer is, and for what part of the day.
piece AS (
    SELECT DISTINCT shared.day, shared.machine, shared.instance_type, owner.consumer_key, owner.model, owner.team,
        epoch(least(owner.valid_to, shared.day + INTERVAL 1 DAY)) - epoch(greatest(owner.valid_from, shared.day))
            AS lasts
    FROM (
        SELECT DISTINCT day, machine, instance_type FROM shared
    ) AS shared
    JOIN billed_things AS thing ON thing.billing_period = $billing_period AND thing.resource_key = shared.machine
        AND machine_of(thing.usage_type) = shared.instance_type
    JOIN thing_owners AS owner ON owner.billing_period = $billing_period AND owner.billed_thing = thing.billed_thing
        AND owner.consumer_key IS NOT NULL AND NOT owner.pool
        AND owner.valid_from < shared.day + INTERVAL 1 DAY AND owner.valid_to > shared.day
),

consumer AS (
    SELECT *, lasts / sum(lasts) OVER (PARTITION BY day, machine, instance_type, consumer_key) AS of_it FROM piece
),

-- A pod that was not seen for two days, while others of its cluster were, had ended (shares/sources/pods.sql).
pod AS (
    SELECT resource_key, valid_from, json_extract_string(body, '$.spec.nodeName') AS node,
        coalesce(valid_to, CASE WHEN last_seen_at < newest - INTERVAL 2 DAY THEN last_seen_at END, always_to())
            AS valid_to
    FROM (
        SELECT *, max(last_seen_at) OVER (PARTITION BY regexp_extract(resource_key, '^(.*)/Pod/', 1)) AS newest
        FROM resource_history
        WHERE kind = 'k8s:Pod'
    )
),

component AS (
    SELECT resource_key, valid_from, coalesce(valid_to, always_to()) AS valid_to,
        coalesce(
            told_number(body ->> '$.RuntimeConfig.CurrentCopyCount'),
            told_number(body ->> '$.RuntimeConfig.DesiredCopyCount'), 1
        ) AS copies,
        body -> '$.Specification.ComputeResourceRequirements' AS needs
    FROM resource_history
    WHERE kind = 'sagemaker:DescribeInferenceComponent'
),

taken AS (
    -- AWS prices an hour of each by 9 : 0.9 : 0.1, so that parts of cost tell parts of amount.
    SELECT x_split_parent_resource_id AS machine, CAST(charge_period_start AS DATE) AS day,
        resource_key(resource_id, NULL, NULL, region_id, coalesce(sub_account_id, billing_account_id)) AS consumer_key,
        '' AS node, 1 AS place, 'split-cost rows' AS told_by,
        CAST(sum(effective_cost + coalesce(x_unused_split_cost, 0)) AS DOUBLE) AS by_aws,
        CAST(coalesce(sum(effective_cost) FILTER (splits_accelerators(x_usage_type)), 0) AS DOUBLE)
            / grade('an accelerator') AS accelerators,
        CAST(coalesce(sum(effective_cost) FILTER (contains(x_usage_type, 'vCPU')), 0) AS DOUBLE) / grade('a vcpu')
            AS cores,
        CAST(coalesce(sum(effective_cost) FILTER (contains(x_usage_type, 'GB')), 0) AS DOUBLE) / grade('a gibibyte')
            AS gibibytes
    FROM line_items
    WHERE billing_period = $billing_period AND is_split_cost AND x_split_parent_resource_id <> ''
    GROUP BY ALL
    UNION ALL
    SELECT consumer.machine, consumer.day, consumer.consumer_key, pod.node, 2, 'requests of pods', NULL,
        fsum(seconds * request.accelerators), fsum(seconds * request.cores), fsum(seconds * request.gibibytes)
    FROM (
        SELECT DISTINCT machine, day, consumer_key FROM consumer
    ) AS consumer
    JOIN pod ON pod.resource_key = consumer.consumer_key
        AND pod.valid_from < consumer.day + INTERVAL 1 DAY AND pod.valid_to > consumer.day
    JOIN pod_requests('resource_history') AS request ON request.resource_key = pod.resource_key
        AND request.valid_from = pod.valid_from
    CROSS JOIN LATERAL (
        SELECT epoch(least(pod.valid_to, consumer.day + INTERVAL 1 DAY)) - epoch(greatest(pod.valid_from, consumer.day))
            AS seconds
    ) AS stay
    GROUP BY consumer.machine, consumer.day, consumer.consumer_key, pod.node
    UNION ALL
    SELECT consumer.machine, consumer.day, consumer.consumer_key, '', 3,
        'requirements of inference components', NULL,
        fsum(seconds * copies * coalesce(told_number(needs ->> '$.NumberOfAcceleratorDevicesRequired'), 0)),
        fsum(seconds * copies * coalesce(told_number(needs ->> '$.NumberOfCpuCoresRequired'), 0)),
        fsum(seconds * copies * coalesce(told_number(needs ->> '$.MinMemoryRequiredInMb'), 0) / 1024)
    FROM (
        SELECT DISTINCT machine, day, consumer_key FROM consumer
    ) AS consumer
    JOIN component ON component.resource_key = consumer.consumer_key
        AND component.valid_from < consumer.day + INTERVAL 1 DAY AND component.valid_to > consumer.day
    CROSS JOIN LATERAL (
        SELECT epoch(least(component.valid_to, consumer.day + INTERVAL 1 DAY))
            - epoch(greatest(component.valid_from, consumer.day)) AS seconds
    ) AS stay
    GROUP BY consumer.machine, consumer.day, consumer.consumer_key
),

-- HyperPod bills the nodes of a cluster as one, of which each is an even part.
weighed AS (
    SELECT taken.machine, taken.day, consumer.instance_type, taken.node, taken.told_by, consumer.model, consumer.team,
        of_it * by_aws AS by_aws, of_it * accelerators AS accelerators, of_it * cores AS cores,
        of_it * gibibytes AS gibibytes
    FROM taken
    JOIN consumer ON consumer.machine = taken.machine AND consumer.day = taken.day
        AND consumer.consumer_key = taken.consumer_key
    QUALIFY taken.place = min(taken.place) OVER (PARTITION BY taken.machine, taken.day, consumer.instance_type)
),

compared AS (
    SELECT *,
        -- What AWS says, or would by its own weights.
        coalesce(
            by_aws,
            grade('an accelerator') * accelerators + grade('a vcpu') * cores + grade('a gibibyte') * gibibytes
        ) AS aws,
        -- OpenCost's default prices of an hour of a GPU, a CPU and a GiB.
        0.95 * accelerators + 0.031611 * cores + 0.004237 * gibibytes AS opencost,
        -- 95 : 3 : 2 of the cost for accelerators, CPU and memory; where nobody takes accelerators 60 : 40.
        (95 * coalesce(accelerators / nullif(fsum(accelerators) OVER node, 0), 0)
            + 3 * coalesce(cores / nullif(fsum(cores) OVER node, 0), 0)
            + 2 * coalesce(gibibytes / nullif(fsum(gibibytes) OVER node, 0), 0)) AS fixed
    FROM weighed
    WINDOW node AS (PARTITION BY machine, day, instance_type, node)
),

weight AS (
    -- A node on which nobody asks for anything tells nothing of the machine.
    SELECT machine, day, instance_type, model, team, min(told_by) AS told_by,
        CASE WHEN count(*) = count(aws) THEN fsum(aws) END AS aws, fsum(opencost) AS opencost, fsum(fixed) AS fixed
    FROM (
        SELECT * REPLACE (
            aws / nullif(fsum(aws) OVER node, 0) AS aws, opencost / nullif(fsum(opencost) OVER node, 0) AS opencost,
            fixed / nullif(fsum(fixed) OVER node, 0) AS fixed
        )
        FROM compared
        WINDOW node AS (PARTITION BY machine, day, instance_type, node)
    )
    GROUP BY ALL
),

-- A day on which an owner has a part and nothing tells of what, or the other way round, has no other basis; nor where
-- split-cost rows are of a unit that none of the three knows.
day AS (
    SELECT coalesce(shared.day, weight.day) AS day, coalesce(shared.machine, weight.machine) AS machine,
        coalesce(shared.instance_type, weight.instance_type) AS instance_type,
        coalesce(shared.model, weight.model) AS model, coalesce(shared.team, weight.team) AS team,
        shared.billing_currency, shared.cost, shared.whole_cost, told_by,
        aws, opencost, fixed,
        bool_and(coalesce((shared.cost + aws + opencost + fixed) IS NOT NULL, false)) OVER whole AS is_told
    FROM shared
    FULL JOIN weight ON weight.day = shared.day AND weight.machine = shared.machine
        AND weight.instance_type = shared.instance_type AND weight.model IS NOT DISTINCT FROM shared.model
        AND weight.team IS NOT DISTINCT FROM shared.team
    WINDOW whole AS (
        PARTITION BY coalesce(shared.day, weight.day), coalesce(shared.machine, weight.machine),
            coalesce(shared.instance_type, weight.instance_type)
    )
),

part AS (
    SELECT *, dense_rank() OVER (ORDER BY day, machine, instance_type, billing_currency, basis) AS charge,
        row_number() OVER (
            PARTITION BY day, machine, instance_type, billing_currency, basis ORDER BY model, team
        ) AS owner,
        CAST(round(1e9 * fraction) AS BIGINT) AS weight, CAST(whole_cost AS DECIMAL(28,10)) AS effective_cost,
        CAST(NULL AS DECIMAL(28,10)) AS usage_quantity, CAST(NULL AS DECIMAL(28,10)) AS billed_cost,
        CAST(NULL AS DECIMAL(28,10)) AS list_cost, CAST(NULL AS DECIMAL(28,10)) AS contracted_cost
    FROM (
        UNPIVOT (
            SELECT * FROM day WHERE is_told
        ) ON aws, opencost, fixed INTO NAME basis VALUE fraction
    )
),

other AS (
    SELECT part.day, part.machine, part.instance_type, part.model, part.team, part.billing_currency,
        any_value(amounts.effective_cost) FILTER (basis = 'aws') AS aws,
        any_value(amounts.effective_cost) FILTER (basis = 'opencost') AS opencost,
        any_value(amounts.effective_cost) FILTER (basis = 'fixed') AS fixed
    FROM part
    JOIN divided('part') AS amounts USING (charge, owner)
    GROUP BY ALL
),

summed AS (
    SELECT day.machine AS resource_key, day.instance_type, day.model, day.team, day.billing_currency, day.is_told,
        count(*) AS days, min(day.told_by) AS told_by, CAST(sum(day.cost) AS DECIMAL(28,10)) AS ours,
        CAST(sum(other.aws) AS DECIMAL(28,10)) AS aws_split_cost,
        CAST(sum(other.opencost) AS DECIMAL(28,10)) AS opencost,
        CAST(sum(other.fixed) AS DECIMAL(28,10)) AS fixed_weights
    FROM day
    LEFT JOIN other ON other.day = day.day AND other.machine = day.machine AND other.instance_type = day.instance_type
        AND other.model IS NOT DISTINCT FROM day.model AND other.team IS NOT DISTINCT FROM day.team
        AND other.billing_currency = day.billing_currency
    WHERE day.cost IS NOT NULL
    GROUP BY day.machine, day.instance_type, day.model, day.team, day.billing_currency, day.is_told
)

SELECT $billing_period AS billing_period, resource_key, instance_type, model, team, days, ours, aws_split_cost,
    opencost, fixed_weights, least(ours, aws_split_cost, opencost, fixed_weights) AS least_cost,
    greatest(ours, aws_split_cost, opencost, fixed_weights) AS greatest_cost,
    CASE WHEN is_told THEN told_by END AS told_by, billing_currency,
    CASE
        WHEN NOT is_told THEN 'nothing tells what each of its consumers takes of accelerators, CPU and memory'
    END AS unknown_because
FROM summed
