-- The same of one month by group of services: SageMaker, GPU machines and EKS first, then the others by cost.
SELECT
    service_group, tag, sum(resources) AS resources, CAST(sum(effective_cost) AS DECIMAL(28,10)) AS effective_cost,
    CAST(sum(compliant_cost) AS DECIMAL(28,10)) AS compliant_cost,
    CAST(sum(wrong_cost) AS DECIMAL(28,10)) AS wrong_cost,
    CAST(sum(missing_cost) AS DECIMAL(28,10)) AS missing_cost, billing_currency
FROM tag_compliance
WHERE billing_period = $period AND resources > 0
GROUP BY service_group, tag, billing_currency
ORDER BY coalesce(list_position(['SageMaker', 'EC2 GPU', 'EKS'], service_group), 4),
    sum(sum(effective_cost)) OVER (PARTITION BY service_group) DESC, service_group, tag
