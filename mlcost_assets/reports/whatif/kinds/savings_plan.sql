-- What runs on demand under a SageMaker Savings Plan, at the discount that this bill tells, or the user.
--
-- low: all hours under the plan. expected: as many as the user tells, else 80 %. high: half of them.
WITH known AS (
    SELECT region_id, billing_currency, usage, paid_of_list, priced_on, told_on(source, priced_on) AS source
    FROM unit_prices
    WHERE terms = 'savings plan' AND paid_of_list > 0 AND regexp_matches(usage, '^(Host|Notebk):ml\.')
),

usual AS (
    SELECT region_id, billing_currency, max(paid_of_list) AS paid_of_list,
        max_by(source, (paid_of_list, priced_on, usage)) AS source
    FROM known
    GROUP BY region_id, billing_currency
),

machine AS (
    SELECT rented_machines.*, coverage, discount, own.paid_of_list IS NOT NULL AS is_own,
        coalesce(own.source, usual.source) AS source,
        CAST(coalesce(1 - discount, own.paid_of_list, usual.paid_of_list) AS DECIMAL(28,10)) AS paid_of_list,
        CASE WHEN coalesce(discount, own.paid_of_list, usual.paid_of_list) IS NOT NULL
             THEN CAST(instance_cost - committed_cost AS DECIMAL(28,10)) END AS open_cost
    FROM rented_machines
    CROSS JOIN whatif_options
    LEFT JOIN known AS own ON own.region_id = rented_machines.region_id
        AND own.billing_currency = rented_machines.billing_currency
        AND own.usage = CASE mode WHEN 'notebook' THEN 'Notebk:' ELSE 'Host:' END || rented_machines.instance_type
    LEFT JOIN usual ON usual.region_id = rented_machines.region_id
        AND usual.billing_currency = rented_machines.billing_currency
)

SELECT resource_key, billing_currency, [resource_key] AS resources, 'savings-plan' AS scenario,
    round((1 - paid_of_list) * 100, 1) || ' % off' AS target,
    current_cost - open_cost + scaled(open_cost, paid_of_list, 1) AS cost_low,
    current_cost - scaled(open_cost, (1 - paid_of_list) * coalesce(coverage, 0.8), 1) AS cost_expected,
    current_cost - scaled(open_cost, (1 - paid_of_list) * least(coalesce(coverage, 0.5), 0.5), 1) AS cost_high,
    CAST(0 AS BIGINT) AS delayed_requests, CAST(0 AS BIGINT) AS failed_requests,
    CASE WHEN discount IS NULL AND is_own THEN 'measured' ELSE 'ratio' END AS basis,
    CASE
        WHEN mode NOT IN ('real-time', 'notebook')
            THEN 'AWS names real-time inference and notebooks among what SageMaker Savings Plans cover, but not this'
        WHEN committed_cost >= instance_cost THEN 'all of it is under a plan already'
        WHEN paid_of_list IS NULL THEN 'no savings plan for SageMaker in this bill tells a discount in ' || region_id
    END AS refused_because,
    [
        assumed('discount', round((1 - paid_of_list) * 100, 2) || ' %', CASE
            WHEN discount IS NOT NULL THEN 'option'
            WHEN is_own THEN 'the same type under a plan: ' || source
            ELSE 'the smallest of other types under a plan: ' || source
        END),
        assumed('term and payment', 'those of the plans of which the discount is', 'bill'),
        assumed('hours under the plan', format('{} %; all in low, half in high',
            round(coalesce(coverage, 0.8) * 100)), CASE WHEN coverage IS NULL THEN 'assumption' ELSE 'option' END),
        assumed('the plan', 'is paid for to its end, whether it is used or not', 'AWS')
    ] AS assumptions
FROM machine
